/** What a client tells about itself. No event holds a token. Protocol §11. */

/** Why a refresh began: the reason in `X-Auth-Refresh` (`behind`, …), or one of these. */
export type RefreshReason = "start" | "expired" | "due" | "rejected" | "context" | (string & {});

export type AuthEvent =
  | {
      readonly type: "refreshed";
      readonly reason: RefreshReason;
      readonly via: "issuer" | "tab";
      /** Seconds by which the issuer's clock is ahead of this one; NaN where it did not say. */
      readonly skew?: number;
    }
  | {
      readonly type: "refresh_failed" | "disabled" | "signed_out";
      readonly reason: string;
      /** Seconds until the client asks again; Infinity: not by itself. */
      readonly retryAfter: number;
    }
  | { readonly type: "not_retried"; readonly reason: "stream" | "refused" };

export type Emit = (event: AuthEvent) => void;

/** What a client raises on purpose; `code` does not change, the message is for people. */
export class AuthError extends Error {
  constructor(
    readonly code: "unavailable" | "not_revoked",
    /** The code or fault behind it: `http_503`, `network`, `disposed`, … */
    readonly reason: string,
    /** Seconds after which another try makes sense. */
    readonly retryAfter?: number,
  ) {
    super(`${code}: ${reason}`);
  }
}
