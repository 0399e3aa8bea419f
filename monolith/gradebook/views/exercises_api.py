"""Exercises over the API."""

from rest_framework import generics, serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from authmigration import check, require
from monolith.gradebook.models import Exercise


class ExerciseSerializer(serializers.ModelSerializer):
    """An exercise as JSON."""

    class Meta:
        """What is counted is not written."""

        model = Exercise
        fields = ("id", "course", "title", "due_at", "average_points", "grades_count")
        read_only_fields = ("average_points", "grades_count")


class ExerciseCreate(generics.CreateAPIView):
    """POST course, title and due_at: a new exercise."""

    serializer_class = ExerciseSerializer

    def perform_create(self, serializer: ExerciseSerializer) -> None:
        """Save it, for those who may add exercises to the course that was sent."""
        require(self.request.user, "exercise.create", serializer.validated_data["course"])
        serializer.save()


class MayEdit(BasePermission):
    """Whoever may edit the exercise."""

    def has_object_permission(self, request: Request, view: object, exercise: Exercise) -> bool:  # noqa: ARG002 - DRF's signature
        """Return whether the user may."""
        return bool(check(request.user, "exercise.edit", exercise))


class ExerciseDetail(generics.RetrieveUpdateAPIView):
    """GET: one exercise. PUT and PATCH: change it."""

    serializer_class = ExerciseSerializer
    queryset = Exercise.objects.select_related("course")
    permission_classes = (*generics.RetrieveUpdateAPIView.permission_classes, MayEdit)
