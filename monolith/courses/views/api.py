"""The API of the courses."""

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import generics, serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from authmigration import filter_queryset
from monolith.courses.models import Course, Enrolment
from monolith.schools.models import SchoolStaff


class CourseSerializer(serializers.ModelSerializer):
    """A course as JSON."""

    class Meta:
        """Read only."""

        model = Course
        fields = ("id", "code", "title", "school", "is_public", "archived")


class EnrolmentSerializer(serializers.ModelSerializer):
    """An enrolment as JSON; student, course and kind are the caller's."""

    class Meta:
        """The day of registration is today."""

        model = Enrolment
        fields = ("id", "student", "course", "kind", "status", "registered_on")
        read_only_fields = ("status", "registered_on")


class CourseList(generics.ListAPIView):
    """GET: the courses that the user may see."""

    serializer_class = CourseSerializer

    def get_queryset(self) -> QuerySet[Course]:
        """Return them in order of their code."""
        rows = Course.objects.order_by("code", "pk")
        return filter_queryset(self.request.user, "course.view", rows)


class CourseDetail(generics.RetrieveAPIView):
    """GET: one course that the user may see."""

    serializer_class = CourseSerializer

    def get_queryset(self) -> QuerySet[Course]:
        """Return the courses among which it is looked up."""
        return filter_queryset(self.request.user, "course.view", Course.objects.all())


class WorksInAnOffice(BasePermission):
    """Teachers, registrars, and whoever is a principal or a secretary."""

    def has_permission(self, request: Request, view: object) -> bool:  # noqa: ARG002 - DRF's signature
        """Return whether the user is one of them."""
        user = request.user
        if user.is_superuser or user.is_teacher:
            return True
        if user.groups.filter(name="registrars").exists():
            return True
        positions = SchoolStaff.objects.filter(person__user=user).values_list("position", flat=True)
        return any(position in ("principal", "secretary") for position in positions)


class EnrolmentCreate(generics.CreateAPIView):
    """POST student, course and kind: a new enrolment."""

    serializer_class = EnrolmentSerializer
    permission_classes = (*generics.CreateAPIView.permission_classes, WorksInAnOffice)

    def perform_create(self, serializer: EnrolmentSerializer) -> None:
        """Save it with today's date."""
        serializer.save(registered_on=timezone.localdate())
