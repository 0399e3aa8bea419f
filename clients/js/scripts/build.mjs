// Build dist/: one file for import, one for require, their types.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { minify } from "terser";

// Names that no user, no other tab and no service sees.
const INTERNAL = /^(obtain|hint|current|alone|until|mute|ask|share)$/;

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
for (const [format, file] of [["esm", "dist/index.js"], ["cjs", "dist/index.cjs"]]) {
  const { outputFiles } = await build({
    entryPoints: ["src/index.ts"],
    bundle: true,
    format,
    target: "es2022",
    write: false,
  });
  const { code } = await minify(outputFiles[0].text, {
    module: true,
    ecma: 2022,
    compress: { passes: 3, unsafe_arrows: true, pure_getters: true },
    mangle: { properties: { regex: INTERNAL } },
  });
  writeFileSync(file, `${code}\n`);
}
execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.types.json"], { stdio: "inherit" });
for (const name of readdirSync("dist")) {
  // A CommonJS user's compiler wants declarations of its own kind.
  if (!name.endsWith(".d.ts")) continue;
  const text = readFileSync(`dist/${name}`, "utf8").replaceAll('.js"', '.cjs"');
  writeFileSync(`dist/${name.replace(".d.ts", ".d.cts")}`, text);
}
