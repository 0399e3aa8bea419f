import assert from "node:assert/strict";
import { test } from "node:test";

import { challenge } from "./platform.js";
import { setting, sleep } from "./setting.js";

test("the first requests start the session with one refresh", async (t) => {
  const { platform, get, events } = await setting(t);

  const answers = await Promise.all([get(), get(), get()]);

  assert.deepEqual(answers, ["200 served", "200 served", "200 served"]);
  assert.equal(platform.refreshes, 1);
  assert.deepEqual(
    events.map((event) => [event.type, event.reason]),
    [["refreshed", "start"]],
  );
});

test("401s that come one after the other for one expired token cost one refresh", async (t) => {
  const { platform, get } = await setting(t);
  await get();
  platform.expireTokens();
  platform.delay = ({ path }) => Number(path.slice(1)) || 0;

  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => get(`/${10 + 40 * index}`)));

  assert.deepEqual(new Set(answers), new Set(["200 served"]));
  assert.equal(platform.refreshes, 2);
});

test("a late 401 for a token that has been replaced is sent again without a refresh", async (t) => {
  const { platform, get, tokens } = await setting(t);
  await get();
  platform.expireTokens();
  platform.delay = ({ path, headers }) => (path === "/late" && headers.authorization === tokens()[0] ? 300 : 0);

  const late = get("/late");
  await get("/early");
  const before = platform.refreshes;

  assert.equal(await late, "200 served");
  assert.equal(platform.refreshes, before);
});

test("a request is sent twice and no more", async (t) => {
  const { platform, get } = await setting(t);
  platform.service = (_, response) => challenge(response, 'Bearer error="invalid_token"');

  assert.match(await get(), /^401/);
  assert.equal(platform.seen.filter(({ path }) => path === "/grades").length, 2);
  assert.equal(platform.refreshes, 2);
});

test("a service that refuses fresh tokens costs one refresh, not one for each request", async (t) => {
  const { platform, get, events } = await setting(t);
  platform.service = ({ path }, response) =>
    path === "/broken" ? challenge(response, 'Bearer error="invalid_token"') : void response.end("served");

  for (let count = 0; count < 5; count++) assert.match(await get("/broken"), /^401/);

  assert.equal(platform.refreshes, 2);
  assert.equal(events.filter(({ reason }) => reason === "refused").length, 4);
});

test("a 401 of another scheme and a 403 go to the caller as they are", async (t) => {
  const { platform, get } = await setting(t);
  platform.answerNext("/a", 401, "log in", { "WWW-Authenticate": 'Basic realm="host"' });
  platform.answerNext("/b", 403, "no", { "WWW-Authenticate": 'Bearer error="insufficient_scope"' });

  assert.deepEqual([await get("/a"), await get("/b")], ["401 log in", "403 no"]);
  assert.equal(platform.refreshes, 1);
});

test("a context that a token lacks is asked for, and with every refresh after that", async (t) => {
  const { platform, get } = await setting(t);
  platform.service = ({ path, headers }, response) => {
    const asked = platform.issued.get(headers.authorization!.slice(7))!;
    if (asked.includes(path.slice(1))) response.end(asked.join(" "));
    else challenge(response, `Bearer error="insufficient_claims", context="${path.slice(1)}"`);
  };

  assert.equal(await get("/course:42"), "200 course:42");
  assert.equal(await get("/course:43"), "200 course:43 course:42");
  assert.equal(await get("/course:42"), "200 course:43 course:42");
  assert.equal(platform.refreshes, 3);
  for (let id = 50; id < 60; id++) await get(`/course:${id}`);
  assert.equal([...platform.issued.values()].at(-1)?.length, 8);
});

test("a 401 for a context is not sent again with a newer token that was not asked for it", async (t) => {
  const { platform, get } = await setting(t);
  await get();
  const old = [...platform.issued.keys()][0]!;
  platform.delay = ({ path, headers }) => (path === "/slow" && headers.authorization?.endsWith(old) ? 200 : 0);
  platform.service = ({ path, headers }, response) => {
    const asked = platform.issued.get(headers.authorization!.slice(7))!;
    if (path !== "/slow" || asked.includes("course:1")) response.end("served");
    else challenge(response, 'Bearer error="insufficient_claims", context="course:1"');
  };

  const slow = get("/slow");
  await sleep(50);
  platform.answerNext("/other", 401, "", { "WWW-Authenticate": 'Bearer error="invalid_token"' });
  await get("/other");

  assert.equal(await slow, "200 served");
  assert.equal(platform.refreshes, 3);
});

test("news on a good answer refresh in the background, once for one token", async (t) => {
  const { platform, get, events } = await setting(t);
  await get();
  const first = [...platform.issued.keys()][0]!;
  platform.service = ({ headers }, response) => {
    if (headers.authorization?.endsWith(first)) response.setHeader("X-Auth-Refresh", "behind");
    response.end("served");
  };

  await Promise.all([get(), get(), get()]);
  await sleep(100);

  assert.equal(platform.refreshes, 2);
  assert.deepEqual(events.at(-1)?.reason, "behind");
});

test("a service that is never content is asked for news every 10 s only", async (t) => {
  const { platform, get } = await setting(t);
  platform.service = (_, response) => {
    response.setHeader("X-Auth-Refresh", "behind");
    response.end("served");
  };

  for (let count = 0; count < 10; count++) {
    await get();
    await sleep(20);
  }

  assert.equal(platform.refreshes, 2);
});

test("a used token is refreshed ahead of its end, an unused one is not", async (t) => {
  const { platform, get, events } = await setting(t);
  platform.life = 1;

  await get();
  await sleep(1000);
  const refreshes = platform.refreshes;
  await sleep(1000);

  assert.equal(refreshes, 2);
  assert.equal(events.at(-1)?.reason, "due");
  assert.equal(platform.refreshes, 2);
});

test("a token near its end is refreshed before the request is sent", async (t) => {
  const { platform, get, tokens, events } = await setting(t);
  platform.life = 0.4;
  await get();
  await sleep(420); // refreshed once, ahead of time, and unused since
  await sleep(420);

  await get();

  assert.equal(new Set(tokens()).size, tokens().length);
  assert.equal(events.at(-1)?.reason, "expired");
});
