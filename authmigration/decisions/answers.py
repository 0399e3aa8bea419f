"""The decision point: every question, whoever asks it, is answered here."""

from __future__ import annotations

from typing import NamedTuple

from auth_lib import Decision, HeldRoles, Reason, decide, decide_role

from .. import shadow, viewing_as
from ..registry import Registry
from ..rollout import Stage
from ..snapshots import CENTRAL, Snapshot, snapshot_of
from ..subjects import Subject
from .confirming import settled
from .controls import Control, check_for, control
from .targets import Opening, Target


class Answer(NamedTuple):
    """A decision, and the exception by which the old code said no, to be raised as today."""

    decision: Decision
    raised: Exception | None = None


def answer(declared: Registry, subject: Subject, permission: str, target: Target) -> Answer:
    """Answer a question for a permission.

    Raises:
        UnknownPermission: the policy does not declare it.

    """
    snapshot = snapshot_of(subject)
    given = None
    if snapshot.world == CENTRAL:
        found = Answer(candidate(snapshot, snapshot.held, permission, target))
    else:
        declared.policy.granting(permission)  # a misspelt one raises here as well
        given = control(snapshot, permission, target, answering=True)
        found = Answer(_with_native(given, snapshot, permission, target), given.raised)
    if snapshot.compared:
        _compare(snapshot, permission, target, given)
    viewing = viewing_as.current(subject.id)
    if viewing is None:
        return found
    narrowed = viewing_as.narrowed(
        found.decision,
        declared.policy,
        viewing,
        permission,
        target.lineage(),
        open_here=Opening(target),
    )
    return Answer(narrowed, found.raised)


def answer_role(declared: Registry, subject: Subject, role: str, target: Target) -> Decision:
    """Answer whether a subject holds a role, by the facts of the world that decides.

    Raises:
        UnknownRole: the context's type has no such role.

    """
    policy = declared.policy
    policy.satisfying(target.first.type, role)
    snapshot = snapshot_of(subject)
    central = snapshot.world == CENTRAL
    held = snapshot.held if central else snapshot.legacy_answering()
    lineage = target.lineage(held.types | snapshot.native.types)
    found = decide_role(policy, held, role, lineage)
    if not central and snapshot.stage.rank >= Stage.ENFORCE.rank:
        found = _overlaid(found, decide_role(policy, snapshot.native, role, lineage))
    found = _stamped(found, snapshot)
    viewing = viewing_as.current(subject.id)
    return (
        viewing_as.narrowed_role(found, policy, viewing, role, target.lineage())
        if viewing
        else found
    )


def candidate(snapshot: Snapshot, held: HeldRoles, permission: str, target: Target) -> Decision:
    """Return the central answer from what is held."""
    policy = target.declared.policy
    public = policy.public_on.get(permission)
    wanted = held.types.union(public) if public else held.types
    stamp = snapshot.stamp if snapshot.world == CENTRAL else snapshot.stamp._replace(world=CENTRAL)
    lineage = target.lineage(wanted)
    return decide(policy, held, permission, lineage, open_here=Opening(target), stamp=stamp)


def _with_native(given: Control, snapshot: Snapshot, permission: str, target: Target) -> Decision:
    """At enforce a stale subject keeps what legacy cannot know: native grants, and refusals."""
    decision = given.decision
    if snapshot.stage.rank < Stage.ENFORCE.rank or not snapshot.native.types:
        return decision
    policy, native = target.declared.policy, snapshot.native
    found = decide(policy, native, permission, target.lineage(native.types))
    return _stamped(_overlaid(decision, found), snapshot)


def _overlaid(decision: Decision, native: Decision) -> Decision:
    if native.reason is Reason.REFUSED:
        return native
    if native.allowed and native.reason is Reason.ROLE and not decision.allowed:
        return native._replace(reason=Reason.NATIVE)
    return decision


def _stamped(decision: Decision, snapshot: Snapshot) -> Decision:
    return decision._replace(
        world=snapshot.world, stage=snapshot.stage, generation=snapshot.generation
    )


def _compare(snapshot: Snapshot, permission: str, target: Target, given: Control | None) -> None:
    check = check_for(permission, target)
    shadow.observe(
        shadow.Comparison(
            subject=str(snapshot.subject.id),
            staged=snapshot.staged,
            permission=permission,
            context_type=target.first.type,
            stricter=check.stricter if check is not None else None,
            roles=lambda: _roles_on(snapshot.held, target),
            control_origin=origin_of(check),
            now=lambda: _pair(snapshot, permission, target, given),
            again=lambda: _pair_again(snapshot.subject, permission, target),
        )
    )


def _pair(
    snapshot: Snapshot, permission: str, target: Target, given: Control | None
) -> shadow.Pair:
    known = given if given is not None else control(snapshot, permission, target)
    held = snapshot.without_native()
    return shadow.Pair(known.decision.allowed, candidate(snapshot, held, permission, target))


def _pair_again(subject: Subject, permission: str, target: Target) -> shadow.Pair | None:
    again = Target(target.declared, target.first)
    return settled(subject, lambda snapshot: _pair(snapshot, permission, again, None))


def _roles_on(held: HeldRoles, target: Target) -> tuple[str, ...]:
    lineage = target.lineage(held.types)
    return tuple(sorted({role for c in lineage for role in held.grants.get(c, ())}))


def origin_of(check: object) -> str:
    """Return where an old check stands; without one the policy answers from the legacy facts."""
    function = getattr(check, "function", None)
    code = getattr(function, "__code__", None)
    if code is None:
        return "the legacy facts"
    return f"{'/'.join(code.co_filename.split('/')[-3:])}:{code.co_firstlineno}"
