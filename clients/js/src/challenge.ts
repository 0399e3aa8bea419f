/** What a 401 of a service says about the token. Protocol §5. */

// A name alone is a scheme (or its token), a name with a value a parameter of the scheme before it.
const PART = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,]+))?/g;
// The issuer reads it more closely.
const CONTEXT = /^[a-z]\w*:./;

/**
 * Read `WWW-Authenticate`.
 *
 * Returns the context that the next token should hold, "" where it names none, undefined where a
 * refresh would not help. A header that cannot be read counts as a bad token.
 */
export const readChallenge = (header: string | null): string | undefined => {
  if (header === null) return "";
  const found: Record<string, string> = {};
  let scheme: string | undefined;
  for (const [, name, value] of header.matchAll(PART)) {
    const key = name!.toLowerCase();
    if (!value) scheme = key;
    else if (scheme === "bearer") found[key] ??= value.replace(/^"|"$/g, "");
  }
  const { error, context } = found;
  try {
    const decoded = decodeURIComponent(context!);
    if (error === "insufficient_claims" && CONTEXT.test(decoded)) return decoded;
  } catch {
    // A broken encoding names no context.
  }
  return /^(insufficient_claims|invalid_token)$/.test(error!) ? "" : undefined;
};
