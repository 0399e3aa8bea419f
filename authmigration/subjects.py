"""Who asks: a user of the host, or the text id of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Model

from . import conf
from .errors import UnknownSubject

SERVICE_PREFIX = "service:"
SUBJECT_MAX_LENGTH = 64
"""The longest id of a subject that is stored."""


class Subject(NamedTuple):
    """A subject as the toolkit passes it on.

    Attributes:
        id: the immutable id as text; None for somebody anonymous.
        user: the host's user row where the caller had one.
        active: False where the account is closed.

    """

    id: str | None
    user: Any = None
    active: bool = True


ANONYMOUS = Subject(None)


def subject_of(who: Any) -> Subject:
    """Return the subject of a user object, of somebody anonymous, or of an id as text.

    A user without a primary key is anonymous: nothing could ever have been assigned to it.

    Raises:
        UnknownSubject: it is none of these. Were a number taken for somebody anonymous, whoever
            is barred would see what is public.

    """
    if isinstance(who, str):
        return by_id(who)
    if isinstance(who, Subject):
        return who
    if who is None:
        return ANONYMOUS
    try:
        is_known = who.is_authenticated
    except AttributeError:
        raise UnknownSubject(
            f"A {type(who).__name__} is nobody who could ask; pass a user, or its id as text."
        ) from None
    if not is_known or (key := who.pk) is None:
        return ANONYMOUS
    return Subject(str(key), who, bool(getattr(who, "is_active", True)))


def reread(subject: Subject) -> Subject | None:
    """Return a subject with its user row as it stands now; None where that is gone."""
    user = subject.user
    if not isinstance(user, Model):
        return subject
    # Of its own class: a host's log-in may give a proxy, whose methods the old code calls.
    rows = user.__class__._base_manager.using(conf.get().database)
    found = rows.filter(pk=user.pk).first()
    return None if found is None else subject_of(found)


def id_of(who: Any) -> str:
    """Return the text id of a subject, without looking anything up.

    Raises:
        UnknownSubject: it is anonymous, or empty, or can be no id of a user.

    """
    found = _canonical(who) if isinstance(who, str) else subject_of(who).id
    if found:
        return found
    raise UnknownSubject("Somebody anonymous holds no roles; pass a saved user or its id.")


def by_id(subject: str) -> Subject:
    """Return a subject by its id, with its user row.

    Raises:
        UnknownSubject: no user has that id.

    """
    (found,) = subjects_of([subject])
    return found


def subjects_of(people: Iterable[Any]) -> list[Subject]:
    """Return the subjects of several people; the rows of those given by id are read together.

    Raises:
        UnknownSubject: see :func:`subject_of`.

    """
    given = list(people)
    texts = [who for who in given if isinstance(who, str) and not who.startswith(SERVICE_PREFIX)]
    found = dict(_by_text(texts)) if texts else {}
    return [
        _given_as_text(who, found) if isinstance(who, str) else subject_of(who) for who in given
    ]


def _by_text(texts: Iterable[str]) -> Iterator[tuple[str, Subject]]:
    keys = {text: key_of(text) for text in texts}
    rows = get_user_model()._base_manager.using(conf.get().database)
    users = {user.pk: user for user in rows.filter(pk__in=set(keys.values()))}
    for text, key in keys.items():
        if key in users:
            # Not the text that was given: 007 and 7 are one user, and must not be two subjects.
            user = users[key]
            yield text, Subject(str(user.pk), user, bool(getattr(user, "is_active", True)))


def _given_as_text(text: str, found: Mapping[str, Subject]) -> Subject:
    if text.startswith(SERVICE_PREFIX):
        return Subject(text)
    if text not in found:
        raise UnknownSubject(f"No user has the id {text!r}.")
    return found[text]


def _canonical(subject: str) -> str:
    if not subject or subject.startswith(SERVICE_PREFIX):
        return subject
    return str(key_of(subject))


def key_of(subject: str) -> Any:
    """Return the primary key that a subject's id stands for.

    Raises:
        UnknownSubject: it is none for this user model.

    """
    model: type[Model] = get_user_model()
    try:
        return model._meta.pk.to_python(subject)
    except (ValidationError, ValueError, TypeError):
        raise UnknownSubject(f"{subject!r} is no id of {model._meta.label}.") from None
