"""The API of the schools."""

from django.db.models import QuerySet
from rest_framework import generics, serializers

from authmigration import filter_queryset
from monolith.schools.models import SchoolStaff


class SchoolStaffSerializer(serializers.ModelSerializer):
    """Somebody's position at a school as JSON."""

    name = serializers.CharField(source="person.full_name")
    staff_number = serializers.CharField(source="person.staff_number")

    class Meta:
        """Read only."""

        model = SchoolStaff
        fields = ("id", "school", "position", "name", "staff_number")


class SchoolStaffList(generics.ListAPIView):
    """GET: who works at the schools whose staff the user may see."""

    serializer_class = SchoolStaffSerializer

    def get_queryset(self) -> QuerySet[SchoolStaff]:
        """Return them by school."""
        rows = SchoolStaff.objects.select_related("person").order_by("school", "position", "pk")
        return filter_queryset(self.request.user, "staff.view", rows)
