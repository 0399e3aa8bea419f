"""Watching a lecture."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from authmigration import require
from monolith.courses.posted import posted_id
from monolith.lectures.models import Lecture, Progress

WHOLE = 100


@login_required
@require_POST
def watch(request: HttpRequest, lecture_id: int) -> HttpResponse:
    """POST `percent`: note how much of the lecture the user has watched."""
    lecture = get_object_or_404(Lecture.objects.select_related("course"), pk=lecture_id)
    require(request.user, "lecture.view", lecture)
    if not lecture.published:
        raise Http404
    percent = posted_id(request, "percent")
    if percent > WHOLE:
        message = f"percent={percent}: nobody can watch more than {WHOLE} per cent."
        raise BadRequest(message)
    Progress.objects.update_or_create(
        lecture=lecture,
        student=request.user,
        defaults={"percent": percent, "seen_at": timezone.now()},
    )
    return redirect("lecture-detail", lecture_id=lecture.pk)
