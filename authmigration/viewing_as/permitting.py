"""Who may look as whom: only as a role that a held role lists in its ``view_as``."""

from __future__ import annotations

from auth_lib import Context, HeldRoles, Lineage, Policy, Role

from .. import conf, pins, registry
from ..errors import ViewAsRefused
from ..snapshots import snapshot_of
from ..subjects import Subject


def permitted(policy: Policy, held: HeldRoles, role: Role, lineage: Lineage) -> str:
    """Return the name of the held role that may look at a context as another role.

    Raises:
        ViewAsRefused: no role held on the lineage lists the other in its ``view_as``.

    """
    if role.on == lineage[0].type and held.active and not held.refusals.intersection(lineage):
        for context in lineage:
            for name in sorted(held.grants.get(context, ())):
                if _may_view(policy, context.type, name, role):
                    return name
    raise ViewAsRefused(
        f"No role held in {lineage[0]} or above may view it as {role.name!r}; a role allows that "
        f"with view_as={{{role.name!r}}}."
    )


def role_that_permits(subject: Subject, role: Role, context: Context) -> str:
    """Return the name of the role, held in the world that decides now, that permits a view-as.

    Raises:
        ViewAsRefused: there is none.
        Exception: what the subject holds cannot be read.

    """
    declared = registry.get()
    held = snapshot_of(subject).deciding()
    return permitted(declared.policy, held, role, _lineage(context))


def _lineage(context: Context) -> Lineage:
    lineages, using = registry.get().lineages, conf.get().database
    pin = pins.current()
    known = pin.parents if pin is not None else {}

    def above(below: Context) -> Context | None:
        if below not in known:
            known[below] = lineages.parent_of(below, using)
        found: Context | None = known[below]
        return found

    return lineages.of_context(context, above)


def _may_view(policy: Policy, on: str, name: str, role: Role) -> bool:
    held = next((r for r in policy.roles if r.on == on and r.name == name), None)
    if held is None:
        return False
    return any(role.name in policy.by_key[key].view_as for key in policy.closure(held))
