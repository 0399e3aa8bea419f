"""Rows that a client's id selects and nothing protects, with how sure that is and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..project.definitions import Class
from .judging import Judge
from .state import Fetch, Use

OWNED, CHECKED, HANGS_ON, STRANGE, PUBLIC = 80, 80, 65, 55, 20
READING = {"read"}
LOGINS = {"email", "username", "email__iexact", "username__iexact", "phone", "login"}
INNER = re.compile(r"(^|/)(admin|dashboard|backoffice|staff)(/|[._])")


@dataclass(slots=True)
class Suspect:
    """An unprotected row: the first bare use, the confidence from 0 to 100, and the reasons."""

    fetch: Fetch
    use: Use
    confidence: int
    reasons: list[str] = field(default_factory=list)
    context: Fetch | None = None
    shape: str = ""

    def weigh(self, points: int, reason: str = "") -> None:
        self.confidence += points
        if reason:
            self.reasons.append(reason)


def suspects(judge: Judge) -> Iterator[Suspect]:
    """Yield what is unprotected, most telling use first."""
    for fetch in judge.program.fetches:
        bare = judge.bare(fetch)
        if not bare or any(excused(use) for use in bare):
            continue
        yield weighed(judge, fetch, bare)


def excused(use: Use) -> bool:
    """Tell whether a role that reaches everything, or an object permission, was asked for."""
    return bool(use.gates & {"superuser", "object", "capability"})


def weighed(judge: Judge, fetch: Fetch, bare: list[Use]) -> Suspect:
    order = {"write": 0, "read": 1, "attach": 2, "pass": 3}
    use = min(bare, key=lambda each: order[each.kind])
    suspect = Suspect(fetch, use, 0)
    model = fetch.query.model
    of_model(judge, suspect, model)
    of_context(suspect)
    of_role(judge, suspect, model)
    of_use(judge, suspect, bare, model)
    if not fetch.entry.routed and judge.routed:
        suspect.weigh(-20, "no URL of the tree leads here")
    if not fetch.entry.routed and INNER.search(fetch.entry.module.path):
        suspect.weigh(-35, "its folder says that it is for staff, and no URL is known")
    if fetch.entry.inherited and not fetch.entry.routed:
        suspect.weigh(-35, "other views inherit from it")
    if fetch.entry.trusted:
        suspect.weigh(-45, f"{fetch.entry.trusted[0]} may check it; its code is not in the tree")
    if fetch.how == "list":
        of_list(judge, suspect, model)
    suspect.shape = shape_of(judge, suspect, bare)
    return suspect


def shape_of(judge: Judge, suspect: Suspect, bare: list[Use]) -> str:
    """Return the one shape that a suspect is reported as."""
    fetch = suspect.fetch
    kinds = {use.kind for use in bare}
    shapes = {
        "sql": "raw()" in fetch.query.names,
        "list": fetch.how == "list" and not fetch.query.keys,
        "role": "role" in suspect.use.gates and "context" not in suspect.use.gates,
        "reference": kinds <= {"attach"},
        "child": suspect.context is not None or "context" in suspect.use.gates,
        "write": "write" in kinds and any(judge.protected(fetch, use) for use in fetch.uses),
        "body": any(str(token[1]).startswith("body:") for token in fetch.query.keys),
    }
    return next((name for name, holds in shapes.items() if holds), "url")


def of_model(judge: Judge, suspect: Suspect, model: Class | None) -> None:
    """Weigh whose the rows of the model are."""
    if model is None:
        suspect.weigh(STRANGE, "its model is not in the tree")
        if suspect.fetch.indirect and not suspect.fetch.query.symbol:
            suspect.weigh(-15, "what is looked up is not known")
        return
    if {model.name, f"{model.module.name.split('.')[0]}.{model.name}"} & judge.program.public:
        suspect.weigh(0, "the configuration calls its model public")
        return
    path = judge.program.models.owner_path(model)
    if model in judge.checked_models:
        place = judge.checked_models[model]
        suspect.weigh(CHECKED, f"{place.path}:{place.line} checks whose {model.name} it is")
    elif path:
        suspect.weigh(OWNED, f"{model.name} belongs to a user ({path})")
    elif up := judge.checked_elsewhere(model):
        above = up.query.model.name if up.query.model else ""
        suspect.weigh(HANGS_ON, f"{model.name} hangs on {above}, which {up.path}:{up.line} checks")
    elif model in judge.program.contexts:
        suspect.weigh(HANGS_ON, f"{model.name} is the context of a declared role table")
    elif judge.program.models.is_user(model):
        suspect.weigh(STRANGE, f"{model.name} is an account")
    else:
        suspect.weigh(PUBLIC)


def of_context(suspect: Suspect) -> None:
    """Weigh a context that the same request authorised, and that the row was not tied to."""
    fetch, use = suspect.fetch, suspect.use
    for other in fetch.entry.fetches:
        if (
            other is not fetch
            and other.token in use.guards
            and other.query.keys != fetch.query.keys
        ):
            suspect.context = other
            suspect.weigh(20, "another row was authorised, and this one was not tied to it")
            return
    if "context" in use.gates:
        suspect.weigh(20, "a context was authorised, and the row was not tied to it")


def of_role(judge: Judge, suspect: Suspect, model: Class | None) -> None:
    """Weigh a role without a context: it is enough where nobody checks further."""
    if "role" not in suspect.use.gates or "context" in suspect.use.gates:
        return
    if judge.staff_limited(model):
        suspect.weigh(-5, "only a role is asked for, which is not enough elsewhere")
    else:
        suspect.weigh(-50, "only a role is asked for")


def of_use(judge: Judge, suspect: Suspect, bare: list[Use], model: Class | None) -> None:
    kinds = {use.kind for use in bare}
    reads = kinds <= READING
    if reads and suspect.fetch.query.public:
        suspect.weigh(-50, "only rows that are open to all are read")
    if judge.program.models.is_user(model) and "write" not in kinds:
        suspect.weigh(-40, "an account is only shown or referred to")
    if judge.program.models.is_user(model) and LOGINS & suspect.fetch.query.names:
        suspect.weigh(-40, "an account is looked up by what its owner knows")
    if kinds <= {"pass"}:
        suspect.weigh(-25)
    if kinds <= {"attach"}:
        suspect.weigh(-25)


def of_list(judge: Judge, suspect: Suspect, model: Class | None) -> None:
    """Weigh a list: it is open on purpose more often than a row."""
    if suspect.fetch.query.keys:
        return
    if model is None or model not in judge.checked_models:
        suspect.weigh(-40, "a list")
