"""JSON with one meaning: what two parsers could read differently is refused."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

MAX_DEPTH = 8
MAX_NESTING = 64
"""No JSON is read that has more levels."""
_MAX_INTEGER = 2**53 - 1
_MAX_DIGITS = 16


def loads(data: bytes) -> Any:
    """Read a JSON text in UTF-8.

    Raises:
        ValueError: it is not JSON (RFC 8259), or has a name twice in one object, ``NaN``, an
            integer that a double cannot hold (RFC 7493 §2.2), or half a surrogate pair; or it is
            nested deeper than ``MAX_NESTING``.

    """
    text = data.decode("utf-8")
    # How deep Python itself would go depends on the process, and so would the answer.
    if data.count(b"[") + data.count(b"{") > MAX_NESTING:
        _require_shallow(data)
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if b"\\" in data:
        _require_whole_characters(value)
    return value


def _require_shallow(data: bytes) -> None:
    """Raise ValueError for more than ``MAX_NESTING`` levels, brackets in texts not counted."""
    depth, inside, escaped = 0, False, -1
    for found in _MARKS.finditer(data):
        at, mark = found.start(), found[0]
        if at == escaped:
            continue
        if inside:
            if mark == b"\\":
                escaped = at + 1
            inside = mark != b'"'
        elif mark == b'"':
            inside = True
        elif mark in b"[{":
            depth += 1
            if depth > MAX_NESTING:
                raise ValueError("nested too deeply")
        elif mark in b"]}":
            depth -= 1


def require_depth(value: Any, left: int = MAX_DEPTH) -> None:
    """Raise ValueError for a value of more than ``left`` levels.

    Only for what is kept without having a shape of its own: walking through 500 ids would cost as
    much as reading them.
    """
    if not isinstance(value, (dict, list)):
        return
    if not left:
        raise ValueError("nested too deeply")
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, (dict, list)):
            require_depth(each, left - 1)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS + 1 or abs(value := int(digits)) > _MAX_INTEGER:
        raise ValueError("an integer is too large")
    return value


def _number(digits: str) -> float:
    value = float(digits)
    if value in {float("inf"), float("-inf")}:
        raise ValueError("a number is too large")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _require_whole_characters(value: Any) -> None:
    # UnicodeEncodeError is a ValueError.
    json.dumps(value, ensure_ascii=False).encode("utf-8")


_MARKS = re.compile(rb'["\\\[\]{}]')
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_number,
    parse_constant=_refuse,
)
