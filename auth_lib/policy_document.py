"""The policy as a document that an issuer publishes and services load or ship as a file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeVar

from . import strict_json
from .errors import PolicyError
from .policy import ContextKind, Policy
from .roles import Role, RoleKey

FORMAT = 1
_NAMES = frozenset({"format", "version", "context_types", "roles", "anonymous", "authenticated"})
_TYPE_NAMES = frozenset({"parent", "public", "conditional"})
_ROLE_NAMES = frozenset({"on", "name", "can", "implies", "view_as"})
T = TypeVar("T")


def dump(policy: Policy) -> dict[str, Any]:
    """Return a policy as a document: the same policy always gives the same one.

    ``version`` is a hash of everything else: equal versions are equal policies.
    """
    content: dict[str, Any] = {
        "format": FORMAT,
        "context_types": {kind.name: _type(kind) for kind in _by_name(policy)},
        "roles": [_role(role) for role in sorted(policy.roles, key=lambda role: role.key)],
        "anonymous": sorted(policy.anonymous),
        "authenticated": sorted(policy.authenticated),
    }
    return {"version": version_of(content), **content}


def dumps(policy: Policy) -> str:
    """Return a policy as JSON text, for a file."""
    return json.dumps(dump(policy), indent=2) + "\n"


def load(document: Mapping[str, Any]) -> Policy:
    """Return the policy of a document.

    Raises:
        PolicyError: another format, a name that means nothing, a wrong shape, a version that is
            not of this content, or roles that contradict each other.

    """
    _require_names("The policy document", document, _NAMES)
    if type(document["format"]) is not int or document["format"] != FORMAT:
        raise PolicyError([f"format {document['format']!r}: this release reads format {FORMAT}."])
    content = {name: value for name, value in document.items() if name != "version"}
    policy = _policy(content)
    if document["version"] != version_of(content):
        raise PolicyError(["version is not that of the content: export the policy again."])
    return policy


def loads(text: str) -> Policy:
    """Return the policy of a JSON text; see :func:`load`."""
    try:
        document = strict_json.loads(text.encode())
    except ValueError as error:
        raise PolicyError([f"The policy document is no JSON: {error}"]) from error
    return load(document)


def version_of(content: Mapping[str, Any]) -> str:
    """Return the hash of a document without its version."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _by_name(policy: Policy) -> list[ContextKind]:
    return sorted(policy.kinds, key=lambda kind: kind.name)


def _type(kind: ContextKind) -> dict[str, Any]:
    return {
        "parent": kind.parent,
        "public": sorted(kind.public),
        "conditional": kind.conditional,
    }


def _role(role: Role) -> dict[str, Any]:
    return {
        "on": role.on,
        "name": role.name,
        "can": sorted(role.can),
        "implies": sorted(str(key) for key in role.implies),
        "view_as": sorted(role.view_as),
    }


def _policy(content: Mapping[str, Any]) -> Policy:
    types = _of(dict, "context_types", content["context_types"])
    roles = _of(list, "roles", content["roles"])
    return Policy(
        tuple(_read_role(number, each) for number, each in enumerate(roles)),
        tuple(_read_type(name, each) for name, each in types.items()),
        _texts("anonymous", content["anonymous"]),
        _texts("authenticated", content["authenticated"]),
    )


def _read_type(name: str, value: Any) -> ContextKind:
    where = f"context_types.{name}"
    _require_names(where, value, _TYPE_NAMES)
    parent = value["parent"]
    if parent is not None:
        _of(str, f"{where}.parent", parent)
    public = _texts(f"{where}.public", value["public"])
    conditional = _of(bool, f"{where}.conditional", value["conditional"])
    return ContextKind(name, parent, public, conditional)


def _read_role(number: int, value: Any) -> Role:
    where = f"roles[{number}]"
    _require_names(where, value, _ROLE_NAMES)
    role = Role(
        _of(str, f"{where}.name", value["name"]),
        on=_of(str, f"{where}.on", value["on"]),
        can=_texts(f"{where}.can", value["can"]),
        view_as=_texts(f"{where}.view_as", value["view_as"]),
    )
    role.origin = f"{where} of the document"
    role.implies = tuple(_key(where, each) for each in sorted(_texts(where, value["implies"])))
    return role


def _key(where: str, text: str) -> RoleKey:
    on, slash, name = text.partition("/")
    if not slash:
        raise PolicyError([f"{where}.implies: {text!r} is not of the form course/teacher."])
    return RoleKey(on, name)


def _require_names(where: str, value: Any, names: frozenset[str]) -> None:
    if not isinstance(value, Mapping):
        raise PolicyError([f"{where} is not an object."])
    if missing := sorted(names - value.keys()):
        raise PolicyError([f"{where} lacks {', '.join(missing)}."])
    if unknown := sorted(map(str, value.keys() - names)):
        raise PolicyError([f"{where} has {', '.join(unknown)}, which means nothing here."])


def _of(kind: type[T], where: str, value: Any) -> T:
    if type(value) is kind:
        return value
    raise PolicyError([f"{where} is not a {kind.__name__}."])


def _texts(where: str, value: Any) -> frozenset[str]:
    found = _of(list, where, value)
    if all(type(each) is str for each in found):
        return frozenset(found)
    raise PolicyError([f"{where} is not a list of texts."])
