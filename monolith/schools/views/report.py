"""The figures of a school, by course."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.db.models import Count, Q, Sum
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from monolith.payments.models import Bursar, Invoice
from monolith.schools.models import School, SchoolStaff
from monolith.schools.views.dashboard import visible_in


class SchoolReport(LoginRequiredMixin, UserPassesTestMixin, TemplateView):
    """GET: how many take part in each course, and what they pay; for offices and bursars."""

    template_name = "schools/report.html"

    def test_func(self) -> bool:
        """Return whether the user works in an office or in a bursary."""
        user = self.request.user
        if user.is_superuser or Bursar.objects.filter(user=user).exists():
            return True
        positions = SchoolStaff.objects.filter(person__user=user)
        return positions.filter(position__in=["principal", "secretary"]).exists()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the school, a line for each course, and the sums of its invoices."""
        school = get_object_or_404(School, pk=self.kwargs["school_id"])
        courses = school.courses.select_related("owner").order_by("code")
        invoices = Invoice.objects.filter(course__school=school).values("status").order_by("status")
        return super().get_context_data(
            school=school,
            visible=visible_in(self.request, school),
            courses=courses.annotate(**_counts()),
            sums=[
                (row["status"], f"{row['cents'] / 100:,.2f}")
                for row in invoices.annotate(cents=Sum("amount_cents"))
            ],
            **kwargs,
        )


def _counts() -> dict[str, Count]:
    return {
        name: Count("enrolments", filter=Q(enrolments__status=status))
        for name, status in (("taking_part", "active"), ("left", "withdrawn"), ("asked", "pending"))
    }
