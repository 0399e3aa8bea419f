"""Random policies, held roles and lineages over three types of context."""

from collections.abc import Sequence

from hypothesis import strategies as st

from auth_lib import PLATFORM, Context, ContextKind, HeldRoles, Policy, Role

TYPES = ("lesson", "course", "school", "platform")
PERMISSIONS = ("lesson.view", "course.view", "course.edit", "grade.edit", "school.view")
NAMES = ("alpha", "beta", "gamma")
IDS = ("1", "2")


def subsets(of: Sequence[str], least: int = 0) -> st.SearchStrategy[frozenset[str]]:
    """Drawn as one number, which is many times faster than a set."""
    return st.integers(least, 2 ** len(of) - 1).map(
        lambda bits: frozenset(each for place, each in enumerate(of) if bits >> place & 1)
    )


permissions = subsets(PERMISSIONS)
EVERYWHERE = (PLATFORM, *(Context(type_, id_) for type_ in TYPES[:3] for id_ in IDS))
contexts = st.sampled_from(EVERYWHERE)
types = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)
ids = (
    st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=128)
    .filter(str.isprintable)
    .filter(lambda text: text == text.strip())
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Roles may imply those that were drawn before them, on their own type or on one below."""
    roles: list[Role] = []
    for on in TYPES:
        for name in sorted(draw(subsets(NAMES))):
            below = [r for r in roles if TYPES.index(r.on) <= TYPES.index(on)]
            implied = [draw(st.sampled_from(below))] if below and draw(st.booleans()) else []
            roles.append(Role(name, on=on, can=draw(permissions), implies=implied))
    public, conditional = draw(permissions), draw(st.booleans())
    kinds = (
        ContextKind("lesson", "course"),
        ContextKind("course", "school", public, conditional),
        ContextKind("school"),
    )
    return Policy(roles, kinds, draw(permissions), draw(permissions))


@st.composite
def held_roles(draw: st.DrawFn) -> HeldRoles:
    grants = draw(st.dictionaries(contexts, subsets(NAMES, least=1), max_size=4))
    refusals = draw(st.frozensets(contexts, max_size=2))
    subject = draw(st.sampled_from(("7", None)))
    return HeldRoles(subject, grants, refusals, draw(st.booleans()) or draw(st.booleans()))


@st.composite
def lineages(draw: st.DrawFn) -> tuple[Context, ...]:
    """From a type up to the platform, each level with an id."""
    start = draw(st.sampled_from(range(len(TYPES))))
    found = [Context(type_, draw(st.sampled_from(IDS))) for type_ in TYPES[start:-1]]
    return (*found, PLATFORM)
