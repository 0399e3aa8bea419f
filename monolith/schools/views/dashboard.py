"""A school at a glance."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from authmigration import check, filter_queryset
from monolith.payments.models import Invoice
from monolith.schools.models import School


class SchoolDashboard(LoginRequiredMixin, UserPassesTestMixin, TemplateView):
    """GET: the school's courses, staff and money, for those who run it."""

    template_name = "schools/dashboard.html"

    def test_func(self) -> bool:
        """Return whether the user runs the school of the address, or keeps its money."""
        school = get_object_or_404(School, pk=self.kwargs["school_id"])
        return bool(check(self.request.user, "school.view", school))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the school and its figures."""
        school = get_object_or_404(School, pk=self.kwargs["school_id"])
        learners = Count("enrolments", filter=Q(enrolments__status="active"))
        return super().get_context_data(
            school=school,
            courses=school.courses.annotate(learners=learners).order_by("code"),
            staff=school.staff.select_related("person").order_by("position"),
            visible=visible_in(self.request, school),
            keeps_the_money=self.request.user.is_superuser
            or school.bursars.filter(user=self.request.user, deleted_at=None).exists(),
            open_invoices=Invoice.objects.filter(course__school=school, status="open").count(),
            **kwargs,
        )


def visible_in(request: HttpRequest, school: School) -> set[int]:
    """Return the courses whose page the user may open; a bursar opens none."""
    rows = filter_queryset(request.user, "course.view", school.courses.all())
    return {*rows.values_list("pk", flat=True)}
