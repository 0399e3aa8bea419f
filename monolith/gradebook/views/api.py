"""The API of the gradebook."""

from django.db.models import Q, QuerySet
from rest_framework import generics, serializers
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from authmigration import check, filter_queryset
from monolith.gradebook.grading import note_change
from monolith.gradebook.models import Grade


class GradeSerializer(serializers.ModelSerializer):
    """A grade as JSON; only points and comment can be changed."""

    points = serializers.IntegerField(min_value=0, max_value=100)

    class Meta:
        """Whose grade it is does not change."""

        model = Grade
        fields = ("id", "exercise", "student", "points", "comment")
        read_only_fields = ("exercise", "student")


class OwnOrAuthorized(BasePermission):
    """A student reads their own grades; everything else is asked of the decision point."""

    def has_object_permission(self, request: Request, view: object, grade: Grade) -> bool:  # noqa: ARG002 - DRF's signature
        """Return whether the user may read, or change, this grade."""
        if request.method not in SAFE_METHODS:
            return bool(check(request.user, "grade.edit", grade))
        return grade.student == request.user or bool(check(request.user, "grade.view", grade))


class GradeList(generics.ListAPIView):
    """GET: grades."""

    serializer_class = GradeSerializer

    def get_queryset(self) -> QuerySet[Grade]:
        """Return the user's own grades, and those that they may see besides."""
        grades = Grade.objects.order_by("pk")
        others = filter_queryset(self.request.user, "grade.view", Grade.objects.all())
        return grades.filter(Q(student=self.request.user) | Q(pk__in=others.values("pk")))


class GradeDetail(generics.RetrieveUpdateAPIView):
    """GET: one grade. PUT and PATCH: change it."""

    serializer_class = GradeSerializer
    queryset = Grade.objects.select_related("exercise__course", "student")
    permission_classes = (*generics.RetrieveUpdateAPIView.permission_classes, OwnOrAuthorized)

    def perform_update(self, serializer: GradeSerializer) -> None:
        """Save it, and remember who changed it."""
        before = serializer.instance.points
        note_change(serializer.save(), before, self.request.user)
