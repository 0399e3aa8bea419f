import pytest

from monolith.gradebook.models import Exercise, Grade
from monolith.gradebook.tasks import refresh_all_averages


def counted(platform):
    platform.exercise.refresh_from_db()
    return platform.exercise.grades_count, platform.exercise.average_points


def test_the_average_follows_every_grade_that_is_saved_or_deleted(platform):
    other = Grade.objects.create(exercise=platform.exercise, student=platform["limited"], points=80)
    assert counted(platform) == (2, pytest.approx(65))
    other.points = 100
    other.save()
    assert counted(platform) == (2, pytest.approx(75))
    other.delete()
    assert counted(platform) == (1, pytest.approx(50))
    platform.grade.delete()
    assert counted(platform) == (0, None)


def test_the_nightly_task_mends_what_bulk_work_left_wrong(platform):
    Grade.objects.update(points=10)
    assert counted(platform) == (1, pytest.approx(50))
    assert refresh_all_averages() == Exercise.objects.count()
    assert counted(platform) == (1, pytest.approx(10))
