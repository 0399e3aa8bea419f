"""base64url as JOSE writes it (RFC 7515 §2): one text for each value, and no other is read."""

from __future__ import annotations

import binascii

_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_FROM_STANDARD = bytes.maketrans(b"+/", b"-_")
_PADDING = (b"", b"", b"==", b"=")
# The bits of the last character that lie beyond the last byte must be zero, or the same bytes
# would have several texts.
_LAST = (
    frozenset(range(256)),
    frozenset[int](),
    frozenset(b"AQgw"),
    frozenset(b"AEIMQUYcgkosw048"),
)


def decode(text: bytes) -> bytes:
    """Return the bytes of a canonical text without padding.

    Raises:
        ValueError: a character, a length or a last character that no encoder writes.

    """
    if not text:
        return b""
    tail = len(text) % 4
    if text[-1] not in _LAST[tail] or b"+" in text or b"/" in text or b"=" in text:
        raise ValueError("not canonical base64url")
    if b"-" in text or b"_" in text:  # seldom: these two never come from ASCII but ">", "?", "~"
        text = text.translate(_TO_STANDARD)
    return binascii.a2b_base64(text + _PADDING[tail], strict_mode=True)


def encode(data: bytes) -> bytes:
    """Return the text of bytes, without padding."""
    return binascii.b2a_base64(data, newline=False).translate(_FROM_STANDARD).rstrip(b"=")
