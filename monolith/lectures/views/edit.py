"""Writing a lecture."""

from typing import Any

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.urls import reverse
from django.views.generic import UpdateView

from authmigration import require
from monolith.lectures.models import Lecture


class LectureForm(forms.ModelForm):
    """Title, text, and whether it is published."""

    class Meta:
        """A lecture stays on its course."""

        model = Lecture
        fields = ("title", "body", "published")


class LectureEdit(LoginRequiredMixin, UpdateView):
    """GET: the form. POST: save it. For the course's assistants, and for its owner if a teacher."""

    model = Lecture
    form_class = LectureForm
    pk_url_kwarg = "lecture_id"
    template_name = "form.html"

    def get_object(self, queryset: QuerySet[Lecture] | None = None) -> Lecture:
        """Return the lecture; raise PermissionDenied (403) for others than its authors."""
        lecture = super().get_object(queryset)
        require(self.request.user, "lecture.edit", lecture)
        return lecture

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the heading."""
        return super().get_context_data(title=f"Edit {self.object}", **kwargs)

    def get_success_url(self) -> str:
        """Return the page of the lecture."""
        return reverse("lecture-detail", kwargs={"lecture_id": self.object.pk})
