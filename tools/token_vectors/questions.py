"""The questions to claims, each with one of three answers."""

from typing import Any

from .making import LEEWAY, NOW, PAYLOAD, payload

HEAD = payload(roles={"school": {"head": ["7"]}})
CUT = payload(trunc=["course"], asked=["course:88"])
BANNED = payload(deny=["course:123"])
BANNED_ABOVE = payload(deny=["school:7"])
VIEWING = payload(
    view_as={"role": "student", "context": "course:123"},
    roles={"course": {"student": ["567"], "teacher": ["123", "345"]}},
)
VIEWING_AS_TEACHER = payload(
    view_as={"role": "teacher", "context": "school:7"}, roles={"school": {"head": ["7"]}}
)
VIEWING_AS_TA = payload(
    view_as={"role": "ta", "context": "course:123"}, roles={"course": {"teacher": ["123"]}}
)
ACTING = payload(act={"sub": "1"})
SUPERUSER = payload(roles={"platform": {"superuser": ["-"]}})


def all_of_them() -> list[dict[str, Any]]:
    """Return every question."""
    return [*by_role(), *through_the_policy(), *by_permission(), *while_viewing(), *in_time()]


def question(
    name: str, claims: dict[str, Any], what: str, where: str, answer: str, **others: Any
) -> dict[str, Any]:
    """Return one: a word with a dot is a permission, another a role."""
    type_, _, id_ = where.partition(":")
    result, _, reason = answer.partition(" ")
    return {
        "name": name,
        "claims": claims,
        "ask": {"context": type_, "id": id_, ("permission" if "." in what else "role"): what},
        "lineage": others.pop("lineage", []),
        "policy": others.pop("policy", False),
        "safe": others.pop("safe", True),
        "now": others.pop("now", NOW),
        "answer": result,
        "reason": reason,
    }


def by_role() -> list[dict[str, Any]]:
    """Return questions that need no policy."""
    q = question
    return [
        q("held", PAYLOAD, "teacher", "course:123", "allowed role"),
        q("held elsewhere", PAYLOAD, "teacher", "course:567", "denied no_role"),
        q("another role", PAYLOAD, "student", "course:123", "denied no_role"),
        q("a type without roles", PAYLOAD, "head", "school:7", "denied no_role"),
        q("a longer id", PAYLOAD, "teacher", "course:1234", "denied no_role"),
        q("an id with a zero", PAYLOAD, "teacher", "course:0123", "denied no_role"),
        q("no policy, no implied role", HEAD, "teacher", "course:1", "denied no_role"),
        q("cut, and there", CUT, "teacher", "course:123", "allowed role"),
        q("cut, there in another role", CUT, "student", "course:123", "denied no_role"),
        q("cut, and not there", CUT, "teacher", "course:999", "unknown context_not_in_token"),
        q("cut, not there, but asked for", CUT, "teacher", "course:88", "denied no_role"),
        q("another type was cut", CUT, "head", "school:7", "denied no_role"),
        q("refused", BANNED, "teacher", "course:123", "denied refused"),
        q("refused elsewhere", BANNED, "teacher", "course:345", "allowed role"),
        q(
            "refused above",
            BANNED_ABOVE,
            "teacher",
            "course:123",
            "denied refused",
            lineage=["school:7"],
        ),
        q(
            "refused on the platform",
            payload(deny=["platform:-"]),
            "teacher",
            "course:123",
            "denied refused",
        ),
        q(
            "cut, refused and not there",
            payload(trunc=["course"], deny=["course:9"]),
            "teacher",
            "course:9",
            "denied refused",
        ),
        q("on the platform", SUPERUSER, "superuser", "platform:-", "allowed role"),
    ]


def through_the_policy() -> list[dict[str, Any]]:
    """Return questions about roles that others imply."""
    above = {"lineage": ["school:7"], "policy": True}
    return [
        question("implied from above", HEAD, "teacher", "course:1", "allowed role", **above),
        question("implied twice", HEAD, "ta", "course:1", "allowed role", **above),
        question("implied in the place", PAYLOAD, "ta", "course:123", "allowed role", policy=True),
        question("not implied", HEAD, "student", "course:1", "denied no_role", **above),
        question(
            "another school",
            HEAD,
            "teacher",
            "course:1",
            "denied no_role",
            lineage=["school:8"],
            policy=True,
        ),
        question(
            "nobody says which school", HEAD, "teacher", "course:1", "denied no_role", policy=True
        ),
        question(
            "from the platform", SUPERUSER, "teacher", "course:1", "allowed role", policy=True
        ),
        question(
            "cut, but implied from above",
            payload(trunc=["course"], roles=HEAD["roles"]),
            "teacher",
            "course:999",
            "allowed role",
            **above,
        ),
        question(
            "cut, but refused above",
            payload(trunc=["course"], deny=["school:7"]),
            "teacher",
            "course:999",
            "denied refused",
            **above,
        ),
        question(
            "below, the course was cut",
            CUT,
            "teacher",
            "course:999",
            "unknown context_not_in_token",
            **above,
        ),
    ]


def by_permission() -> list[dict[str, Any]]:
    """Return questions about what may be done."""
    with_policy = {"policy": True}
    return [
        question("given", PAYLOAD, "grade.edit", "course:123", "allowed role", **with_policy),
        question("given by an implied role", PAYLOAD, "course.view", "course:123", "allowed role", **with_policy),
        question("not given", PAYLOAD, "grade.edit", "course:567", "denied no_role", **with_policy),
        question("given above", HEAD, "grade.edit", "lesson:3", "allowed role", lineage=["course:1", "school:7"], **with_policy),
        question("public", PAYLOAD, "course.preview", "course:9", "allowed public", **with_policy),
        question("public, but refused", BANNED, "course.preview", "course:123", "denied refused", **with_policy),
        question("for anybody", PAYLOAD, "help.view", "platform:-", "allowed anonymous", **with_policy),
        question("for whoever is known", PAYLOAD, "home.view", "platform:-", "allowed authenticated", **with_policy),
        question("without a policy", PAYLOAD, "grade.edit", "course:123", "denied unknown_here"),
        question("cut", CUT, "grade.edit", "course:999", "unknown context_not_in_token", **with_policy),
        question("cut below", CUT, "grade.edit", "lesson:3", "unknown context_not_in_token", lineage=["course:999", "school:7"], **with_policy),
    ]  # fmt: skip


def while_viewing() -> list[dict[str, Any]]:
    """Return questions to tokens with which nothing may be changed."""
    with_policy = {"policy": True}
    lineage = ["course:123", "school:7"]
    return [
        question("viewed as another", VIEWING, "teacher", "course:123", "denied view_as"),
        question("viewed as it, but not held", VIEWING, "student", "course:123", "denied no_role"),
        question("viewed elsewhere", VIEWING, "teacher", "course:345", "allowed role"),
        question("it may lie below", payload(view_as=VIEWING["view_as"], roles={"lesson": {"guest": ["3"]}}), "guest", "lesson:3", "denied view_as"),
        question("both may", VIEWING, "course.view", "course:123", "allowed role", **with_policy),
        question("only the held one may", VIEWING, "grade.edit", "course:123", "denied view_as", **with_policy),
        question("below it", VIEWING, "grade.edit", "lesson:3", "denied view_as", lineage=lineage, **with_policy),
        question("beside it", VIEWING, "grade.edit", "course:345", "allowed role", **with_policy),
        question("as an implied role", VIEWING_AS_TA, "ta", "course:123", "allowed role", **with_policy),
        question("as a role on the school", VIEWING_AS_TEACHER, "teacher", "course:1", "denied view_as", lineage=["school:7"], **with_policy),
        question("something would change", VIEWING, "teacher", "course:345", "denied view_as_read_only", safe=False),
        question("somebody acts, and reads", ACTING, "teacher", "course:123", "allowed role"),
        question("somebody acts, and changes", ACTING, "teacher", "course:123", "denied acting_read_only", safe=False),
    ]  # fmt: skip


def in_time() -> list[dict[str, Any]]:
    """Return questions to claims that were verified before."""
    exp = PAYLOAD["exp"]
    return [
        question("the last second", PAYLOAD, "teacher", "course:123", "allowed role", now=exp + LEEWAY - 1),
        question("over since", PAYLOAD, "teacher", "course:123", "denied expired", now=exp + LEEWAY),
    ]  # fmt: skip
