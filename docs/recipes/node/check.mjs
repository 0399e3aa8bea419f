// Prints what auth.mjs makes of the vectors: node check.mjs path/to/tokens.json
import { readFileSync } from "node:fs";
import { createLocalJWKSet } from "jose";
import { isAuthorized, verify } from "./auth.mjs";

const vectors = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const { issuer, audience, leeway } = vectors;

function keyOf(names) {
  const keys = names.map((name) => vectors.keys[name]);
  return keys[0].kty === "oct" ? Buffer.from(keys[0].k, "base64url") : createLocalJWKSet({ keys });
}

const tokens = {};
for (const { name, token, keys, now = vectors.now } of vectors.tokens) {
  try {
    const claims = await verify(token, { key: keyOf(keys), issuer, audience, leeway, now });
    tokens[name] = { sub: claims.sub, roles: claims.roles, exp: claims.exp, gen: claims.gen };
  } catch (error) {
    tokens[name] = { error: error.code ?? String(error) };
  }
}

const questions = {};
for (const { name, claims, ask, lineage, safe } of vectors.questions) {
  if (!("role" in ask)) continue;
  const { roles = {}, deny = [], trunc = [], asked = [] } = claims;
  const whole = { ...claims, roles, deny, trunc, asked };
  questions[name] = isAuthorized(whole, ask.context, ask.id, ask.role, { lineage, safe });
}

console.log(JSON.stringify({ tokens, questions }));
