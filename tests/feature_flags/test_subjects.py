import pytest
from django.contrib.auth.models import AnonymousUser, Group

from feature_flags import FlagSubject, Traits
from feature_flags.errors import InvalidSubject


def test_units_and_traits_are_asked_for_once_and_only_when_needed():
    asked = []
    subject = FlagSubject(
        "1",
        lambda: asked.append("units") or ("school:7",),
        lambda: asked.append("traits") or Traits(),
    )
    assert asked == []

    for _ in range(3):
        assert subject.units == ("school:7",)
        assert subject.traits.groups == frozenset()

    assert asked == ["units", "traits"]


def test_whoever_is_in_no_unit_is_a_unit_alone():
    assert FlagSubject("123").units == ("subject:123",)
    assert FlagSubject("123").alone
    assert not FlagSubject("123", lambda: ("school:7",)).alone


def test_nobody_in_particular_is_in_no_unit_at_all():
    assert FlagSubject("").units == ()


def test_a_unit_named_twice_counts_once():
    assert FlagSubject("1", lambda: ["school:7", "school:7"]).units == ("school:7",)


def test_a_number_is_refused_as_an_id_with_the_text_to_pass():
    with pytest.raises(InvalidSubject, match=r"pass '7', not 7"):
        FlagSubject(7)


@pytest.mark.parametrize("units", ["school:7", [7], [""], [None]])
def test_units_that_are_not_texts_are_refused(units):
    with pytest.raises(InvalidSubject, match="unit"):
        _ = FlagSubject("1", lambda: units).units


def test_the_subject_of_a_user_knows_groups_staff_and_superuser(user):
    user.groups.add(Group.objects.create(name="registrars"))
    user.is_staff = True
    subject = FlagSubject.of_user(user, attributes=lambda: {"country": "DE"})

    assert subject.id == str(user.pk)
    assert subject.traits.groups == {"registrars"}
    assert subject.traits.is_staff
    assert not subject.traits.is_superuser
    assert subject.traits.is_authenticated
    assert subject.traits.attributes == {"country": "DE"}


def test_staff_and_superuser_are_known_without_a_query(user, django_assert_num_queries):
    subject = FlagSubject.of_user(user)

    with django_assert_num_queries(0):
        assert not subject.traits.is_superuser
    with django_assert_num_queries(1):
        assert subject.traits.groups == subject.traits.groups


def test_an_anonymous_visitor_is_nobody_in_particular():
    subject = FlagSubject.of_user(AnonymousUser())

    assert subject.id == ""
    assert not subject.traits.is_authenticated
