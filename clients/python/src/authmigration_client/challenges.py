"""What a 401 of a service says about the token. Protocol §5."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

# A name alone is a scheme (or its token), a name with a value a parameter of the scheme before it.
_NAME = r"[\w!#$%&'*+.^`|~-]+"
_VALUE = r'"(?:[^"\\]|\\.)*"|[^\s,]+'
_PART = re.compile(rf"({_NAME})(?:\s*=\s*({_VALUE}))?", re.ASCII)
_CONTEXT = re.compile(r"[a-z][a-z0-9_]*:.", re.ASCII)


@dataclass(frozen=True, slots=True)
class Challenge:
    """A refresh may help.

    Attributes:
        context: what the next token should hold, as ``course:42``; empty where none is named.

    """

    context: str = ""


def read_challenge(header: str | None) -> Challenge | None:
    """Read ``WWW-Authenticate``; None where a refresh would not help.

    A header that is missing counts as a bad token.
    """
    if header is None:
        return Challenge()
    found = _parameters(header)
    if found.get("error") == "insufficient_claims":
        return Challenge(_context(found.get("context", "")))
    return Challenge() if found.get("error") == "invalid_token" else None


def _parameters(header: str) -> dict[str, str]:
    """Return the parameters of the scheme Bearer, names in small letters."""
    scheme, found = "", dict[str, str]()
    for name, value in _PART.findall(header):
        if not value:
            scheme = name.lower()
        elif scheme == "bearer":
            found.setdefault(name.lower(), value.removeprefix('"').removesuffix('"'))
    return found


def _context(encoded: str) -> str:
    try:
        context = unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return ""
    return context if _CONTEXT.match(context) else ""
