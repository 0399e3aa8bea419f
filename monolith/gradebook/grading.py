"""Giving points, and remembering who gave them."""

from django.db import transaction

from monolith.accounts.models import User
from monolith.gradebook.models import Grade, GradeChange, Submission


def grade_submission(submission: Submission, points: int, by: User) -> Grade:
    """Give a submission `points`, as its student's grade in the exercise."""
    with transaction.atomic():
        # Two who grade the same submission at once would give two grades.
        Submission.objects.select_for_update().get(pk=submission.pk)
        grade = Grade.objects.filter(
            exercise=submission.exercise_id, student=submission.student_id
        ).first()
        before = grade.points if grade is not None else None
        if grade is None:
            grade = Grade(exercise_id=submission.exercise_id, student_id=submission.student_id)
        if before == points:
            return grade
        grade.points = points
        grade.save()
        note_change(grade, before, by)
    return grade


def note_change(grade: Grade, before: int | None, by: User) -> None:
    """Remember that somebody changed the points of a grade, if they did."""
    if grade.points != before:
        GradeChange.objects.create(
            grade=grade, points_before=before, points_after=grade.points, changed_by=by
        )
