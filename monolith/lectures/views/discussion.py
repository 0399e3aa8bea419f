"""Opening and closing the discussion of a lecture."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from authmigration import require
from monolith.lectures.models import Lecture


@login_required
@require_POST
def toggle_discussion(request: HttpRequest, lecture_id: int) -> HttpResponse:
    """POST: open the lecture's discussion if it is closed, close it if it is open."""
    lecture = get_object_or_404(Lecture, pk=lecture_id)
    require(request.user, "forum.moderate", lecture)
    lecture.discussion_open = not lecture.discussion_open
    lecture.save(update_fields=["discussion_open"])
    return redirect("lecture-detail", lecture_id=lecture.pk)
