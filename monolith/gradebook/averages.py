"""The average of an exercise, kept beside it because the course page shows it to everybody."""

from django.db.models import Avg, Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from monolith.gradebook.models import Exercise, Grade


def refresh_averages(exercises: QuerySet[Exercise]) -> int:
    """Count and average the grades of `exercises` anew; return how many exercises that were."""
    grades = Grade.objects.filter(exercise=OuterRef("pk")).order_by().values("exercise")
    return exercises.update(
        average_points=Subquery(grades.annotate(average=Avg("points")).values("average")),
        grades_count=Coalesce(Subquery(grades.annotate(count=Count("pk")).values("count")), 0),
    )
