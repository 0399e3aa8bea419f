/** The one access token of a client, and the one refresh that may be underway. Protocol §6 to §10. */

import type { Failure } from "./answer.js";
import { later, stopwatch } from "./clock.js";
import { AuthError, type Emit, type RefreshReason } from "./events.js";
import { openIssuer, type IssuerOptions } from "./issuer.js";
import { openTabs } from "./tabs.js";
import { refreshTime, usable, type Token } from "./token.js";

export interface SessionOptions extends IssuerOptions {
  readonly refreshToken?: string | undefined;
}

export const openSession = (options: SessionOptions, emit: Emit) => {
  let token: Token | undefined;
  let held = options.refreshToken;
  let contexts: readonly string[] = [];
  let flight: Promise<void> | undefined;
  let failures = 0;
  // Until when nothing is asked of the issuer, and whether requests go out without a token till then.
  // A new gate also says that what is underway concerns this session no longer.
  let gate: { until: number; reason: string; mute?: boolean | undefined } = { until: 0, reason: "" };
  let dueTimer: ReturnType<typeof setTimeout> | undefined;
  let hintTimer: ReturnType<typeof setTimeout> | undefined;
  let lastHint = -Infinity;

  /** Return a token that fits, after a refresh if need be; null where requests go without one. */
  const obtain = async (
    fits: (token: Token) => boolean,
    reason: RefreshReason,
    context?: string,
  ): Promise<Token | null> => {
    if (context) contexts = [context, ...contexts.filter((other) => other !== context)].slice(0, 8);
    for (let round = 0; ; round++) {
      if (token && fits(token)) return token;
      const closed = (gate.until - performance.now()) / 1000;
      if (closed > 0 || round > 3) {
        if (gate.mute) return null;
        throw new AuthError("unavailable", gate.reason, closed);
      }
      await (flight ??= refresh(token ? reason : "start").finally(() => (flight = undefined)));
    }
  };

  const replace = (old: Token, reason: RefreshReason) => obtain((other) => other !== old, reason).catch(() => null);

  const schedule = (milliseconds: number) => {
    clearTimeout(dueTimer);
    dueTimer = later(() => token?.used && replace(token, "due"), milliseconds);
  };

  const shut = (reason: string, seconds: number, mute?: boolean) => {
    gate = { until: performance.now() + seconds * 1000, reason, mute };
    if (mute) token = undefined;
    schedule(seconds * 1000);
  };

  const take = (next: Token) => {
    token = next;
    failures = 0;
    clearTimeout(hintTimer);
    hintTimer = undefined;
    shut("unusable", 0);
    schedule(refreshTime(next.life, Math.random()) - next.age());
  };

  const fail = ({ type, reason, retryAfter }: Failure, begun?: number) => {
    contexts = []; // it may be one of them that the issuer refuses
    let seconds = retryAfter ?? (type === "disabled" ? 60 : Math.min(5 * 2 ** failures++, 60));
    if (type === "signed_out") {
      seconds = Infinity;
      held = undefined;
      if (begun) tabs?.out(reason, begun);
    }
    shut(reason, seconds, type !== "refresh_failed");
    emit({ type, reason, retryAfter: seconds });
  };

  const issuer = openIssuer(options);
  const tabs =
    held === undefined && globalThis.BroadcastChannel
      ? openTabs(
          `authmigration ${options.prefix}`,
          () => token,
          (next) => {
            if (token && next.begun <= token.begun) return;
            take(next);
            emit({ type: "refreshed", reason: "shared", via: "tab" });
          },
          (reason, at) => {
            if (!gate.mute && !(token && token.begun > at)) fail({ type: "signed_out", reason });
          },
        )
      : undefined;

  const refresh = async (reason: RefreshReason) => {
    const mine = gate;

    const work = async () => {
      if (gate !== mine) return;
      const asked = contexts;
      const body = { context: asked, refresh_token: held };
      const age = stopwatch();
      let answer = await issuer.ask("refresh/", body);
      // At the start the host's session alone decides; later a revocation stands.
      if (tabs && options.csrf?.() && (token ? /^refresh_(?!re)/ : /^refresh_/).test(answer.reason!))
        answer = await issuer.ask("session/", body);
      const begun = Date.now() - age();
      if (gate !== mine) return;
      if (answer.type) return fail(answer, begun);
      held = answer.refresh_token;
      const next = { value: answer.access_token, life: answer.expires_in * 1000, age, begun, asked };
      take(next);
      tabs?.share(next);
      emit({ type: "refreshed", reason, via: "issuer", skew: answer.issued_at! - (begun + age() / 2) / 1000 });
    };

    return tabs ? tabs.alone(token, contexts, work) : work();
  };

  return {
    obtain,
    current: () => token,

    /** Act on `X-Auth-Refresh` on the answer to a request that carried this token. */
    hint(reason: string | null, carried: Token) {
      const spread = reason === "behind" ? 0 : Math.random() * 10_000;
      if (reason && carried === token)
        hintTimer ??= later(
          () => {
            lastHint = performance.now();
            replace(carried, reason);
          },
          Math.max(lastHint + 10_000 - performance.now(), spread),
        );
    },

    signIn() {
      if (gate.mute) shut("unusable", 0);
      return obtain(usable, "start").then(Boolean);
    },

    async signOut() {
      const body = { refresh_token: held };
      fail({ type: "signed_out", reason: "signed_out" }, Date.now());
      const { status } = await issuer.post("revoke/", body).catch(() => ({ status: 0 }));
      if (status !== 204) throw new AuthError("not_revoked", `http_${status}`);
    },

    dispose() {
      token = undefined;
      shut("disposed", Infinity);
      issuer.close();
      tabs?.close();
    },
  };
};
