"""Where a role holds: ``course:42``, and the one context above all others, the platform."""

from __future__ import annotations

import re
from typing import NamedTuple

from .errors import InvalidContext

ID_MAX_LENGTH = 128
TYPE_MAX_LENGTH = 32
PLATFORM_TYPE = "platform"

_TYPE = re.compile(rf"[a-z][a-z0-9_]{{0,{TYPE_MAX_LENGTH - 1}}}\Z")


class Context(NamedTuple):
    """A type and an id, both text.

    Attributes:
        type: what kind of thing it is: ``course``.
        id: which one, as text: ``42``.

    The constructor checks nothing, since a decision builds contexts by the thousand; what comes
    from outside goes through :meth:`of` or :meth:`parse`.

    """

    type: str
    id: str

    def __str__(self) -> str:
        return f"{self.type}:{self.id}"

    @classmethod
    def of(cls, type_: str, id_: object) -> Context:
        """Return the context of a type and of an id of any kind that has one text form.

        Raises:
            InvalidContext: the type or the id is not one. ``None`` is refused as well, so that
                a forgotten id can never be read as "any".

        """
        return cls(valid_type(type_), valid_id(id_))

    @classmethod
    def parse(cls, text: str) -> Context:
        """Read ``course:42``; the id is everything behind the first colon.

        Raises:
            InvalidContext: it has another form.

        """
        type_, colon, id_ = text.partition(":")
        if not colon:
            raise InvalidContext(f"{text!r} is no context: write type:id, as in course:42.")
        return cls.of(type_, id_)


def valid_type(value: str) -> str:
    """Return the name of a context type if it is one, else raise :class:`InvalidContext`."""
    if isinstance(value, str) and _TYPE.match(value):
        return value
    raise InvalidContext(
        f"{value!r} is no context type: lower-case letters, digits and underscores, "
        f"at most {TYPE_MAX_LENGTH}, a letter first."
    )


def valid_id(value: object) -> str:
    """Return an id as text if it has one text form, else raise :class:`InvalidContext`."""
    if value is None or isinstance(value, (bool, float, bytes)) or hasattr(value, "pk"):
        # The text of an object is its title, which may be the id of another.
        raise InvalidContext(f"{value!r} is no context id; pass the id of one object, as its pk.")
    text = str(value)
    if 0 < len(text) <= ID_MAX_LENGTH and text.isprintable() and text == text.strip():
        return text
    raise InvalidContext(
        f"{text[:ID_MAX_LENGTH]!r} is no context id: 1 to {ID_MAX_LENGTH} printable characters, "
        "no space at either end."
    )


PLATFORM = Context(PLATFORM_TYPE, "-")

Lineage = tuple[Context, ...]
"""The contexts from an object up to the platform, nearest first."""
