/**
 * The race: many tabs, many requests in each, answers that get lost, strict reuse detection.
 *
 * A tab is a thread; BroadcastChannel is Node's own, between threads. Node 20 has no Web Locks:
 * an atomic integer stands in for them.
 */

import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Worker } from "node:worker_threads";

import type { AuthEvent } from "../src/index.js";
import { Platform } from "./platform.js";
import { sleep } from "./setting.js";
import type { Order, TabData } from "./tab.js";

const TABS = 5;
const REQUESTS = 8;

class Tab {
  private readonly worker: Worker;

  constructor(data: TabData) {
    this.worker = new Worker(new URL("./tab.mjs", import.meta.url), { workerData: data });
  }

  private ask<T>(order: Order): Promise<T> {
    return new Promise((resolve, reject) => {
      this.worker.once("message", resolve);
      this.worker.once("error", reject);
      this.worker.postMessage(order);
    });
  }

  /** Send requests at once; return status and text of each. */
  get = (...paths: string[]): Promise<string[]> => this.ask({ get: paths });
  signOut = (): Promise<unknown> => this.ask({ signOut: true });
  /** Close the tab; return what its client told. */
  close = (): Promise<AuthEvent[]> => this.ask({ dispose: true });
}

interface Browser {
  readonly platform: Platform;
  open(): Tab;
}

const browser = async (
  t: TestContext,
  { locks = "free", channel = true }: { locks?: "free" | "none" | "orphaned"; channel?: boolean } = {},
): Promise<Browser> => {
  const platform = await new Platform().start();
  const cookie = new TextEncoder().encode(`auth_refresh=${platform.logIn()}`);
  const jar = new SharedArrayBuffer(256);
  new Uint8Array(jar).set([cookie.length, ...cookie]);
  const lock = locks === "none" ? null : new SharedArrayBuffer(4);
  if (lock && locks === "orphaned") Atomics.store(new Int32Array(lock), 0, 1);
  const tabs: Tab[] = [];
  t.after(async () => {
    await Promise.all(tabs.map((tab) => tab.close()));
    platform.stop();
  });
  return {
    platform,
    open: () => {
      const tab = new Tab({ origin: platform.origin, jar, lock, channel });
      tabs.push(tab);
      return tab;
    },
  };
};

/** Paths whose answers take from 10 to 400 ms, so that the 401s come one after the other. */
const spread = (tab: number): string[] =>
  Array.from({ length: REQUESTS }, (_, index) => `/${10 + Math.floor((390 * (index * TABS + tab)) / (TABS * REQUESTS))}`);

const race = async ({ platform, open }: Browser): Promise<void> => {
  const tabs = Array.from({ length: TABS }, open);
  for (const tab of tabs) await tab.get("/");
  assert.equal(platform.refreshes, 1, "a tab that opens later asks the others");
  platform.age();
  platform.expireTokens();
  platform.delay = ({ path }) => Number(path.slice(1));
  platform.refreshes = platform.rotations = 0;

  const answers = await Promise.all(tabs.map((tab, index) => tab.get(...spread(index))));

  assert.deepEqual(new Set(answers.flat()), new Set(["200 served"]));
  assert.equal(answers.flat().length, TABS * REQUESTS);
  assert.equal(platform.reuses, 0);
};

test("the 401s of all tabs cost one refresh", async (t) => {
  const one = await browser(t);

  await race(one);

  assert.deepEqual([one.platform.refreshes, one.platform.rotations], [1, 1]);
});

test("without locks they cost one, or a few where a tab is too busy to answer in time", async (t) => {
  const one = await browser(t, { locks: "none" });

  await race(one);

  assert.ok(one.platform.refreshes < TABS, String(one.platform.refreshes));
});

test("an answer that gets lost meanwhile costs its repetition, and nobody's session", async (t) => {
  const one = await browser(t);
  const start = one.platform.expireTokens.bind(one.platform);
  one.platform.expireTokens = () => {
    start();
    one.platform.loseNextRefresh();
    one.platform.loseNextRefresh();
  };

  await race(one);

  assert.deepEqual([one.platform.refreshes, one.platform.rotations], [3, 1]);
});

test("tabs that open at the same moment cost one refresh", async (t) => {
  const { platform, open } = await browser(t);

  const answers = await Promise.all(Array.from({ length: TABS }, () => open().get("/")));

  assert.deepEqual(new Set(answers.flat()), new Set(["200 served"]));
  assert.equal(platform.refreshes, 1);
});

test("a lock that nobody gives back costs three seconds, not the session", async (t) => {
  const { platform, open } = await browser(t, { locks: "orphaned" });
  const begun = Date.now();

  assert.deepEqual(await open().get("/"), ["200 served"]);
  assert.ok(Date.now() - begun < 4500);
  assert.equal(platform.refreshes, 1);
});

test("tabs that cannot hear each other lose nothing but requests", async (t) => {
  const { platform, open } = await browser(t, { channel: false, locks: "none" });
  platform.grace = 30_000;
  const tabs = Array.from({ length: TABS }, open);
  platform.age();

  const answers = await Promise.all(tabs.map((tab, index) => tab.get(...spread(index))));

  assert.deepEqual(new Set(answers.flat()), new Set(["200 served"]));
  assert.equal(platform.refreshes, TABS);
  assert.deepEqual([platform.rotations, platform.reuses], [1, 0]);
});

test("a tab that asks while another refreshes waits for that one", async (t) => {
  const { platform, open } = await browser(t, { locks: "none" });
  const [one, other] = [open(), open()];
  for (const tab of [one, other]) await tab.get("/");
  platform.age();
  platform.expireTokens();
  platform.refreshes = 0;
  platform.slowRefresh(800);

  const first = one.get("/");
  await sleep(400);
  const answers = [await other.get("/"), await first];

  assert.deepEqual(answers.flat(), ["200 served", "200 served"]);
  assert.equal(platform.refreshes, 1);
});

test("a log-out in one tab ends them all", async (t) => {
  const { platform, open } = await browser(t);
  const tabs = [open(), open()];
  for (const tab of tabs) await tab.get("/");

  await tabs[0]!.signOut();
  await sleep(50);

  assert.deepEqual(await tabs[1]!.get("/"), ["200 anonymous"]);
  assert.equal(platform.refreshes, 1);
});
