"""Filtering querysets, in the world that decides for the subject."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from auth_lib import Decision, Reason

from .. import registry, shadow, viewing_as
from ..contexts import ContextType
from ..registry import Registry
from ..rollout import Stage
from ..snapshots import CENTRAL, Snapshot, snapshot_of
from ..subjects import Subject, subject_of
from .confirming import settled
from .lists import EVERYTHING, NOTHING, condition, either, granted, within, without_barred

Row = TypeVar("Row", bound=Model)


def filter_queryset(who: Any, permission: str, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return those rows on which a subject has a permission.

    Args:
        who: a user, somebody anonymous, or the id of a subject.
        permission: ``course.view``.
        rows: a queryset over the model of a declared context type.

    Raises:
        UnknownPermission: the policy does not declare it.
        InvalidContext: the model is no declared context type.

    """
    declared = registry.get()
    kind = _kind(declared, rows.model)
    subject = subject_of(who)
    declared.policy.granting(permission)
    snapshot = snapshot_of(subject)
    if snapshot.world == CENTRAL:
        found = central_rows(declared, snapshot, permission, kind, rows)
    else:
        old = legacy_rows(declared, snapshot, permission, kind, rows, answering=True)
        found = _with_native(declared, snapshot, permission, rows, old)
    if snapshot.compared:
        _compare(declared, snapshot, permission, kind, rows)
    return _as_viewed(found, declared, subject, permission, kind)


def _kind(declared: Registry, model: type[Model]) -> ContextType:
    return declared.lineages.type_of_model(model)


def central_rows(
    declared: Registry, snapshot: Snapshot, permission: str, kind: ContextType, rows: QuerySet[Row]
) -> QuerySet[Row]:
    """Return the rows that the central facts allow."""
    return rows.filter(condition(declared, snapshot.held, permission, kind))


def central_minus_native(
    declared: Registry, snapshot: Snapshot, permission: str, kind: ContextType, rows: QuerySet[Row]
) -> QuerySet[Row]:
    """Return the rows that those central facts allow which legacy has as well."""
    return rows.filter(condition(declared, snapshot.without_native(), permission, kind))


def legacy_rows(
    declared: Registry,
    snapshot: Snapshot,
    permission: str,
    kind: ContextType,
    rows: QuerySet[Row],
    *,
    answering: bool = False,
) -> QuerySet[Row]:
    """Return the rows that the old code lists, or the policy over the legacy facts.

    Raises:
        Exception: what makes the legacy sources fail, unless ``answering``: they give nothing then.

    """
    listed = _listed(declared, snapshot, permission, kind)
    if listed is None:
        held = snapshot.legacy_answering() if answering else snapshot.legacy_held()
        return rows.filter(condition(declared, held, permission, kind))
    return rows.filter(pk__in=listed.order_by().values("pk"))


def _listed(
    declared: Registry, snapshot: Snapshot, permission: str, kind: ContextType
) -> QuerySet[Any] | None:
    """Return what the old code lists; None where it lists rows of another type, or nothing."""
    old = declared.lists.get(permission)
    if old is None:
        return None
    if snapshot.subject.id is not None and snapshot.subject.user is None:
        return kind.model._base_manager.none()  # legacy code knows people only
    found = old(snapshot.subject.user or AnonymousUser())
    return found if _concrete(found.model) is _concrete(kind.model) else None


def _concrete(model: type[Model]) -> type[Model]:
    return model._meta.concrete_model or model


def _with_native(
    declared: Registry,
    snapshot: Snapshot,
    permission: str,
    rows: QuerySet[Row],
    found: QuerySet[Row],
) -> QuerySet[Row]:
    """At enforce a stale subject keeps what legacy cannot know: native grants, and refusals."""
    if snapshot.stage.rank < Stage.ENFORCE.rank or not snapshot.native.types:
        return found
    kind = _kind(declared, rows.model)
    listed = Q(pk__in=found.order_by().values("pk"))
    allowed = either([listed, granted(declared, snapshot.native, permission, kind)])
    return rows.filter(without_barred(declared, snapshot.native, kind, allowed))


def _as_viewed(
    found: QuerySet[Row], declared: Registry, subject: Subject, permission: str, kind: ContextType
) -> QuerySet[Row]:
    viewing = viewing_as.current(subject.id)
    if viewing is None:
        return found
    here = within(declared, viewing.context, kind)
    if here == NOTHING:
        return found
    if not viewing.safe:
        return found.none() if here == EVERYTHING else found.exclude(here)
    seen = condition(declared, viewing_as.held_as(viewing), permission, kind)
    return found.filter(either([seen, ~here]) if here != EVERYTHING else seen)


def _compare(
    declared: Registry, snapshot: Snapshot, permission: str, kind: ContextType, rows: QuerySet[Row]
) -> None:
    listed = declared.lists.get(permission)
    shadow.observe(
        shadow.Comparison(
            subject=str(snapshot.subject.id),
            staged=snapshot.staged,
            permission=permission,
            context_type=kind.name,
            stricter=listed.stricter if listed is not None else None,
            roles=tuple,
            control_origin=f"the list of {permission}",
            now=lambda: _difference(declared, snapshot, permission, kind, rows),
            again=lambda: _difference_again(declared, snapshot.subject, permission, kind, rows),
        )
    )


def _difference_again(
    declared: Registry, subject: Subject, permission: str, kind: ContextType, rows: QuerySet[Row]
) -> shadow.Pair | None:
    return settled(
        subject, lambda snapshot: _difference(declared, snapshot, permission, kind, rows)
    )


def _difference(
    declared: Registry, snapshot: Snapshot, permission: str, kind: ContextType, rows: QuerySet[Row]
) -> shadow.Pair:
    """Compare the two lists as sets: one row in the one and not in the other is enough."""
    old = legacy_rows(declared, snapshot, permission, kind, rows).order_by()
    new = central_minus_native(declared, snapshot, permission, kind, rows).order_by()
    if new.exclude(pk__in=old.values("pk")).exists():
        return shadow.Pair(control=False, candidate=Decision(True, Reason.ROLE))
    if old.exclude(pk__in=new.values("pk")).exists():
        return shadow.Pair(control=True, candidate=Decision(False, Reason.NO_ROLE))
    return shadow.Pair(control=True, candidate=Decision(True, Reason.ROLE))
