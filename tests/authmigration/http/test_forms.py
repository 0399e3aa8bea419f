"""A form offers and accepts what its user may choose, and nothing before it knows who that is."""

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q

from auth_lib import Effect, UnknownPermission
from authmigration import (
    AuthzFormMixin,
    AuthzModelChoiceField,
    AuthzModelMultipleChoiceField,
    check,
    pinned,
)
from authmigration.testing import at_stage, with_role
from authmigration.uses import declared_uses
from monolith.courses.authz import STUDENT
from monolith.courses.models import Course
from monolith.lectures.models import Lecture
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db


class EnrolForm(AuthzFormMixin, forms.Form):
    course = AuthzModelChoiceField(Course.objects.order_by("pk"), permission="course.enrol")


class SeveralForm(AuthzFormMixin, forms.Form):
    courses = AuthzModelMultipleChoiceField(Course.objects.all(), permission="course.enrol")


class LectureForm(AuthzFormMixin, forms.ModelForm):
    course = AuthzModelChoiceField(Course.objects.all(), permission="course.edit")

    class Meta:
        model = Lecture
        fields = ("title", "course")


@pytest.fixture(autouse=True)
def enforced():
    with at_stage("enforce"):
        yield


def keys_in(form, name="course"):
    return {choice.value for choice, _ in form.fields[name].choices if choice}


@pytest.mark.parametrize("stage", ["off", "shadow", "enforce", "retired"])
@pytest.mark.parametrize("name", ["owner", "principal", "student", "superuser", "anonymous"])
def test_it_offers_and_accepts_what_a_check_allows(campus, name, stage):
    if name == "anonymous" and stage in {"off", "shadow"}:
        pytest.skip("the old check takes for granted that somebody logged in")
    with at_stage(stage):
        form = EnrolForm(user=campus[name])
        rows = Course.objects.all()
        shown = keys_in(form)
        taken = {c.pk for c in rows if EnrolForm({"course": c.pk}, user=campus[name]).is_valid()}
        may = {c.pk for c in rows if check(campus[name], "course.enrol", c)}

    assert shown == taken
    if stage in {"enforce", "retired"}:
        assert shown == may


def test_there_is_something_to_tell_apart(campus):
    assert keys_in(EnrolForm(user=campus["principal"])) == {campus.course.pk}
    assert keys_in(EnrolForm(user=AnonymousUser())) == set()
    assert len(keys_in(EnrolForm(user=campus["superuser"]))) == 2


def test_what_was_not_offered_is_refused_as_no_valid_choice(campus):
    form = EnrolForm({"course": campus.other_course.pk}, user=campus["principal"])

    assert form.errors.get_json_data()["course"][0]["code"] == "invalid_choice"


def test_several_are_accepted_only_if_each_may_be_chosen(campus):
    both = [campus.course.pk, campus.other_course.pk]

    assert SeveralForm({"courses": both[:1]}, user=campus["principal"]).is_valid()
    assert not SeveralForm({"courses": both}, user=campus["principal"]).is_valid()
    assert SeveralForm({"courses": both}, user=campus["superuser"]).is_valid()


def test_a_form_without_a_user_cannot_be_made(campus):
    with pytest.raises(TypeError, match="user"):
        EnrolForm({"course": campus.course.pk})


class Forgetful(forms.Form):
    course = AuthzModelChoiceField(Course.objects.all(), permission="course.enrol")


@pytest.mark.parametrize(
    "look",
    [
        str,
        lambda form: form.is_valid(),
        lambda form: list(form.fields["course"].queryset),
        lambda form: form.fields["course"].queryset.filter(archived=False).count(),
        lambda form: form.fields["course"].queryset.exists(),
        lambda form: form.fields["course"].queryset.values_list("pk").first(),
        lambda form: Course.objects.filter(pk__in=form.fields["course"].queryset),
        lambda form: form.fields["course"].queryset.delete(),
    ],
)
def test_a_field_that_was_not_told_who_chooses_shows_nothing(campus, look):
    form = Forgetful({"course": campus.course.pk})

    with pytest.raises(ImproperlyConfigured, match="Nobody has said who chooses"):
        look(form)


def test_a_field_may_be_told_by_hand(campus):
    form = Forgetful({"course": campus.course.pk})

    form.fields["course"].for_user(campus["principal"])

    assert form.is_valid()
    assert keys_in(form) == {campus.course.pk}


def test_one_form_tells_nothing_to_the_next(campus):
    EnrolForm(user=campus["superuser"])

    with pytest.raises(ImproperlyConfigured):
        list(EnrolForm.base_fields["course"].queryset)
    assert keys_in(EnrolForm(user=campus["student"])) == set()


@pytest.mark.parametrize("told_first", [True, False])
def test_a_queryset_that_the_form_sets_itself_is_narrowed_as_well(campus, told_first):
    form = Forgetful()
    everything = Course.objects.exclude(pk=campus.course.pk)

    if told_first:
        form.fields["course"].for_user(campus["principal"])
    form.fields["course"].queryset = everything
    if not told_first:
        form.fields["course"].for_user(campus["principal"])

    assert keys_in(form) == set()


def test_limit_choices_to_holds_beside_the_permission(campus):
    worlds.course(campus.course.school, archived=True)
    field = AuthzModelChoiceField(
        Course.objects.all(), permission="course.enrol", limit_choices_to=Q(archived=False)
    )
    form_class = type(
        "Limited", (AuthzFormMixin, forms.ModelForm), {"course": field, "Meta": LectureForm.Meta}
    )

    assert keys_in(form_class(user=campus["principal"])) == {campus.course.pk}


def test_what_an_object_has_already_stays_on_offer(campus):
    form = LectureForm(
        {"title": "new", "course": campus.course.pk},
        instance=campus.lecture,
        user=campus["assistant"],
    )

    assert keys_in(form) == {campus.course.pk}
    assert form.is_valid()
    assert not LectureForm(
        {"title": "new", "course": campus.other_course.pk},
        instance=campus.lecture,
        user=campus["assistant"],
    ).is_valid()


def test_a_new_object_has_nothing_that_could_stay(campus):
    assert keys_in(LectureForm(user=campus["assistant"])) == set()


def test_a_refusal_takes_a_row_off_the_offer(campus):
    with with_role(campus["superuser"], STUDENT, campus.course, effect=Effect.REFUSE):
        assert keys_in(EnrolForm(user=campus["superuser"])) == {campus.other_course.pk}


def test_a_misspelt_permission_is_an_error_and_is_known_before(campus):
    class Misspelt(AuthzFormMixin, forms.Form):
        course = AuthzModelChoiceField(Course.objects.all(), permission="course.enroll")

    assert ("course.enroll", "AuthzModelChoiceField over courses.Course") in declared_uses()
    with pytest.raises(UnknownPermission):
        Misspelt(user=campus["superuser"])


def test_ten_fields_read_what_the_user_holds_once(campus, own_queries):
    with pinned(), own_queries() as queries:
        for _ in range(10):
            EnrolForm({"course": campus.course.pk}, user=campus["principal"]).is_valid()

    assert len(queries) <= 1
