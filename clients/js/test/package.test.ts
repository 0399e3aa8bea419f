import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 3 * 1024;

test("what is shipped has at most 3 KB, minified and compressed", () => {
  assert.ok(gzipSync(readFileSync("dist/index.js"), { level: 9 }).length <= LIMIT);
});

test("it needs nothing else", () => {
  assert.equal(JSON.parse(readFileSync("package.json", "utf8")).dependencies, undefined);
  assert.doesNotMatch(readFileSync("dist/index.js", "utf8"), /\bimport\b|\brequire\b/);
});

test("it is imported and required, with the same names", async () => {
  const required = createRequire(`${process.cwd()}/`)("@authmigration/client");
  const imported = await import(pathToFileURL("dist/index.js").href);

  assert.deepEqual(Object.keys(required).sort(), ["AuthError", "createAuthClient"]);
  assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort());
});

for (const [file, module] of [
  ["import.mts", "NodeNext"],
  ["require.cts", "NodeNext"],
] as const)
  test(`its types are found by ${file}`, () => {
    execFileSync("node_modules/.bin/tsc", [
      ...["--ignoreConfig", "--noEmit", "--strict", "--target", "ES2022", "--lib", "ES2022,DOM", "--types", "", "--module", module],
      `test/users/${file}`,
    ]);
  });
