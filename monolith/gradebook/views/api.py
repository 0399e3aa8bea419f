"""The API of the gradebook."""

from django.db.models import QuerySet
from rest_framework import generics, serializers
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from monolith.gradebook.models import Grade


class GradeSerializer(serializers.ModelSerializer):
    """A grade as JSON; only points and comment can be changed."""

    points = serializers.IntegerField(min_value=0, max_value=100)

    class Meta:
        """Whose grade it is does not change."""

        model = Grade
        fields = ("id", "exercise", "student", "points", "comment")
        read_only_fields = ("exercise", "student")


class TeachersWrite(BasePermission):
    """Whoever has logged in may read, teachers may write."""

    def has_permission(self, request: Request, view: object) -> bool:  # noqa: ARG002 - DRF's signature
        """Return whether the method is a reading one or the user a teacher."""
        user = request.user
        return request.method in SAFE_METHODS or user.is_teacher or user.is_superuser


class GradeList(generics.ListAPIView):
    """GET: grades."""

    serializer_class = GradeSerializer

    def get_queryset(self) -> QuerySet[Grade]:
        """Return all grades to teachers, and to students their own."""
        grades = Grade.objects.order_by("pk")
        if self.request.user.is_teacher or self.request.user.is_superuser:
            return grades
        return grades.filter(student=self.request.user)


class GradeDetail(generics.RetrieveUpdateAPIView):
    """GET: one grade. PUT and PATCH: change it."""

    serializer_class = GradeSerializer
    queryset = Grade.objects.all()
    permission_classes = (*generics.RetrieveUpdateAPIView.permission_classes, TeachersWrite)
