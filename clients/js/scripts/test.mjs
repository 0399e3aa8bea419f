// Bundle each test with what it imports, then run them: node scripts/test.mjs [part of a name]
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const [wanted = ".test.ts"] = process.argv.slice(2);
const files = readdirSync("test").filter((name) => name.endsWith(".ts"));
const tests = files.filter((name) => /\.(test|browser)\.ts$/.test(name) && name.includes(wanted));

rmSync("build", { recursive: true, force: true });
await build({
  entryPoints: files.map((name) => `test/${name}`),
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  outdir: "build",
  external: ["playwright-core"],
  outExtension: { ".js": ".mjs" },
  sourcemap: "inline",
  logLevel: "error",
});
const compiled = tests.map((name) => `build/${name.replace(/\.ts$/, ".mjs")}`);
const flags = ["--test", "--test-concurrency=4", "--enable-source-maps", "--test-reporter=spec"];
process.exit(spawnSync(process.execPath, [...flags, ...compiled], { stdio: "inherit" }).status ?? 1);
