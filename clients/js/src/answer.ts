/** What the issuer answered, told apart by status and code. Protocol §2 and §3. */

export interface TokenAnswer {
  readonly type?: never;
  readonly reason?: never;
  readonly access_token: string;
  readonly token_type: string;
  /** Seconds. */
  readonly expires_in: number;
  /** Unix seconds of the issuer. */
  readonly issued_at?: number;
  readonly refresh_token?: string;
}

export interface Failure {
  readonly type: "signed_out" | "disabled" | "refresh_failed";
  readonly reason: string;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
}

const ENDING = /^401 (refresh_\w+|not_signed_in)$|^403 inactive$/;

/** Read an answer; its body as JSON, or anything else where it was none: then the status speaks. */
export const readAnswer = (status: number, retryAfter: string | null, body: unknown): TokenAnswer | Failure => {
  const { access_token, token_type, expires_in, error } = Object(body) as Record<string, unknown>;
  const good =
    access_token &&
    /^[\w.~+/-]+=*$/.test(access_token as string) &&
    /^bearer$/i.test(token_type as string) &&
    (expires_in as number) > 0;
  const fine = status === 200;
  if (fine && good) return body as TokenAnswer;
  const reason = fine ? "malformed_answer" : typeof error === "string" ? error : `http_${status}`;
  const known = `${status} ${reason}`;
  return {
    type: ENDING.test(known) ? "signed_out" : known === "409 tokens_disabled" ? "disabled" : "refresh_failed",
    reason,
    retryAfter: +retryAfter! > 0 ? Math.min(+retryAfter!, 3600) : status === 429 ? 10 : undefined,
  };
};
