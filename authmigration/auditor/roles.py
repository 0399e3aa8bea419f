"""How legacy code asks for a role: flags, columns, groups and sessions, in one condition."""

import re
from collections.abc import Iterator

from .source.expressions import Node

FLAG = re.compile(
    r"^(is|has)_(\w*_)?(teacher|student|staff|admin|administrator|manager|moderator|instructor|tutor"
    r"|editor|owner|bursar|principal|secretary|parent|supervisor|operator|employee)$"
)
COLUMN = re.compile(r"^(role|user_?type|user_?role|kind|account_type|role_name|profile_type)$")
SESSION = re.compile(r"role|is_admin|is_staff|is_teacher|user_?type|perm")


# A keyword argument is a pair that may be called ``item``: the length tells it from a node.
LENGTHS = {"call": 5, "cmp": 5, "attr": 4, "item": 4, "cond": 4}


def is_user(node: Node) -> bool:
    """Tell whether an expression is the requester or what hangs directly on them."""
    if node[0] == "name":
        return bool(re.search(r"(^|_)(user|profile|person|account|member)$", node[1]))
    if node[0] == "attr":
        near = {"user", "profile", "userprofile", "person"}
        name: str = node[2]
        return name in near or is_user(node[1])
    return False


def parts(node: Node) -> Iterator[Node]:
    """Yield an expression and the calls, attributes and the like inside it."""
    if node and LENGTHS.get(node[0] if isinstance(node[0], str) else "") == len(node):
        yield node
    for part in node:
        if isinstance(part, tuple):
            yield from parts(part)


ASKING = re.compile(r"^(is|has)_|role|type|kind|^groups$|^session$")


def may_ask(node: Node, more: tuple[str, ...] = ()) -> bool:
    """Tell whether an expression reads anything that may be a role: a quick look."""
    read = node[2] if node and node[0] == "attr" and len(node) == 4 else ""
    if read and (read in more or ASKING.search(read)):
        return True
    return any(may_ask(part, more) for part in node if isinstance(part, tuple))


def flags_in(node: Node) -> list[str]:
    """Return the role flags of the requester that a condition reads.

    One that is asked for together with a comparison of the requester with something is a role in
    the context of that thing.
    """
    if node[0] == "bool" and node[1] == "and" and any(ties(part) for part in node[2]):
        return []
    if node[0] == "bool":
        return [name for part in node[2] for name in flags_in(part)]
    return [
        part[2]
        for part in parts(node)
        if part[0] == "attr" and FLAG.match(part[2]) and is_user(part[1])
    ]


def ties(node: Node) -> bool:
    """Tell whether an expression compares the requester with something that is not a literal."""
    if node[0] == "cmp":
        sides = (node[1], *node[3])
        asked = any(is_user(part) for side in sides for part in (side, *parts(side)))
        return asked and not any(is_literal(side) for side in sides)
    if node[0] == "call":
        values = [*node[2], *(value for _, value in node[3])]
        return any(is_user(value) for value in values) and len(values) > 1
    return False


def role_columns_in(node: Node, more: tuple[str, ...] = ()) -> list[str]:
    """Return the role columns of the requester that a condition compares with a literal."""
    found = []
    for part in parts(node):
        if part[0] == "cmp" and any(is_literal(right) for right in part[3]):
            left = part[1]
            ours = left[0] == "attr" and is_user(left[1])
            if ours and (COLUMN.match(left[2]) or left[2] in more):
                found.append(left[2])
    return found


def is_literal(node: Node) -> bool:
    """Tell whether an expression is a text, several of them, or a constant of a class."""
    if node[0] == "list":
        return bool(node[1]) and all(is_literal(part) for part in node[1])
    if node[0] == "attr":
        return bool(node[2].isupper())
    return node[0] == "const" and isinstance(node[1], str)


def group_names_in(node: Node) -> list[str]:
    """Return the names of groups that a condition asks the requester for."""
    found = []
    for part in parts(node):
        if part[0] != "call" or part[1][0] != "attr" or part[1][1][0] != "attr":
            continue
        if part[1][1][2] == "groups" and is_user(part[1][1][1]):
            found += [
                str(value[1]) if value[0] == "const" else "several"
                for name, value in part[3]
                if name in {"name", "name__in", "name__iexact"}
            ]
    return found


def session_roles_in(node: Node) -> list[str]:
    """Return the keys of the session that sound like a role and that a condition reads."""
    found = []
    for part in parts(node):
        held, key = None, None
        if part[0] == "item":
            held, key = part[1], part[2]
        elif part[0] == "call" and part[1][0] == "attr" and part[1][2] == "get" and part[2]:
            held, key = part[1][1], part[2][0]
        ours = held and key and held[0] == "attr" and held[2] == "session" and key[0] == "const"
        if ours and key and SESSION.search(str(key[1])):
            found.append(str(key[1]))
    return found
