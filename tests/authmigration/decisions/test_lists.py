"""A list is what a check allows: for random policies, and whatever anybody holds or is refused."""

from types import SimpleNamespace

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auth_lib import PLATFORM, Context, HeldRoles, Policy, Role, decide
from authmigration import ContextType
from authmigration.decisions.lists import condition
from authmigration.decisions.targets import Opening, target_of
from authmigration.registry import Registry
from monolith.courses.models import Course
from monolith.gradebook.models import Exercise, Grade
from monolith.schools.models import School
from tests.auth_lib.strategies import subsets
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db

MODELS = {"school": School, "course": Course, "exercise": Exercise, "grade": Grade}
PARENTS = {"course": "school", "exercise": "course", "grade": "exercise"}
TYPES = ("grade", "exercise", "course", "school", "platform")
PERMISSIONS = ("grade.view", "course.view", "course.edit", "school.view")
NAMES = ("alpha", "beta")


@st.composite
def registries(draw: st.DrawFn) -> Registry:
    roles: list[Role] = []
    for on in TYPES:
        for name in sorted(draw(subsets(NAMES))):
            implied = [draw(st.sampled_from(roles))] if roles and draw(st.booleans()) else []
            roles.append(Role(name, on=on, can=draw(subsets(PERMISSIONS)), implies=implied))
    where = draw(st.sampled_from((None, Q(is_public=True), Q(is_public=True, archived=False))))
    kinds = [
        ContextType(
            name,
            model,
            PARENTS.get(name),
            draw(subsets(PERMISSIONS)) if name in {"course", "school"} else (),
            where if name == "course" else None,
        )
        for name, model in MODELS.items()
    ]
    policy = Policy(anonymous=draw(subsets(PERMISSIONS)), authenticated=draw(subsets(PERMISSIONS)))
    named = {f"value_{number}": value for number, value in enumerate([*roles, *kinds])}
    return Registry([SimpleNamespace(**named, policy=policy)])


@st.composite
def held_roles(draw: st.DrawFn) -> HeldRoles:
    """Among ids that exist, one that does not, and one that no row can have."""
    ids = st.sampled_from(("1", "2", "3", "99", "x"))
    contexts = st.one_of(st.just(PLATFORM), st.builds(Context, st.sampled_from(TYPES[:-1]), ids))
    grants = draw(st.dictionaries(contexts, subsets(NAMES, least=1), max_size=5))
    refusals = frozenset(draw(st.lists(contexts, max_size=2)))
    active = draw(st.sampled_from((True, True, True, False)))
    return HeldRoles(draw(st.sampled_from(("7", None))), grants, refusals, active)


@pytest.fixture
def rows(db):
    """Two schools, three courses of every kind of openness, with what lies below them."""
    schools = [School.objects.create(pk=number, name=str(number)) for number in (1, 2)]
    courses = [
        worlds.course(school, pk=number, is_public=open_, archived=archived)
        for number, school, open_, archived in (
            (1, schools[0], False, False),
            (2, schools[0], True, False),
            (3, schools[1], True, True),
        )
    ]
    student = worlds.user()
    exercises = [Exercise.objects.create(pk=c.pk, course=c, title="E") for c in courses]
    for each in exercises:
        Grade.objects.create(pk=each.pk, exercise=each, student=student, points=1)
    related = {Grade: "exercise__course", Exercise: "course", Course: "school"}
    return {
        name: list(model.objects.select_related(*[related[model]] if model in related else []))
        for name, model in MODELS.items()
    }


@settings(
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(declared=registries(), held=held_roles())
def test_a_list_holds_exactly_what_a_check_allows(rows, declared, held):
    policy = declared.policy
    for name, model in MODELS.items():
        kind = declared.lineages.by_name[name]
        for permission in sorted(policy.permissions):
            listed = set(model.objects.filter(condition(declared, held, permission, kind)))
            allowed = set()
            for row in rows[name]:
                target = target_of(declared, row)
                open_here = Opening(target)
                if decide(policy, held, permission, target.lineage(), open_here=open_here):
                    allowed.add(row)
            assert listed == allowed, (name, permission)


@settings(
    deadline=None,
    derandomize=True,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(declared=registries(), held=held_roles())
def test_a_lineage_that_is_looked_up_as_far_as_needed_decides_like_the_whole(rows, declared, held):
    """By object and by id alike: levels without any role or refusal are left out."""
    policy = declared.policy
    for name in MODELS:
        for row in rows[name]:
            by_object, by_id = target_of(declared, row), target_of(declared, f"{name}:{row.pk}")
            for permission in sorted(policy.permissions):
                wanted = held.types | frozenset(policy.public_on.get(permission, ()))
                answers = {
                    decide(policy, held, permission, lineage, open_here=Opening(by_id)).allowed
                    for lineage in (
                        by_object.lineage(),
                        by_object.lineage(wanted),
                        by_id.lineage(),
                        by_id.lineage(wanted),
                    )
                }
                assert len(answers) == 1, (name, permission)
