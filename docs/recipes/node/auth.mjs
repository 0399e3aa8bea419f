// Verifies the platform's tokens with jose, and answers from their claims.
// The protocol: docs/reference/service-protocol.md. Node 20 or newer.
import { createRemoteJWKSet, jwtVerify } from "jose";

const MAX_BYTES = 16384, MAX_HEADER = 1024;
const REFUSED = ["crit", "b64", "zip", "enc"];
const CODES = { ERR_JWT_EXPIRED: "token_expired", ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "bad_signature" };
const NAME = /^[a-z][a-z0-9_]*$/, CONTEXT = /^[a-z][a-z0-9_]*:./;

export const publishedKeys = (url) => createRemoteJWKSet(new URL(url), { cooldownDuration: 10_000 });

const refuse = (code) => { throw Object.assign(new Error(code), { code }); };
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isText = (value) => typeof value === "string" && value !== "";
const isTexts = (value) => Array.isArray(value) && value.length > 0 && value.every(isText);
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const areContexts = (value) => Array.isArray(value) && value.every((each) => isText(each) && CONTEXT.test(each));
const byName = (value, judge) => isObject(value) && Object.entries(value).every(([name, each]) => NAME.test(name) && judge(each));
const isCanonical = (part) => Buffer.from(part, "base64url").toString("base64url") === part;
const typeOf = (context) => context.slice(0, context.indexOf(":")), idOf = (context) => context.slice(context.indexOf(":") + 1);

// JSON with one meaning: UTF-8, no name twice in one object, no half characters.
function read(part) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(part, "base64url"));
    const value = JSON.parse(text);
    const names = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon).length;
    if (isObject(value) && names === namesIn(value) && !JSON.stringify(value).includes("\\ud")) return value;
  } catch { /* refused below */ }
  return refuse("malformed_token");
}

function namesIn(value) {
  if (value === null || typeof value !== "object") return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum, each) => sum + namesIn(each), own);
}

// key: publishedKeys(url), or the shared secret as bytes. Rejects with an error that has a code.
export async function verify(token, { key, issuer, audience, leeway = 10, now = Date.now() / 1000 }) {
  if (!isText(token)) refuse("missing_token");
  if (token.length > MAX_BYTES) refuse("token_too_large");
  const parts = token.split("."), secret = key instanceof Uint8Array;
  if (parts.length !== 3 || parts[0].length > MAX_HEADER || !parts.every(isCanonical)) refuse("malformed_token");
  const header = read(parts[0]);
  if (REFUSED.some((name) => name in header)) refuse("header_refused");
  if ("kid" in header && (secret || !isText(header.kid))) refuse("unknown_key");
  await jwtVerify(token, key, {
    issuer, audience, typ: "at+jwt", algorithms: secret ? ["HS256"] : ["Ed25519", "ES256"],
    clockTolerance: leeway, currentDate: new Date(now * 1000), requiredClaims: ["iss", "aud", "sub", "iat", "exp"],
  }).catch((error) => refuse(CODES[error.code] ?? "invalid_token"));
  const { roles = {}, deny = [], trunc = [], asked = [], gen = 0, nbf = 0, view_as, act, ...others } = read(parts[1]);
  const good = isText(others.sub) && [others.iat, others.exp, gen, nbf].every(isCount) && others.iat < others.exp
    && byName(roles, (byRole) => byName(byRole, isTexts)) && areContexts(deny) && areContexts(asked)
    && Array.isArray(trunc) && trunc.every((type) => NAME.test(type)) && (act === undefined || isText(act?.sub))
    && (view_as === undefined || (NAME.test(view_as?.role) && areContexts([view_as?.context])));
  if (!good) refuse("invalid_claims");
  if (others.iat > now + leeway) refuse("token_not_yet_valid");
  return { ...others, roles, deny, trunc, asked, gen, view_as, act };
}

// "allowed", "denied", or "unknown": then the client is to ask for a token with context=type:id.
export function isAuthorized(claims, type, id, role, { lineage = [], safe = true } = {}) {
  const contexts = [`${type}:${id}`, ...lineage, "platform:-"];
  if (!safe && (claims.view_as || claims.act)) return "denied";
  if (contexts.some((context) => claims.deny.includes(context))) return "denied";
  const held = (context) => Object.entries(claims.roles[typeOf(context)] ?? {}).filter(([, ids]) => ids.includes(idOf(context)));
  if (held(contexts[0]).some(([name]) => name === role)) return isSeen(claims.view_as, contexts, role) ? "allowed" : "denied";
  const isCut = (context) => claims.trunc.includes(typeOf(context)) && !claims.asked.includes(context) && !held(context).length;
  return contexts.some(isCut) ? "unknown" : "denied";
}

// Viewed as a role, the subject has no other there and below; beside it everything is as it was.
function isSeen(viewed, [here, ...above], role) {
  if (!viewed || here === "platform:-") return true;
  if (viewed.context === here) return viewed.role === role;
  return !above.includes(viewed.context) && [here, ...above].map(typeOf).includes(typeOf(viewed.context));
}
