"""Who holds one of some roles on a lineage, by the stored facts that hold now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from auth_lib import Effect, Lineage

from ..models import Assignment
from ..subjects import SERVICE_PREFIX, key_of


def holders(
    lineage: Lineage, roles: Mapping[str, frozenset[str]], *, using: str
) -> tuple[str, ...]:
    """Return the subjects that hold a role on a lineage and are not barred from it.

    Args:
        lineage: the contexts from the object up to the platform.
        roles: context type to the names of the roles that suffice there.
        using: the alias of the database.

    """
    rows = _holding_now(using)
    here = _any(Q(context_type=c.type, context_id=c.id) for c in lineage)
    sufficing = _any(
        Q(context_type=c.type, context_id=c.id, role__in=roles[c.type])
        for c in lineage
        if roles.get(c.type)
    )
    barred = rows.filter(here, effect=Effect.REFUSE).values("subject")
    found = rows.filter(sufficing, effect=Effect.GRANT).exclude(subject__in=barred)
    subjects = set(found.values_list("subject", flat=True))
    return tuple(sorted(subjects - _inactive(subjects, using)))


def barred(lineage: Lineage, *, using: str) -> frozenset[str]:
    """Return the subjects that are barred from a lineage now."""
    here = _any(Q(context_type=c.type, context_id=c.id) for c in lineage)
    rows = _holding_now(using).filter(here, effect=Effect.REFUSE)
    return frozenset(rows.values_list("subject", flat=True))


def _holding_now(using: str) -> QuerySet[Assignment]:
    # The clock of the database, as for every other question; Python's speaks the platform's time
    # under USE_TZ = False, and the stored moments never do.
    rows = Assignment.objects.using(using)
    return rows.filter(Q(valid_until=None) | Q(valid_until__gt=Now()), valid_from__lte=Now())


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=())
    for condition in conditions:
        found |= condition
    return found


def _inactive(subjects: Iterable[str], using: str) -> set[str]:
    """Return those whose account is closed; a host's model may know no such thing."""
    model = get_user_model()
    if not any(field.name == "is_active" for field in model._meta.concrete_fields):
        return set()
    keys = [key_of(s) for s in subjects if not s.startswith(SERVICE_PREFIX)]
    closed = model._base_manager.using(using).filter(pk__in=keys, is_active=False)
    return {str(key) for key in closed.values_list("pk", flat=True)}
