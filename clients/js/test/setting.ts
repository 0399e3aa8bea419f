/** A platform and clients of it for one test, all ended with it. */

import type { TestContext } from "node:test";

import { createAuthClient, type AuthClient, type AuthClientOptions, type AuthEvent } from "../src/index.js";
import { Platform } from "./platform.js";

export interface Setting {
  readonly platform: Platform;
  readonly client: AuthClient;
  readonly events: AuthEvent[];
  /** Get a page of the service and return its status and text. */
  get(path?: string, init?: RequestInit): Promise<string>;
  /** How many requests to the service bore which token. */
  tokens(): (string | undefined)[];
}

export const setting = async (t: TestContext, options: Partial<AuthClientOptions> = {}): Promise<Setting> => {
  const platform = await new Platform().start();
  const refreshToken = platform.logIn();
  platform.age();
  const client = createAuthClient({
    origins: [platform.origin],
    prefix: `${platform.origin}/auth/`,
    name: "tests/1.0",
    refreshToken,
    ...options,
  });
  const events: AuthEvent[] = [];
  client.on((event) => events.push(event));
  t.after(() => {
    client.dispose();
    platform.stop();
  });
  return {
    platform,
    client,
    events,
    async get(path = "/grades", init) {
      const response = await client.fetch(platform.origin + path, init);
      return `${response.status} ${await response.text()}`;
    },
    tokens: () =>
      platform.seen.filter(({ path }) => !path.startsWith("/auth/")).map(({ headers }) => headers.authorization),
  };
};

export const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
