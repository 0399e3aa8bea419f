"""The tokens: good ones, and each way in which one is bad."""

import json
from collections.abc import Iterator

from auth_lib import base64url
from auth_lib.keys import Key

from .making import (
    ED25519,
    ES256,
    ISSUER,
    LEEWAY,
    NOW,
    OTHER_SECRET,
    PAYLOAD,
    Vector,
    bad,
    good,
    header,
    payload,
    signed,
    text_of,
    token,
)

EVERYTHING = payload(
    full_name="Ada Lovelace",
    deny=["course:9", "school:7"],
    trunc=["course"],
    asked=["course:88"],
    view_as={"role": "student", "context": "course:123"},
    act={"sub": "1"},
    nbf=NOW - 60,
)


def all_of_them() -> Iterator[Vector]:
    """Yield every token."""
    yield from good_ones()
    yield from of_wrong_form()
    yield from of_wrong_json()
    yield from with_wrong_headers()
    yield from with_wrong_keys()
    yield from with_wrong_claims()
    yield from for_others_or_another_time()


def good_ones() -> Iterator[Vector]:
    """Yield what is accepted."""
    yield good("a token as the issuer makes it")
    yield good("every claim that there is", EVERYTHING)
    yield good("no role at all", payload(roles={}))
    yield good("a claim that nobody knows", payload(extra={"of": ["a", "service"]}))
    yield good("a name that is not ASCII", payload(full_name="Zoë 安娜 🎓"))
    yield Vector(
        "an audience that is a text", token(payload=payload(aud="gradebook")), claims=PAYLOAD
    )
    yield good("an audience of several services", payload(aud=["payments", "gradebook"]))
    yield Vector("a type in full", token(header(typ="application/at+jwt")), claims=PAYLOAD)
    yield Vector("a type in capitals", token(header(typ="AT+JWT")), claims=PAYLOAD)
    yield Vector("JSON with spaces", token(payload=json.dumps(PAYLOAD, indent=1)), claims=PAYLOAD)
    yield good("the last second of the leeway", now=PAYLOAD["exp"] + LEEWAY - 1)
    yield good("issued as far ahead as the leeway goes", payload(iat=NOW + LEEWAY))
    for name, alg, key, at in (
        ("Ed25519", "Ed25519", ED25519, "ed25519"),
        ("Ed25519 under its old name", "EdDSA", ED25519, "ed25519"),
        ("ES256", "ES256", ES256, "es256"),
    ):
        sent = token(header(alg=alg, kid=key.key_id), key=key)
        yield Vector(name, sent, claims=PAYLOAD, keys=(at,))
    sent = token(header(alg="Ed25519"), key=ED25519)
    yield Vector("no kid, and one key of that kind", sent, claims=PAYLOAD, keys=("ed25519",))


def of_wrong_form() -> Iterator[Vector]:
    """Yield what is not three canonical parts."""
    fine = token()
    head, body, signature = fine.split(".")
    yield bad("nothing", "missing_token", "")
    form = "malformed_token"
    yield bad("two parts", form, f"{head}.{body}")
    yield bad("four parts", form, f"{fine}.{signature}")
    yield bad("five parts, as an encrypted token has", form, f"{fine}.a.b")
    yield bad("only dots", form, "..")
    yield bad("the JSON serialisation", form, json.dumps({"payload": body, "signatures": []}))
    yield bad("a space before it", form, " " + fine)
    yield bad("a line feed behind it", form, fine + "\n")
    yield bad("a character beyond ASCII", form, fine.replace(".", "\uff0e"))
    yield bad("a zero byte in the signature", form, fine + "\0")
    yield bad("padding behind the signature", form, fine + "=")
    yield bad("padding behind the header", form, signed(f"{head}==.{body}".encode()))
    yield bad("junk in the payload", form, signed(f"{head}.!{body}".encode()))
    ends = {"A": "B", "Q": "R", "g": "h", "w": "x"}
    short = base64url.encode(b'{"a":"b"} ').decode()
    last = ends.get(short[-1], "B")
    yield bad("bits behind the last byte", form, signed(f"{head}.{short[:-1]}{last}".encode()))
    plus = signature.replace("-", "+").replace("_", "/")
    other = plus if plus != signature else signature[:-2] + "+" + signature[-1]
    yield bad("the standard alphabet", form, f"{head}.{body}.{other}")
    yield bad("a length that no encoder writes", form, f"{head}.{body}.{signature[:-2]}")
    yield bad("a header that is too long", form, token(header(x="y" * 1000)))
    yield bad("more bytes than are read", "token_too_large", "A" * 16385)


def of_wrong_json() -> Iterator[Vector]:
    """Yield parts that are read in two ways, or in none; each well signed."""
    form = "malformed_token"
    text = text_of(PAYLOAD).decode()
    exp = f'"exp":{PAYLOAD["exp"]}'
    yield bad("exp twice", form, token(payload=text.replace(exp, f'"exp":1,{exp}')))
    yield bad("roles twice", form, token(payload=text[:-1] + ',"roles":{}}'))
    twice = text.replace('"student":', '"teacher":')
    yield bad("a role twice", form, token(payload=twice))
    yield bad("alg twice", form, token('{"alg":"none","alg":"HS256","typ":"at+jwt"}'))
    for name, number in (
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("a number without end", "1e400"),
        ("an integer beyond 2^53", str(2**53)),
        ("an integer of 5000 digits", "9" * 5000),
    ):
        yield bad(f"exp is {name}", form, token(payload=text.replace(exp, f'"exp":{number}')))
    yield bad("nested too deeply", form, token(payload='{"a":' + "[" * 6000 + "]" * 6000 + "}"))
    yield bad("a comma too many", form, token(payload=text[:-1] + ",}"))
    yield bad("something behind the JSON", form, token(payload=text + "{}"))
    yield bad("UTF-16", form, token(payload=text.encode("utf-16")))
    yield bad("a byte order mark", form, token(payload=b"\xef\xbb\xbf" + text.encode()))
    yield bad("bytes that are no UTF-8", form, token(payload=text.encode()[:-1] + b',"a":"\xff"}'))
    half = text[:-1] + ',"full_name":"\\ud800"}'
    yield bad("half a surrogate pair", form, token(payload=half))
    yield bad("a control character in a text", form, token(payload=text[:-1] + ',"a":"\n"}'))
    yield bad("no payload", form, token(payload=""))
    yield bad("a header that is an array", form, token("[]"))
    yield bad("a header without alg", form, token(header(alg=None)))
    yield bad("an alg that is a list", form, token(header(alg=["HS256"])))
    yield bad("a kid that is a number", form, token(header(kid=1)))
    yield bad("a typ that is a number", form, token(header(typ=1)))


def with_wrong_headers() -> Iterator[Vector]:
    """Yield what the header must not ask for."""
    refused = "header_refused"
    yield bad("crit", refused, token(header(crit=["exp"])))
    yield bad("an empty crit", refused, token(header(crit=[])))
    yield bad("b64", refused, token(header(b64=False)))
    yield bad("b64 as usual", refused, token(header(b64=True)))
    yield bad("a compressed payload", refused, token(header(zip="DEF")))
    yield bad("an encrypted token's header", refused, token(header(enc="A256GCM")))
    yield bad("no typ", refused, token(header(typ=None)))
    yield bad("the typ of any JWT", refused, token(header(typ="JWT")))
    yield bad("the typ of a refresh token", refused, token(header(typ="rt+jwt")))


def with_wrong_keys() -> Iterator[Vector]:
    """Yield what is not signed with a key of the issuer, by its algorithm."""
    head, body, signature = token().split(".")
    other = Key.from_secret(OTHER_SECRET)
    public = Key("HS256", base64url.encode(ED25519.public_jwk()["x"].encode()))
    algorithm = "algorithm_refused"
    for alg in ("none", "None", "nOnE", "", "HS512", "hs256", "RS256", "ES256"):
        yield bad(f"alg is {alg or 'empty'}", algorithm, token(header(alg=alg)))
    unsigned = base64url.encode(text_of(header(alg="none"))).decode()
    yield bad("unsigned", algorithm, f"{unsigned}.{body}.")
    yield bad("the public key as a secret", algorithm, token(key=public), keys=("ed25519",))
    named = header(kid=ED25519.key_id)
    yield bad("the same, naming the key", algorithm, token(named, key=public), keys=("ed25519",))
    confused = token(header(alg="ES256", kid=ED25519.key_id), key=ES256)
    both = ("ed25519", "es256")
    yield bad("a kid of another algorithm", algorithm, confused, keys=both)
    wrong = "bad_signature"
    yield bad("another secret", wrong, token(key=other))
    yield bad("no signature", wrong, f"{head}.{body}.")
    yield bad("half a signature", wrong, f"{head}.{body}.{signature[:20]}")
    yield bad("another payload", wrong, f"{head}.{text64(payload(sub='1'))}.{signature}")
    yield bad("another header", wrong, f"{text64(header(x=1))}.{body}.{signature}")
    zeros = base64url.encode(bytes(64)).decode()
    for name, key in (("ed25519", ED25519), ("es256", ES256)):
        start = token(header(alg=key.algorithm, kid=key.key_id), key=key).rpartition(".")[0]
        yield bad(f"a signature of zeros, {name}", wrong, f"{start}.{zeros}", keys=(name,))
    inline = header(alg="Ed25519", jwk=ED25519.public_jwk())
    yield bad("a key in the header", algorithm, token(inline, key=ED25519))
    unknown = "unknown_key"
    yield bad("a kid that nobody has", unknown, token(header(kid="../../dev/null")))
    gone = token(header(alg="Ed25519", kid="gone"), key=ED25519)
    yield bad("a kid of a key that is gone", unknown, gone, keys=("ed25519",))


def with_wrong_claims() -> Iterator[Vector]:
    """Yield claims that are missing, or have another shape; each well signed."""
    shape = "invalid_claims"
    for name in ("iss", "aud", "sub", "iat", "exp"):
        yield bad(f"no {name}", shape, token(payload=payload(**{name: None})))
    for name, values in {
        "exp": (str(NOW + 60), NOW + 0.5, -1, True, [NOW]),
        "iat": ("now", True),
        "nbf": ("now",),
        "sub": (7, "", " 7", "a\u0000"),
        "iss": (["https://lms.example"], ""),
        "aud": ([], [1], {}, ""),
        "jti": (1,),
        "gen": ("3", -3, 1.5),
        "full_name": (1,),
        "roles": ([], "teacher", {"course": ["1"]}, {"course": {"teacher": "1"}}),
        "deny": ("course:1", ["course"], [1], {}),
        "trunc": ("course", ["Course"], []),
        "asked": (["42"],),
        "view_as": ("student", {"role": "student"}, {"role": "s", "context": "c"}),
        "act": ("1", {}, {"sub": 1}),
    }.items():
        for value in values:
            sent = token(payload={**PAYLOAD, name: value})
            yield bad(f"{name} is {json.dumps(value)}", shape, sent)
    for ids in ([1], [None], [["1"]], []):
        sent = token(payload=payload(roles={"course": {"teacher": ids}}))
        yield bad(f"ids are {json.dumps(ids)}", shape, sent)
    for roles in ({"Course": {"teacher": ["1"]}}, {"course": {"Teacher": ["1"]}}):
        yield bad(f"roles are {json.dumps(roles)}", shape, token(payload=payload(roles=roles)))
    yield bad("a payload that is an array", shape, token(payload=[PAYLOAD]))
    yield bad("a payload that is null", shape, token(payload="null"))
    deep = {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": 1}}}}}}}}}
    yield bad("a claim of nine levels", shape, token(payload=payload(mine=deep)))
    yield bad("it ends before it begins", shape, token(payload=payload(exp=NOW - 60, iat=NOW - 60)))


def for_others_or_another_time() -> Iterator[Vector]:
    """Yield what is well made, and not for here and now."""
    for name, iss in (
        ("another issuer", "https://other.example"),
        ("an issuer with a slash", ISSUER + "/"),
        ("a part of the issuer", ISSUER[:-1]),
        ("an issuer in capitals", ISSUER.upper()),
    ):
        yield bad(name, "wrong_issuer", token(payload=payload(iss=iss)))
    for name, aud in (
        ("another audience", ["payments"]),
        ("an audience that contains ours", "gradebook2"),
        ("an audience in capitals", ["GRADEBOOK"]),
    ):
        yield bad(name, "wrong_audience", token(payload=payload(aud=aud)))
    expired, early = "token_expired", "token_not_yet_valid"
    yield bad("its time is over", expired, token(), now=PAYLOAD["exp"] + 3600)
    yield bad("the leeway is over", expired, token(), now=PAYLOAD["exp"] + LEEWAY)
    yield bad("issued tomorrow", early, token(payload=payload(iat=NOW + 86400, exp=NOW + 90000)))
    ahead = payload(iat=NOW + LEEWAY + 1)
    yield bad("issued a second beyond the leeway", early, token(payload=ahead))
    yield bad("nbf has not come", early, token(payload=payload(nbf=NOW + 60)))


def text64(part: object) -> str:
    """Return a part in base64url."""
    return base64url.encode(text_of(part)).decode()
