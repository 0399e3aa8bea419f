export type { TokenAnswer } from "./answer.js";
export { createAuthClient, type AuthClient, type AuthClientOptions } from "./client.js";
export { AuthError, type AuthEvent, type Emit, type RefreshReason } from "./events.js";
