"""``registry_of``: other declarations for the length of a block."""

from types import SimpleNamespace

import pytest

from authmigration import Role, registry
from authmigration.errors import DeclarationError
from authmigration.testing import assert_allowed, registry_of, with_role
from monolith.courses.authz import COURSE
from monolith.schools.authz import SCHOOL

pytestmark = pytest.mark.django_db

READER = Role("reader", on="course", can={"course.read"})


def test_other_declarations_hold_inside_the_block(who, course):
    before = registry.get()
    names = SimpleNamespace(reader=READER, course=COURSE, school=SCHOOL)
    with registry_of(names) as declared, with_role(who, READER, course):
        assert registry.get() is declared
        assert_allowed(who, "course.read", course)

    assert registry.get() is before


def test_several_modules_make_one_policy():
    with registry_of(SimpleNamespace(a=SCHOOL), SimpleNamespace(b=COURSE)) as declared:
        assert set(declared.lineages.by_name) == {"school", "course"}


def test_it_decorates_a_test():
    @registry_of(SimpleNamespace(school=SCHOOL))
    def look():
        return set(registry.get().lineages.by_name)

    assert look() == {"school"}
    assert "course" in registry.get().lineages.by_name


def test_what_contradicts_itself_is_an_error_at_once():
    with pytest.raises(DeclarationError):
        registry_of(SimpleNamespace(course=COURSE))
