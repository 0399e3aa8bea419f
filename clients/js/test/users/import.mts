import { AuthError, createAuthClient, type AuthEvent } from "@authmigration/client";

const client = createAuthClient({ origins: ["https://gradebook.example"] });
client.on((event: AuthEvent) => event.type === "signed_out" && event.retryAfter);
export const answer: Promise<Response> = client.fetch("https://gradebook.example/grades");
export const code: "unavailable" | "not_revoked" = new AuthError("unavailable", "network").code;
