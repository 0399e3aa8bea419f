"""The members of a school are exactly those who name it as theirs."""

from monolith.accounts.models import User
from monolith.schools.members import members_of, schools
from monolith.schools.units import schools_of


def test_members_and_schools_say_the_same_of_everybody(platform):
    people = [str(pk) for pk in User.objects.values_list("pk", flat=True)]
    for unit in schools():
        assert members_of(unit) == {p for p in people if unit in schools_of(p)}
        assert members_of(unit)


def test_members_are_found_in_three_queries(platform, django_assert_num_queries):
    with django_assert_num_queries(3):
        members_of(f"school:{platform.school.pk}")
