"""The grades of a course as a table, for the page and for the command that export them."""

from collections.abc import Iterator

from monolith.courses.models import Course
from monolith.gradebook.models import Grade

HEAD = ("student", "name", "exercise", "points")
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def grade_rows(course: Course) -> Iterator[tuple[str, str, str, int]]:
    """Yield username, name, exercise and points of each grade of a course."""
    grades = Grade.objects.filter(exercise__course=course).select_related("student", "exercise")
    for grade in grades.order_by("student__username", "exercise", "pk"):
        student = grade.student
        texts = (student.username, student.get_full_name(), grade.exercise.title)
        yield *map(plain, texts), grade.points


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
