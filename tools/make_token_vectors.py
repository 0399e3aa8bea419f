"""Write tests/vectors/tokens.json anew: ``python -m tools.make_token_vectors``.

The file is read by every implementation of the protocol, in whatever language. Its tokens are
made here by hand where no signer would make them. ES256 signatures are drawn at random, so a token
that is already in the file under the same name and content keeps its signature.
"""

import json
import sys
from pathlib import Path
from typing import Any

from auth_lib import PLATFORM, Policy, Role, base64url, policy_document
from auth_lib.keys import Key
from auth_lib.policy import ContextKind
from tools.token_vectors import questions, tokens
from tools.token_vectors.making import AUDIENCE, ISSUER, KEYS, LEEWAY, NOW, SECRET

FILE = Path(__file__).resolve().parent.parent / "tests" / "vectors" / "tokens.json"
HEADS_OF_ES256 = base64url.encode(b'{"alg":"ES256"').decode()[:18]
ABOUT = [
    "Tokens and questions with the answers that every implementation must give; the protocol is",
    "described in docs/reference/service-protocol.md. Written by python -m",
    "tools.make_token_vectors. A token is verified with the named keys at the time now. An",
    "expectation is either error, a code, or claims, the payload in its canonical form. A question",
    "is asked about claims at the time now, with the policy where policy is true; lineage holds",
    "the contexts above, the platform always being the last of them.",
]
STUDENT = Role("student", on="course", can={"course.view"})
TA = Role("ta", on="course", can={"course.view", "grade.view"}, view_as={"student"})
TEACHER = Role("teacher", on="course", can={"course.edit", "grade.edit"}, implies=[TA])
HEAD = Role("head", on="school", can={"school.view"}, implies=[TEACHER], view_as={"teacher"})
SUPERUSER = Role("superuser", on=PLATFORM.type, can={"school.view"}, implies=[HEAD])
POLICY = Policy(
    (STUDENT, TA, TEACHER, HEAD, SUPERUSER),
    (
        ContextKind("school"),
        ContextKind("course", "school", frozenset({"course.preview"})),
        ContextKind("lesson", "course"),
    ),
    anonymous=frozenset({"help.view"}),
    authenticated=frozenset({"home.view"}),
)


def main() -> int:
    """Write the file and return the exit status."""
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    FILE.write_text(as_text(document(known)), encoding="utf-8")
    print(f"{FILE.name}: written")
    return 0


def document(known: dict[str, Any]) -> dict[str, Any]:
    """Return the vectors; ``known`` are those whose random signatures are kept."""
    signatures = {each["name"]: each["token"] for each in known.get("tokens", [])}
    made = [each.as_json() for each in tokens.all_of_them()]
    return {
        "about": ABOUT,
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "now": NOW,
        "leeway": LEEWAY,
        "type": "at+jwt",
        "max_bytes": 16384,
        "keys": {name: as_jwk(key) for name, key in KEYS.items()},
        "tokens": [keep_signature(each, signatures.get(each["name"], "")) for each in made],
        "policy": policy_document.dump(POLICY),
        "questions": questions.all_of_them(),
    }


def as_jwk(key: Key) -> dict[str, Any]:
    """Return what a verifier is given: a public key, or the secret."""
    if key.algorithm != "HS256":
        return key.public_jwk()
    secret = base64url.encode(SECRET).decode()
    return {"kty": "oct", "k": secret, "alg": "HS256"}


def keep_signature(made: dict[str, Any], old: str) -> dict[str, Any]:
    """Return a token with its old signature, if only that is another and it is an ES256 one."""
    signed = made["token"].rpartition(".")[0]
    drawn = made["token"].startswith(HEADS_OF_ES256)
    return {**made, "token": old} if drawn and old.startswith(f"{signed}.") else made


def as_text(content: dict[str, Any]) -> str:
    """Return the document with one line for each token and each question."""
    lines = []
    for name, value in content.items():
        if isinstance(value, list) and name != "about":
            rows = ",\n    ".join(json.dumps(each) for each in value)
            lines.append(f"  {json.dumps(name)}: [\n    {rows}\n  ]")
        else:
            lines.append(f"  {json.dumps(name)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    sys.exit(main())
