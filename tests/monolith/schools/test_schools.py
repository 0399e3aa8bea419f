import pytest
from django.urls import reverse

from monolith.accounts.models import Profile, User
from monolith.courses.models import Course
from monolith.payments.models import Bursar
from monolith.schools.units import schools_of, schools_of_many


def units(platform, name) -> tuple[str, ...]:
    return schools_of(str(platform[name].pk))


@pytest.mark.parametrize(
    "name",
    [
        *("learner", "limited", "auditor", "mentor", "moderator", "assistant", "teacher"),
        *("teacher_who_learns", "principal", "secretary", "caretaker", "bursar"),
    ],
)
def test_somebody_who_holds_anything_belongs_to_its_school(platform, name):
    assert units(platform, name) == (f"school:{platform.school.pk}",)


@pytest.mark.parametrize(
    "name",
    [
        *("nobody", "withdrawn", "pending", "expired", "expired_mentor", "former_bursar"),
        *("registrar", "superuser"),
    ],
)
def test_somebody_who_holds_nothing_at_a_school_belongs_to_none(platform, name):
    assert units(platform, name) == ()


def test_somebody_of_several_schools_belongs_to_each_once(platform):
    learner = platform["learner"]
    Course.objects.update(owner=learner)
    Bursar.objects.create(user=learner, school=platform.other_school)
    Profile.objects.create(user=learner, moderated_courses=[platform.other_course.pk])
    schools = sorted(f"school:{school.pk}" for school in (platform.school, platform.other_school))
    assert units(platform, "learner") == tuple(schools)


@pytest.mark.parametrize("subject", ["service:payments", "", "-1", "x", "1.0"])
def test_a_subject_that_is_no_user_belongs_to_none(subject):
    assert schools_of(subject) == ()


def test_a_user_who_does_not_exist_belongs_to_none(db):
    assert schools_of("999999") == ()


@pytest.mark.parametrize(("name", "queries"), [("learner", 1), ("nobody", 1), ("moderator", 2)])
def test_the_schools_take_one_query_and_two_for_a_moderator(
    platform, name, queries, django_assert_num_queries
):
    with django_assert_num_queries(queries):
        units(platform, name)


def test_the_dashboard_counts_active_enrolments_and_open_invoices(platform):
    type(platform.invoice).objects.update(status="open")
    url = reverse("school-dashboard", args=[platform.school.pk])
    context = platform.client("principal").get(url).context
    # learner, limited, expired, auditor, mentor, expired_mentor, teacher_who_learns
    assert [course.learners for course in context["courses"]] == [7]
    assert context["open_invoices"] == 1
    assert len(context["staff"]) == 3


def test_the_dashboard_of_a_school_that_does_not_exist_is_not_found(platform):
    assert platform.client("superuser").get("/schools/999999/").status_code == 404


def test_many_are_looked_up_as_one_would_be(platform, django_assert_max_num_queries):
    subjects = [str(pk) for pk in User.objects.values_list("pk", flat=True)]

    with django_assert_max_num_queries(2):
        found = schools_of_many([*subjects, "service:x"])

    assert found == {**{s: schools_of(s) for s in subjects}, "service:x": ()}
