import pytest
from django.urls import reverse


def test_my_grades_are_the_users_own(platform):
    url = reverse("my-grades")
    assert list(platform.client("learner").get(url).context["grades"]) == [platform.grade]
    assert not platform.client("other_learner").get(url).context["grades"]


@pytest.mark.parametrize("points", ["-1", "101", "", "many"])
def test_points_outside_of_0_to_100_are_refused_on_the_web_and_over_the_api(platform, points):
    client = platform.client("teacher")
    page = client.post(reverse("grade-edit", args=[platform.grade.pk]), {"points": points})
    assert "points" in page.context["form"].errors
    url = reverse("api-grade-detail", args=[platform.grade.pk])
    assert client.patch(url, {"points": points}, "application/json").status_code == 400


def test_a_grade_stays_with_its_student_whatever_is_sent(platform):
    url = reverse("api-grade-detail", args=[platform.grade.pk])
    data = {"student": platform["nobody"].pk, "points": 70}
    answer = platform.client("teacher").patch(url, data, "application/json").json()
    assert answer["points"] == 70
    assert answer["student"] == platform["learner"].pk
