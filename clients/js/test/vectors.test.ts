import assert from "node:assert/strict";
import { test } from "node:test";

import vectors from "../../../tests/vectors/clients.json";
import { readAnswer } from "../src/answer.js";
import { readChallenge } from "../src/challenge.js";
import { stopwatch } from "../src/clock.js";
import { lasts, refreshTime } from "../src/token.js";

for (const { name, header, refresh, context } of vectors.challenges)
  test(`a challenge is read: ${name}`, () => {
    assert.equal(readChallenge(header), refresh ? (context ?? "") : undefined);
  });

interface AnswerVector {
  name: string;
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  text?: string;
  outcome: string;
  reason?: string;
  retry_after?: number | null;
}

const TYPES: Record<string, string | undefined> = { retry: "refresh_failed", token: undefined };

for (const vector of vectors.answers as AnswerVector[])
  test(`an answer is read: ${vector.name}`, () => {
    const { type, reason, ...rest } = readAnswer(
      vector.status,
      vector.headers?.["Retry-After"] ?? null,
      "text" in vector ? 0 : vector.body,
    );
    assert.equal(type, vector.outcome in TYPES ? TYPES[vector.outcome] : vector.outcome);
    assert.equal(reason, vector.reason);
    if (type) assert.equal((rest as { retryAfter?: number }).retryAfter ?? null, vector.retry_after ?? null);
    else assert.deepEqual(rest, vector.body);
  });

for (const vector of vectors.lives)
  test(`a life is counted: ${vector.name}`, (t) => {
    let passed = { monotonic: 0, wall: 0 };
    t.mock.method(performance, "now", () => 1000 + passed.monotonic * 1000);
    t.mock.method(Date, "now", () => 5000 + passed.wall * 1000);
    const age = stopwatch();
    passed = vector;
    assert.equal(lasts(vector.expires_in * 1000, age()), vector.usable);
  });

for (const { expires_in, random, after } of vectors.refresh_times)
  test(`a token of ${expires_in} s is refreshed ahead of time, at random ${random}`, () => {
    assert.ok(Math.abs(refreshTime(expires_in * 1000, random) - after * 1000) < 1);
  });
