"""The page on which a principal appoints, the report, and the list of the API."""

import pytest
from django.urls import reverse

from authmigration.testing import at_stage
from monolith.accounts.models import Person
from monolith.schools.models import SchoolStaff


@pytest.fixture
def page(platform):
    return reverse("school-staff", args=[platform.school.pk])


def test_somebody_is_appointed_by_staff_number_and_dismissed(platform, page):
    Person.objects.create(full_name="Nia Ng", staff_number="P9")
    client = platform.client("principal")
    client.post(page, {"person": "P9", "position": "secretary"})
    post = SchoolStaff.objects.get(person__staff_number="P9")
    assert (post.school, post.position) == (platform.school, "secretary")
    assert "Nia Ng" in client.get(page).content.decode()
    client.post(reverse("school-staff-dismiss", args=[platform.school.pk, post.pk]))
    assert not SchoolStaff.objects.filter(pk=post.pk).exists()


@pytest.mark.parametrize("stage", ["off", "enforce"])
def test_a_secretary_who_is_appointed_may_work_at_once(platform, page, stage):
    person = Person.objects.create(user=platform["nobody"], full_name="N", staff_number="P9")
    roster = reverse("course-roster", args=[platform.course.pk])
    with at_stage(stage):
        assert platform.client("nobody").get(roster).status_code == 403
        platform.client("principal").post(page, {"person": "P9", "position": "secretary"})
        assert platform.client("nobody").get(roster).status_code == 200
        post = person.positions.get()
        away = reverse("school-staff-dismiss", args=[platform.school.pk, post.pk])
        platform.client("principal").post(away)
        assert platform.client("nobody").get(roster).status_code == 403


def test_the_same_position_twice_stands_there_once(platform, page):
    for _ in range(2):
        data = {"person": "caretaker", "position": "secretary"}
        platform.client("principal").post(page, data)
    held = platform["caretaker"].person.positions.values_list("position", flat=True)
    assert sorted(held) == ["caretaker", "secretary"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"person": "P0", "position": "secretary"}, "The personnel office has no such number."),
        ({"person": "caretaker", "position": "king"}, "king is not one of the available choices"),
    ],
)
def test_an_unknown_number_or_position_is_refused(platform, page, data, said):
    response = platform.client("principal").post(page, data)
    assert said in response.content.decode()


def test_the_report_counts_places_and_adds_invoices_up(platform):
    url = reverse("school-report", args=[platform.school.pk])
    context = platform.client("bursar").get(url).context
    (course,) = context["courses"]
    assert (course.taking_part, course.left, course.asked) == (7, 1, 1)
    assert context["sums"] == [("paid", "12,345.67")]


def test_the_report_of_a_school_that_does_not_exist_is_not_found(platform):
    assert platform.client("superuser").get("/schools/999999/report/").status_code == 404


def test_the_list_at_enforce_is_that_of_the_own_school(platform):
    with at_stage("enforce"):
        answer = platform.client("secretary").get(reverse("api-staff-list")).json()
        assert {row["school"] for row in answer["results"]} == {platform.school.pk}
        assert {row["staff_number"] for row in answer["results"]} >= {"principal", "secretary"}
        assert platform.client("bursar").get(reverse("api-staff-list")).json()["count"] == 0
