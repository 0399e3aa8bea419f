/** A fetch that carries the token. Protocol §4 to §6. */

import { readChallenge } from "./challenge.js";
import type { AuthEvent, Emit } from "./events.js";
import { openSession } from "./session.js";
import { usable, type Token } from "./token.js";

export interface AuthClientOptions {
  /** The origins that may see the token, as `https://gradebook.example`; no other ever does. */
  readonly origins: readonly string[];
  /** Where the issuer answers, with a slash at the end; relative to the page. Default `/auth/`. */
  readonly prefix?: string;
  /** Who this is, as `name/version`, sent as `X-Auth-Client`. */
  readonly name?: string;
  /** Where no cookie serves: the refresh token, kept in memory. There are no other tabs then. */
  readonly refreshToken?: string;
  /** Returns the host's CSRF token, for the exchange of its session. */
  readonly csrf?: () => string;
  /** Instead of the platform's. */
  readonly fetch?: typeof fetch;
}

export interface AuthClient {
  /** As the platform's; rejects with an AuthError `unavailable` where no token can be had. */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /** Start again, after a log-in without a new page. Whether there is a token now. */
  signIn(): Promise<boolean>;
  /** End the family; rejects with an AuthError `not_revoked` where the issuer could not be told. */
  signOut(): Promise<void>;
  /** Listen; returns how to stop. */
  on(listener: Emit): () => unknown;
  /** End timers, channel and waiting. */
  dispose(): void;
}

/** Wait as long as the caller does; what is waited for goes on for others. */
const patiently = <T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal?.removeEventListener("abort", abort));
  });

export const createAuthClient = (options: AuthClientOptions): AuthClient => {
  const { name = "authmigration-js/0.1.0", fetch = globalThis.fetch } = options;
  const absolute = (url: string | URL) => new URL(url, globalThis.location as unknown as URL | undefined);
  const prefix = absolute(options.prefix ?? "/auth/").href;
  const origins = options.origins.map((origin) => absolute(origin).origin);
  const listeners = new Set<Emit>();
  const refused: Record<string, number> = {};
  const emit = (event: AuthEvent) => listeners.forEach((listener) => queueMicrotask(() => listener(event)));
  const session = openSession({ ...options, prefix, name, fetch }, emit);

  return {
    async fetch(input, init = {}) {
      const request = input instanceof Request ? input : undefined;
      const { origin } = absolute(request?.url ?? (input as string | URL));
      const headers = new Headers(init.headers ?? request?.headers);
      if (!origins.includes(origin) || headers.has("Authorization")) return fetch(input, init);
      const { signal = request?.signal } = init;

      // What the last answer said of its token: the context that is wanted, "" for none.
      let context: string | undefined;

      const send = async (token: Token | null, again?: boolean) => {
        if (token) {
          token.used = true;
          headers.set("Authorization", `Bearer ${token.value}`);
          headers.set("X-Auth-Client", name);
        }
        const response = await fetch(request && !again ? request.clone() : input, { ...init, headers });
        context = undefined;
        if (token && !(response.redirected && absolute(response.url).origin !== origin)) {
          const { headers: said, status } = response;
          if (status === 401) context = readChallenge(said.get("WWW-Authenticate"));
          else session.hint(said.get("X-Auth-Refresh"), token);
        }
        return response;
      };

      const token = await patiently(session.obtain(usable, "expired"), signal);
      const response = await send(token);
      if (context === undefined) return response;
      const wanted: string = context;
      const kind = origin + wanted;
      if (session.current() === token && refused[kind]! > performance.now()) {
        emit({ type: "not_retried", reason: "refused" });
        return response;
      }
      const newer = session
        .obtain(
          (other) => other !== token && (!wanted || other.asked.includes(wanted)),
          wanted ? "context" : "rejected",
          wanted,
        )
        .catch(() => null);
      // Every platform that sends a body as a stream wants `duplex` to be set with it.
      if ("duplex" in init) {
        emit({ type: "not_retried", reason: "stream" });
        return response;
      }
      const next = await patiently(newer, signal);
      if (!next) return response;
      void response.body?.cancel();
      const second = await send(next, true);
      if (context === wanted) refused[kind] = performance.now() + 30_000;
      return second;
    },
    signIn: session.signIn,
    signOut: session.signOut,
    dispose: session.dispose,
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
