import assert from "node:assert/strict";
import { test } from "node:test";

import { AuthError, createAuthClient } from "../src/index.js";
import { Platform } from "./platform.js";
import { setting, sleep } from "./setting.js";

test("a token goes to the origins that were named, and to no other", async (t) => {
  const { client, platform, tokens } = await setting(t);
  const other = await new Platform().start();
  t.after(() => other.stop());

  await (await client.fetch(`${platform.origin}/here`)).text();
  await (await client.fetch(`${other.origin}/there`)).text();

  assert.ok(tokens()[0]);
  assert.equal(other.seen[0]?.headers.authorization, undefined);
  assert.equal(other.seen[0]?.headers["x-auth-client"], undefined);
});

test("a request with a token declares the client", async (t) => {
  const { platform, get } = await setting(t);
  await get();

  assert.deepEqual(
    platform.seen.map(({ headers }) => headers["x-auth-client"]),
    ["tests/1.0", "tests/1.0"],
  );
});

test("a request that brings its own Authorization is left alone", async (t) => {
  const { platform, get, tokens } = await setting(t);
  platform.answerNext("/grades", 401, "theirs", { "WWW-Authenticate": 'Bearer error="invalid_token"' });

  assert.equal(await get("/grades", { headers: { Authorization: "Basic eHg=" } }), "401 theirs");
  assert.deepEqual(tokens(), ["Basic eHg="]);
  assert.equal(platform.refreshes, 0);
});

test("another origin that a redirect led to is not acted upon", async (t) => {
  const { platform, get } = await setting(t);
  const other = await new Platform().start();
  t.after(() => other.stop());
  other.answerNext("/", 401, "theirs", { "WWW-Authenticate": 'Bearer error="invalid_token"', "X-Auth-Refresh": "behind" });
  platform.answerNext("/away", 307, "", { Location: `${other.origin}/` });

  assert.equal(await get("/away"), "401 theirs");
  await sleep(50);
  assert.equal(platform.refreshes, 1);
  assert.equal(other.seen[0]?.headers.authorization, undefined);
});

test("a caller's own headers and method go along", async (t) => {
  const { client, platform } = await setting(t);
  await client.fetch(`${platform.origin}/a`, { method: "PUT", headers: { "X-Mine": "1" } });
  await client.fetch(new Request(`${platform.origin}/b`, { headers: { "X-Mine": "2" } }));

  assert.deepEqual(
    platform.seen.slice(1).map(({ headers }) => headers["x-mine"]),
    ["1", "2"],
  );
});

test("logging out revokes the family, and requests go without a token", async (t) => {
  const { client, platform, get, events } = await setting(t);
  await get();

  await client.signOut();

  assert.equal(await get(), "200 anonymous");
  assert.equal(platform.seen.filter(({ path }) => path === "/auth/revoke/").length, 1);
  assert.equal(events.at(-1)?.reason, "signed_out");
});

test("a refresh that was underway at a log-out brings nobody back", async (t) => {
  const { client, platform, get } = await setting(t);
  await get();
  platform.expireTokens();

  const answer = get();
  await client.signOut();

  assert.match(await answer, /^401|anonymous/);
  assert.equal(await get(), "200 anonymous");
});

test("a log-out that does not reach the issuer says so", async (t) => {
  const { client, platform, get } = await setting(t);
  await get();
  platform.answerNext("/auth/revoke/", 502, "");

  await assert.rejects(client.signOut(), (error: AuthError) => error.code === "not_revoked" && error.reason === "http_502");
  assert.equal(await get(), "200 anonymous");
});

/** A client with a cookie jar, as a page has it. */
const page = (platform: Platform, csrf = "masked") => {
  let jar = "";
  return createAuthClient({
    origins: [platform.origin],
    prefix: `${platform.origin}/auth/`,
    csrf: () => csrf,
    async fetch(input, init) {
      const headers = new Headers(init?.headers);
      if (jar) headers.set("Cookie", jar);
      const response = await fetch(input, { ...init, headers });
      for (const cookie of response.headers.getSetCookie()) jar = /Max-Age=0/.test(cookie) ? "" : cookie.split(";")[0]!;
      return response;
    },
  });
};

test("a page exchanges the host's session where there is nothing to refresh", async (t) => {
  const platform = await new Platform().start();
  platform.hostSession = true;
  const client = page(platform);
  t.after(() => (client.dispose(), platform.stop()));

  assert.equal(await (await client.fetch(`${platform.origin}/grades`)).text(), "served");
  platform.expireTokens();
  assert.equal(await (await client.fetch(`${platform.origin}/grades`)).text(), "served");
  assert.deepEqual([platform.exchanges, platform.refreshes], [1, 2]);
});

test("a page without a log-in goes without a token, until somebody logs in", async (t) => {
  const platform = await new Platform().start();
  const client = page(platform);
  t.after(() => (client.dispose(), platform.stop()));

  assert.equal(await (await client.fetch(`${platform.origin}/grades`)).text(), "anonymous");
  assert.equal(await client.signIn(), false);
  platform.hostSession = true;

  assert.equal(await client.signIn(), true);
  assert.equal(await (await client.fetch(`${platform.origin}/grades`)).text(), "served");
});

test("what somebody ended on purpose is not begun anew from the host's session", async (t) => {
  const platform = await new Platform().start();
  platform.hostSession = true;
  const client = page(platform);
  t.after(() => (client.dispose(), platform.stop()));
  await client.fetch(`${platform.origin}/grades`);
  platform.expireTokens();
  platform.revokeAll();

  assert.equal((await client.fetch(`${platform.origin}/grades`)).status, 401);
  assert.equal(platform.exchanges, 1);
});
