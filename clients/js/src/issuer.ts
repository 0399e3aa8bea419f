/** Requests to the issuer: each answered, timed out, or sent again. Protocol §2 and §8. */

import { readAnswer, type Failure, type TokenAnswer } from "./answer.js";

export interface IssuerOptions {
  /** Ends with a slash. */
  readonly prefix: string;
  readonly name: string;
  readonly csrf?: (() => string) | undefined;
  readonly fetch: typeof fetch;
}

export const openIssuer = ({ prefix, name, csrf, fetch }: IssuerOptions) => {
  const closing = new AbortController();

  const post = (path: string, body: object) =>
    fetch(prefix + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Auth-Client": name, "X-CSRFToken": csrf?.() ?? "" },
      body: JSON.stringify(body),
      credentials: "include",
      redirect: "error",
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(10_000)]),
    });

  return {
    post,
    close: () => closing.abort(),

    /** Post and read the answer; what looks like a fault on the way is sent again. */
    async ask(path: string, body: object): Promise<TokenAnswer | Failure> {
      for (let pause = 500; ; pause *= 2) {
        const answer = await post(path, body)
          .then(async (response) =>
            readAnswer(response.status, response.headers.get("Retry-After"), await response.json().catch(() => 0)),
          )
          .catch((): Failure => ({ type: "refresh_failed", reason: "network" }));
        if (answer.type !== "refresh_failed" || answer.retryAfter || pause > 1000 || closing.signal.aborted)
          return answer;
        await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
      }
    },
  };
};
