import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from monolith.courses.models import Course
from monolith.gradebook.models import Exercise
from monolith.lectures.models import Lecture


def run(*arguments) -> str:
    stdout = io.StringIO()
    call_command(*map(str, arguments), stdout=stdout)
    return stdout.getvalue()


def test_the_file_has_a_line_for_each_grade_and_a_name(platform):
    url = reverse("course-grades-csv", args=[platform.course.pk])
    response = platform.client("teacher").get(url)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="grades-{platform.course.pk}.csv"' in response["Content-Disposition"]
    assert response.content.decode().splitlines() == [
        "student,name,exercise,points",
        "learner,,Essay,50",
    ]


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1"])
def test_a_title_is_no_formula_in_a_spreadsheet(platform, title):
    Exercise.objects.update(title=title)
    url = reverse("course-grades-csv", args=[platform.course.pk])
    assert f"'{title}" in platform.client("teacher").get(url).content.decode()


def test_the_command_prints_the_same_table(platform):
    assert run("export_grades", "ALG").splitlines()[1] == "learner,,Essay,50"


def test_the_command_refuses_a_code_of_no_course_and_of_several(platform):
    with pytest.raises(CommandError, match="0 courses have the code 'X'"):
        run("export_grades", "X")
    Course.objects.update(code="SAME")
    with pytest.raises(CommandError, match="2 courses"):
        run("export_grades", "SAME")


def test_closing_the_term_closes_what_is_open_on_archived_courses_of_the_school(platform):
    assert run("close_term") == "0 exercises and 0 discussions closed.\n"
    Course.objects.update(archived=True)
    assert run("close_term", "--school", platform.other_school.pk).startswith("0 exercises")
    assert run("close_term", "--school", platform.school.pk).startswith("1 exercises and 2 disc")
    assert not Lecture.objects.filter(discussion_open=True).exists()
    assert Exercise.objects.get().due_at is not None
