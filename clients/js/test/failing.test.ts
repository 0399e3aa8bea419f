import assert from "node:assert/strict";
import { test } from "node:test";

import { AuthError } from "../src/index.js";
import { send } from "./platform.js";
import { setting, sleep } from "./setting.js";

test("a lost answer to a refresh is asked for again and logs nobody out", async (t) => {
  const { platform, get, events } = await setting(t);
  platform.loseNextRefresh();
  platform.loseNextRefresh();

  assert.equal(await get(), "200 served");
  assert.deepEqual([platform.refreshes, platform.rotations, platform.reuses], [3, 1, 0]);
  assert.deepEqual(
    events.map(({ type }) => type),
    ["refreshed"],
  );
});

test("an issuer that is down fails requests that need a token, and ends nothing", async (t) => {
  const { platform, get, events } = await setting(t);
  for (let count = 0; count < 3; count++) platform.answerNext("/auth/refresh/", 500, "<h1>Server Error</h1>");

  await assert.rejects(get(), (error: AuthError) => error.code === "unavailable" && error.reason === "http_500");
  const refreshes = platform.refreshes;
  await assert.rejects(get(), AuthError);

  assert.equal(refreshes, 3);
  assert.equal(platform.refreshes, 3, "nothing is asked during the pause");
  assert.deepEqual(events, [{ type: "refresh_failed", reason: "http_500", retryAfter: 5 }]);
});

test("after the pause that the issuer named it is asked again", async (t) => {
  const { platform, get } = await setting(t);
  platform.answerNext("/auth/refresh/", 429, { error: "rate_limited" }, { "Retry-After": "1" });

  await assert.rejects(get(), (error: AuthError) => error.reason === "rate_limited");
  await sleep(1050);

  assert.equal(await get(), "200 served");
  assert.equal(platform.refreshes, 2);
});

test("a 401 goes to the caller where the issuer is down", async (t) => {
  const { platform, get } = await setting(t);
  await get();
  platform.expireTokens();
  platform.answerNext("/auth/refresh/", 503, "", { "Retry-After": "30" });

  assert.match(await get(), /^401/);
});

test("a usable token goes on being used while the issuer is down", async (t) => {
  const { platform, get, events } = await setting(t);
  platform.service = (_, response) => {
    response.setHeader("X-Auth-Refresh", "behind");
    response.end("served");
  };
  await get();
  platform.answerNext("/auth/refresh/", 503, "", { "Retry-After": "30" });
  await sleep(100);

  assert.equal(await get(), "200 served");
  assert.equal(events.at(-1)?.type, "refresh_failed");
});

for (const [status, code] of [
  [401, "refresh_reused"],
  [401, "refresh_expired"],
  [403, "inactive"],
] as const)
  test(`${code} ends the session, and requests go without a token`, async (t) => {
    const { platform, get, events, tokens } = await setting(t);
    await get();
    platform.expireTokens();
    platform.answerNext("/auth/refresh/", status, { error: code });

    assert.match(await get(), /^401/);
    assert.equal(await get(), "200 anonymous");
    assert.equal(tokens().at(-1), undefined);
    assert.deepEqual(events.at(-1), { type: "signed_out", reason: code, retryAfter: Infinity });
    assert.equal(platform.refreshes, 2);
  });

test("tokens that are switched off keep the session and are asked for later", async (t) => {
  const { platform, get, events, tokens } = await setting(t);
  await get();
  platform.expireTokens();
  platform.answerNext("/auth/refresh/", 409, { error: "tokens_disabled" }, { "Retry-After": "1" });

  assert.match(await get(), /^401/);
  assert.equal(await get(), "200 anonymous");
  assert.deepEqual(events.at(-1), { type: "disabled", reason: "tokens_disabled", retryAfter: 1 });
  await sleep(1050);

  assert.equal(await get(), "200 served");
  assert.ok(tokens().at(-1));
});

test("who gives up stops waiting, and the refresh goes on for the others", async (t) => {
  const { platform, get } = await setting(t);
  platform.instead["/auth/refresh/"] = [
    async (_, response) => {
      await sleep(300);
      send(response, 200, { access_token: "t", token_type: "Bearer", expires_in: 300, refresh_token: "r" });
      platform.issued.set("t", []);
    },
  ];
  const abort = new AbortController();

  const begun = Date.now();
  const impatient = get("/a", { signal: abort.signal });
  const patient = get("/b");
  setTimeout(() => abort.abort(new Error("gave up")), 50);

  await assert.rejects(impatient, /gave up/);
  assert.ok(Date.now() - begun < 250);
  assert.equal(await patient, "200 served");
});

test("a body is sent whole a second time", async (t) => {
  const { platform, client } = await setting(t);
  platform.service = ({ body }, response) => void response.end(body);
  const url = `${platform.origin}/echo`;
  const form = new FormData();
  form.set("answer", "forty-two");
  const bodies: [string, () => Promise<Response>][] = [
    ["text", () => client.fetch(url, { method: "POST", body: "forty-two" })],
    ["bytes", () => client.fetch(url, { method: "POST", body: new TextEncoder().encode("forty-two") })],
    ["blob", () => client.fetch(url, { method: "POST", body: new Blob(["forty-two"]) })],
    ["form", () => client.fetch(url, { method: "POST", body: form })],
    ["request", () => client.fetch(new Request(url, { method: "POST", body: "forty-two" }))],
  ];

  for (const [kind, post] of bodies) {
    await (await client.fetch(url)).text();
    platform.expireTokens();
    const response = await post();
    assert.equal(response.status, 200, kind);
    assert.match(await response.text(), /forty-two/, kind);
  }
});

test("a stream is not sent again: the 401 comes back, and the token is refreshed", async (t) => {
  const { platform, client, get, events } = await setting(t);
  await get();
  platform.expireTokens();
  const body = new Blob(["forty-two"]).stream();

  const response = await client.fetch(`${platform.origin}/upload`, {
    method: "POST",
    body,
    duplex: "half",
  } as RequestInit);
  await sleep(100);

  assert.equal(response.status, 401);
  assert.equal(platform.seen.filter(({ path }) => path === "/upload").length, 1);
  assert.ok(events.some(({ reason }) => reason === "stream"));
  assert.equal(await get(), "200 served");
  assert.equal(platform.refreshes, 2);
});

test("disposing ends the waiting, and nothing is asked any more", async (t) => {
  const { platform, client, get } = await setting(t);
  platform.instead["/auth/refresh/"] = [() => {}];

  const waiting = get();
  await sleep(50);
  client.dispose();

  await assert.rejects(waiting, (error: AuthError) => error.reason === "disposed");
  await assert.rejects(get(), AuthError);
  assert.equal(platform.refreshes, 1);
});
