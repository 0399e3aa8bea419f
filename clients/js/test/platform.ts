/** An issuer with strict reuse detection and a service, over real HTTP. */

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Family {
  current: string;
  previous: string;
  /** When the current token was made, in milliseconds. */
  made: number;
  /** Whether the current token was presented. */
  seen: boolean;
  revoked: boolean;
}

export interface Seen {
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

type Step = (request: Seen, response: ServerResponse) => void | Promise<void>;

/** What the issuer and the service do, and what they saw. */
export class Platform {
  grace = 30_000;
  life = 300;
  refreshes = 0;
  rotations = 0;
  reuses = 0;
  exchanges = 0;
  /** Who is logged in to the host by its own session. */
  hostSession = false;
  issued = new Map<string, readonly string[]>();
  seen: Seen[] = [];
  /** What to do instead, once each, with the next requests to the path. */
  instead: Record<string, Step[]> = {};
  /** What the service does with a token that is good. */
  service: Step = (_, response) => void response.end("served");
  /** Milliseconds that an answer of the service takes. */
  delay: (request: Seen) => number = () => 0;
  /** What is served as it is: path to headers and body. */
  pages: Record<string, readonly [Record<string, string>, string]> = {};
  origin = "";
  private readonly families: Family[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Log somebody in; returns the refresh token. */
  logIn(): string {
    const current = randomUUID();
    this.families.push({ current, previous: "", made: Date.now(), seen: false, revoked: false });
    return current;
  }

  /** Let the tokens that were made grow old enough to be rotated. */
  age(): void {
    for (const family of this.families) family.made -= this.grace;
  }

  expireTokens(): void {
    this.issued.clear();
  }

  revokeAll(): void {
    for (const family of this.families) family.revoked = true;
  }

  /** Process the next refresh, and cut the line instead of answering. */
  loseNextRefresh(): void {
    (this.instead["/auth/refresh/"] ??= []).push((request, response) => {
      this.rotate(tokenOf(request));
      response.destroy();
    });
  }

  /** Let the next refresh take its time. */
  slowRefresh(milliseconds: number): void {
    (this.instead["/auth/refresh/"] ??= []).push(async (request, response) => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      this.refresh(request, response);
    });
  }

  answerNext(path: string, status: number, body: unknown, headers: Record<string, string> = {}): void {
    (this.instead[path] ??= []).push((_, response) => send(response, status, body, headers));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const page = this.pages[request.url ?? ""];
    if (page) return send(response, 200, page[1], page[0]);
    let body = "";
    for await (const chunk of request) body += chunk;
    const seen = { path: request.url ?? "", headers: request.headers, body };
    this.seen.push(seen);
    const instead = this.instead[seen.path]?.shift();
    if (seen.path === "/auth/refresh/") this.refreshes++;
    if (instead) return instead(seen, response);
    if (seen.path === "/auth/refresh/") return this.refresh(seen, response);
    if (seen.path === "/auth/session/") return this.exchange(seen, response);
    if (seen.path === "/auth/revoke/") return this.revoke(seen, response);
    await new Promise((resolve) => setTimeout(resolve, this.delay(seen)));
    return this.serve(seen, response);
  }

  private refresh(request: Seen, response: ServerResponse): void {
    const next = this.rotate(tokenOf(request));
    if ("error" in next) return send(response, 401, next);
    this.issue(request, response, next.token);
  }

  private rotate(token: string): { token: string } | { error: string } {
    if (!token) return { error: "refresh_missing" };
    const family = this.families.find((one) => one.current === token || one.previous === token);
    if (!family) {
      this.reuses++;
      this.revokeAll();
      return { error: "refresh_reused" };
    }
    if (family.revoked) return { error: "refresh_revoked" };
    const old = Date.now() - family.made >= this.grace;
    if (token === family.previous && old && family.seen) {
      this.reuses++;
      family.revoked = true;
      return { error: "refresh_reused" };
    }
    if (old) {
      // A predecessor whose successor was never seen: that one is given up for another.
      this.rotations++;
      Object.assign(family, { previous: token, current: randomUUID(), made: Date.now(), seen: false });
    } else if (token === family.current) family.seen = true;
    return { token: family.current };
  }

  private exchange(request: Seen, response: ServerResponse): void {
    this.exchanges++;
    if (!request.headers["x-csrftoken"]) return send(response, 403, "<h1>CSRF</h1>");
    if (!this.hostSession) return send(response, 401, { error: "not_signed_in" });
    this.issue(request, response, this.logIn());
  }

  private issue(request: Seen, response: ServerResponse, refreshToken: string): void {
    const { context = [], refresh_token: byBody } = JSON.parse(request.body);
    const access = randomUUID();
    this.issued.set(access, context);
    const headers = byBody ? {} : { "Set-Cookie": `auth_refresh=${refreshToken}; HttpOnly; SameSite=Strict; Path=/auth/` };
    send(
      response,
      200,
      {
        access_token: access,
        token_type: "Bearer",
        expires_in: this.life,
        issued_at: Math.floor(Date.now() / 1000),
        ...(byBody && { refresh_token: refreshToken }),
      },
      headers,
    );
  }

  private revoke(request: Seen, response: ServerResponse): void {
    for (const family of this.families) family.revoked ||= family.current === tokenOf(request);
    send(response, 204, "", { "Set-Cookie": "auth_refresh=; Max-Age=0; Path=/auth/" });
  }

  private serve(request: Seen, response: ServerResponse): void | Promise<void> {
    const token = request.headers.authorization?.replace(/^Bearer /, "");
    if (token === undefined) return send(response, 200, "anonymous");
    if (!this.issued.has(token)) return challenge(response, 'Bearer realm="service", error="invalid_token"');
    return this.service(request, response);
  }
}

export const send = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { "Content-Type": typeof body === "string" ? "text/html" : "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
};

export const challenge = (response: ServerResponse, value: string): void =>
  send(response, 401, { error: "no" }, { "WWW-Authenticate": value });

const tokenOf = ({ headers, body }: Seen): string =>
  JSON.parse(body || "{}").refresh_token ?? /auth_refresh=([^;]+)/.exec(headers.cookie ?? "")?.[1] ?? "";
