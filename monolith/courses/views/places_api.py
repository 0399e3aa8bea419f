"""The API of the places on courses, for the offices."""

from django.db.models import QuerySet
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin, UpdateModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_409_CONFLICT

from authmigration import AuthzPermission, AuthzQuerysetMixin
from monolith.courses.models import Enrolment


class PlaceSerializer(serializers.ModelSerializer):
    """Somebody's place on a course as JSON."""

    class Meta:
        """Whose place it is, as what, and whether it counts, is not changed here."""

        model = Enrolment
        fields = ("id", "student", "course", "kind", "status", "registered_on", "ends_at")
        read_only_fields = ("student", "kind", "status", "registered_on")


class PlaceViewSet(
    AuthzQuerysetMixin,
    ListModelMixin,
    RetrieveModelMixin,
    UpdateModelMixin,
    viewsets.GenericViewSet,
):
    """GET: places. PATCH: move one, or change when it ends. POST …/confirm/: let somebody in."""

    authz_permissions = {
        "list": "enrolment.view",
        "retrieve": "enrolment.view",
        "update": "enrolment.edit",  # asked before the method is refused
        "partial_update": "enrolment.edit",
        "confirm": "enrolment.edit",
    }
    http_method_names = ("get", "head", "options", "patch", "post")
    lookup_value_regex = "[0-9]+"
    permission_classes = (IsAuthenticated, AuthzPermission)
    queryset = Enrolment.objects.select_related("course__school").order_by("pk")
    serializer_class = PlaceSerializer

    def get_queryset(self) -> QuerySet[Enrolment]:
        """Return the places that the user may see, of one course if `course` says so."""
        rows = super().get_queryset()
        course = self.request.query_params.get("course", "")
        return rows.filter(course=int(course)) if course.isdecimal() else rows

    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:  # noqa: ARG002 - DRF's signature
        """Make a pending place active; any other answers 409."""
        place = self.get_object()
        if place.status != "pending":
            detail = f"This place is {place.status}; only a pending one is confirmed."
            return Response({"detail": detail}, status=HTTP_409_CONFLICT)
        place.status = "active"
        place.save(update_fields=["status"])
        return Response(self.get_serializer(place).data)
