"""A school at a glance."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from authmigration import check
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
            open_invoices=Invoice.objects.filter(course__school=school, status="open").count(),
            **kwargs,
        )
