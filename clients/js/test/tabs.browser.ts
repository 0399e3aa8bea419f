/** The race of the tabs in a real Chromium, with its own BroadcastChannel, Web Locks and cookies. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test, type TestContext } from "node:test";

import { chromium, type Browser, type Page } from "playwright-core";

import { Platform } from "./platform.js";

const TABS = 4;
const REQUESTS = 8;
const PROGRAM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const PAGE = `<!doctype html><title>A tab</title><script type="module">
  import { createAuthClient } from "/client.js";
  const client = createAuthClient({ origins: [location.origin], name: "page/1.0" });
  window.events = [];
  client.on((event) => window.events.push(event.type + " " + event.reason));
  window.get = (paths) => Promise.all(paths.map((path) => client.fetch(path).then(
    async (response) => response.status + " " + await response.text(), String)));
  window.client = client;
</script>`;

interface Tab {
  events: string[];
  get(paths: readonly string[]): Promise<string[]>;
  client: { signOut(): Promise<void> };
}

let program: Browser;
before(async () => {
  program = await chromium.launch({ executablePath: PROGRAM, args: FLAGS });
});
after(() => program.close());

/** A browser in which somebody has logged in, and as many tabs as wanted. */
const logIn = async (t: TestContext, count: number): Promise<{ platform: Platform; tabs: Page[] }> => {
  const platform = await new Platform().start();
  const html = { "Content-Type": "text/html" };
  const cookie = `auth_refresh=${platform.logIn()}; HttpOnly; SameSite=Strict; Path=/auth/`;
  platform.pages = {
    "/login": [{ ...html, "Set-Cookie": cookie }, "Welcome"],
    "/page": [html, PAGE],
    "/client.js": [{ "Content-Type": "text/javascript" }, readFileSync("dist/index.js", "utf8")],
  };
  platform.age();
  const context = await program.newContext();
  t.after(async () => {
    await context.close();
    platform.stop();
  });
  await (await context.newPage()).goto(`${platform.origin}/login`);
  const tabs = await Promise.all(
    Array.from({ length: count }, async () => {
      const tab = await context.newPage();
      await tab.goto(`${platform.origin}/page`);
      await tab.waitForFunction("window.client");
      return tab;
    }),
  );
  return { platform, tabs };
};

const get = (tab: Page, ...paths: string[]): Promise<string[]> =>
  tab.evaluate((wanted) => (window as unknown as Tab).get(wanted), paths);

const spread = (tab: number): string[] =>
  Array.from({ length: REQUESTS }, (_, index) => `/${10 + Math.floor((390 * (index * TABS + tab)) / (TABS * REQUESTS))}`);

test("tabs share one token, and the cookie is out of reach of scripts", async (t) => {
  const { platform, tabs } = await logIn(t, TABS);

  const answers = [];
  for (const tab of tabs) answers.push(...(await get(tab, "/a", "/b")));

  assert.deepEqual(new Set(answers), new Set(["200 served"]));
  assert.equal(platform.refreshes, 1);
  assert.equal(await tabs[0]!.evaluate("document.cookie"), "");
  assert.equal(await tabs[0]!.evaluate("typeof navigator.locks.request"), "function");
});

test("the 401s of all tabs cost one rotation, and nobody's session, though an answer is lost", async (t) => {
  const { platform, tabs } = await logIn(t, TABS);
  for (const tab of tabs) await get(tab, "/a");
  platform.age();
  platform.expireTokens();
  platform.loseNextRefresh();
  platform.delay = ({ path }) => Number(path.slice(1)) || 0;
  platform.rotations = 0;

  const answers = await Promise.all(tabs.map((tab, index) => get(tab, ...spread(index))));

  assert.deepEqual(new Set(answers.flat()), new Set(["200 served"]));
  assert.equal(answers.flat().length, TABS * REQUESTS);
  assert.deepEqual([platform.rotations, platform.reuses], [1, 0]);
});

test("the 401s of all tabs cost one refresh", async (t) => {
  const { platform, tabs } = await logIn(t, TABS);
  for (const tab of tabs) await get(tab, "/a");
  platform.expireTokens();
  platform.delay = ({ path }) => Number(path.slice(1)) || 0;

  const answers = await Promise.all(tabs.map((tab, index) => get(tab, ...spread(index))));

  assert.deepEqual(new Set(answers.flat()), new Set(["200 served"]));
  assert.equal(platform.refreshes, 2);
});

test("a lock that a tab never gives back costs three seconds, not the session", async (t) => {
  const { platform, tabs } = await logIn(t, 2);
  const name = `authmigration ${platform.origin}/auth/`;
  await tabs[0]!.evaluate(
    (lock) => void navigator.locks.request(lock, () => new Promise(() => {})),
    name,
  );
  const begun = Date.now();

  assert.deepEqual(await get(tabs[1]!, "/a"), ["200 served"]);

  const took = Date.now() - begun;
  assert.ok(took > 2500 && took < 6000, String(took));
});

test("a tab that is closed in the middle of its refresh holds nobody up for long", async (t) => {
  const { platform, tabs } = await logIn(t, 2);
  for (const tab of tabs) await get(tab, "/a");
  platform.expireTokens();
  platform.slowRefresh(20_000);
  void get(tabs[0]!, "/a").catch(() => {});
  await tabs[1]!.waitForTimeout(300);
  await tabs[0]!.close();
  const begun = Date.now();

  assert.deepEqual(await get(tabs[1]!, "/a"), ["200 served"]);
  assert.ok(Date.now() - begun < 6000);
});

test("a log-out in one tab ends the other", async (t) => {
  const { platform, tabs } = await logIn(t, 2);
  for (const tab of tabs) await get(tab, "/a");

  await tabs[0]!.evaluate(() => (window as unknown as Tab).client.signOut());
  await tabs[1]!.waitForFunction("window.events.includes('signed_out signed_out')");

  assert.deepEqual(await get(tabs[1]!, "/a"), ["200 anonymous"]);
  assert.equal(platform.refreshes, 1);
});
