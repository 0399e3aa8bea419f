import pytest
from django.urls import reverse


def test_a_teacher_sets_and_renames_an_exercise(platform):
    client = platform.client("teacher")
    body = {"course": platform.course.pk, "title": "Quiz", "due_at": "2030-01-01T12:00:00Z"}
    made = client.post(reverse("api-exercise-create"), body, "application/json").json()
    url = reverse("api-exercise-detail", args=[made["id"]])
    client.patch(url, {"title": "Test", "grades_count": 9}, "application/json")
    found = client.get(url).json()
    assert (found["title"], found["grades_count"]) == ("Test", 0)
    assert found["due_at"] == "2030-01-01T12:00:00Z"


@pytest.mark.parametrize("body", [{}, {"title": "Quiz", "course": 999999}, {"title": "Quiz"}])
def test_an_exercise_without_a_course_is_refused_with_the_field(platform, body):
    response = platform.client("teacher").post(
        reverse("api-exercise-create"), body, "application/json"
    )
    assert response.status_code == 400
    assert "course" in response.json()
