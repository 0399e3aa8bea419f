"""A relation of a serializer accepts what its user may choose, and what is there already."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework import serializers

from auth_lib import Effect
from authmigration import AuthzPrimaryKeyRelatedField, AuthzRelatedFieldMixin, check
from authmigration.testing import at_stage, with_role
from authmigration.uses import declared_uses
from monolith.courses.authz import STUDENT
from monolith.courses.models import Course
from monolith.lectures.models import Lecture

pytestmark = pytest.mark.django_db


class ByCode(AuthzRelatedFieldMixin, serializers.SlugRelatedField):
    pass


class Enrolling(serializers.Serializer):
    course = AuthzPrimaryKeyRelatedField(queryset=Course.objects.all(), permission="course.enrol")


class Several(serializers.Serializer):
    courses = AuthzPrimaryKeyRelatedField(
        queryset=Course.objects.all(), permission="course.enrol", many=True
    )


class Coded(serializers.Serializer):
    course = ByCode(queryset=Course.objects.all(), permission="course.enrol", slug_field="code")


class LectureSerializer(serializers.ModelSerializer):
    course = AuthzPrimaryKeyRelatedField(queryset=Course.objects.all(), permission="course.edit")

    class Meta:
        model = Lecture
        fields = ("title", "body", "course")


@pytest.fixture(autouse=True)
def enforced():
    with at_stage("enforce"):
        yield


def made(serializer, who, data, instance=None):
    request = SimpleNamespace(user=who)
    return serializer(instance, data=data, context={"request": request})


@pytest.mark.parametrize("name", ["owner", "student", "principal", "superuser", "nobody"])
def test_it_accepts_what_a_check_allows(campus, name):
    rows = list(Course.objects.all())
    taken = {c for c in rows if made(Enrolling, campus[name], {"course": c.pk}).is_valid()}

    assert taken == {c for c in rows if check(campus[name], "course.enrol", c)}


def test_there_is_something_to_tell_apart(campus):
    assert made(Enrolling, campus["principal"], {"course": campus.course.pk}).is_valid()
    refused = made(Enrolling, campus["principal"], {"course": campus.other_course.pk})
    assert not refused.is_valid()
    assert refused.errors["course"][0].code == "does_not_exist"


def test_several_are_accepted_only_if_each_may_be_chosen(campus):
    both = [campus.course.pk, campus.other_course.pk]

    assert made(Several, campus["principal"], {"courses": both[:1]}).is_valid()
    assert not made(Several, campus["principal"], {"courses": both}).is_valid()


def test_any_kind_of_relation_can_have_the_rule(campus):
    assert made(Coded, campus["principal"], {"course": campus.course.code}).is_valid()
    assert not made(Coded, campus["principal"], {"course": campus.other_course.code}).is_valid()


def test_without_the_request_nothing_is_accepted(campus):
    serializer = Enrolling(data={"course": campus.course.pk})

    with pytest.raises(ImproperlyConfigured, match="does not know who chooses"):
        serializer.is_valid()


def test_what_an_object_has_already_is_accepted_again(campus):
    who, lecture = campus["assistant"], campus.lecture
    kept = {"title": "new", "body": "b", "course": campus.course.pk}

    assert made(LectureSerializer, who, kept, lecture).is_valid()
    assert not made(LectureSerializer, who, kept).is_valid()
    moved = {**kept, "course": campus.other_course.pk}
    assert not made(LectureSerializer, who, moved, lecture).is_valid()


def test_a_refusal_counts(campus):
    with with_role(campus["superuser"], STUDENT, campus.course, effect=Effect.REFUSE):
        assert not made(Enrolling, campus["superuser"], {"course": campus.course.pk}).is_valid()


def test_its_permission_is_known_before_any_request():
    assert "course.enrol" in {u.permission for u in declared_uses() if "RelatedField" in u.where}
