"""AM403: a token is read without its signature being verified."""

from typing import TYPE_CHECKING

from ..project.models import last_name
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..audit import Audit
    from ..finding import Finding
    from ..source.expressions import Node


class TokenNotVerified(Rule):
    """A token is read without its signature being verified.

    What it finds:
        ``jwt.decode`` with ``verify_signature`` or ``verify`` off, or with the algorithm ``none``.

    Why it matters:
        Whoever writes the token chooses its roles (CWE-347).

    What to write:
        ``auth_lib.TokenVerifier(…).verify(token)``: signature, issuer, audience and life.
    """

    id = "AM403"
    title = "A token is read without its signature being verified"
    level = "error"
    confidence = 85
    bad = (
        """
import jwt


def roles(token):
    return jwt.decode(token, options={"verify_signature": False})["roles"]
""",
    )
    good = (
        """
import jwt


def roles(token, key):
    return jwt.decode(token, key, algorithms=["ES256"], audience="gradebook")["roles"]
""",
    )

    def findings(self, audit: "Audit") -> "Iterator[Finding]":
        """Yield the calls that read a token and believe it."""
        for function, part, line in audit.calls:
            if last_name(part[1]) != "decode":
                continue
            ours = audit.index.resolve(function.module, part[1])
            if str(ours).startswith(("jwt.", "jose.")) and believes(part):
                said = "The token is read without its signature being verified."
                yield self.at(function.module, line, function.symbol, said)


def believes(node: "Node") -> bool:
    """Tell whether a call turns the check of the signature off."""
    for name, value in node[3]:
        if name == "verify" and value == ("const", False):
            return True
        if name == "algorithms" and "none" in str(value).lower().split("'"):
            return True
        if name == "options" and value[0] == "dict":
            off = (("const", "verify_signature"), ("const", False))
            if off in value[1]:
                return True
    return False
