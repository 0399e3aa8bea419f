/** One tab: a thread with a client of its own, and the cookie jar that all tabs share. */

import { parentPort, workerData } from "node:worker_threads";

import { createAuthClient, type AuthEvent } from "../src/index.js";

export interface TabData {
  readonly origin: string;
  /** The length of the cookie, then its bytes. */
  readonly jar: SharedArrayBuffer;
  /** What stands in for Web Locks, which Node 20 lacks: 0 free, 1 held. */
  readonly lock: SharedArrayBuffer | null;
  readonly channel: boolean;
}

export type Order = { readonly get: readonly string[] } | { readonly signOut: true } | { readonly dispose: true };

const { origin, jar, lock, channel } = workerData as TabData;

const readJar = (): string => {
  const bytes = new Uint8Array(jar);
  return new TextDecoder().decode(bytes.slice(1, 1 + bytes[0]!));
};

const writeJar = (cookie: string): void => {
  const bytes = new TextEncoder().encode(cookie);
  new Uint8Array(jar).set([bytes.length, ...bytes]);
};

const withJar: typeof fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  const sent = readJar();
  if (sent && String(input).includes("/auth/")) headers.set("Cookie", sent);
  const response = await fetch(input, { ...init, headers });
  for (const cookie of response.headers.getSetCookie()) writeJar(/Max-Age=0/.test(cookie) ? "" : cookie.split(";")[0]!);
  return response;
};

/** As `navigator.locks.request` with `ifAvailable`: one holder among all threads. */
const request = async (_: string, __: object, work: (held: unknown) => Promise<void>): Promise<void> => {
  const held = Atomics.compareExchange(new Int32Array(lock!), 0, 0, 1) === 0;
  try {
    await work(held ? {} : null);
  } finally {
    if (held) Atomics.store(new Int32Array(lock!), 0, 0);
  }
};

if (lock) Object.defineProperty(globalThis, "navigator", { value: { locks: { request } } });
if (!channel) Object.defineProperty(globalThis, "BroadcastChannel", { value: undefined });

const client = createAuthClient({
  origins: [origin],
  prefix: `${origin}/auth/`,
  csrf: () => "masked",
  fetch: withJar,
});
const events: AuthEvent[] = [];
client.on((event) => events.push(event));

const get = async (path: string): Promise<string> => {
  try {
    const response = await client.fetch(origin + path);
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    return String(error);
  }
};

parentPort!.on("message", async (order: Order) => {
  if ("get" in order) parentPort!.postMessage(await Promise.all(order.get.map(get)));
  else if ("signOut" in order) parentPort!.postMessage(await client.signOut().catch(String));
  else {
    client.dispose();
    parentPort!.postMessage(events);
    parentPort!.close();
  }
});
