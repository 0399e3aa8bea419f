"""Reading a lecture."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from authmigration import check, require
from monolith.lectures.models import Lecture, Progress


@login_required
def read_lecture(request: HttpRequest, lecture_id: int) -> HttpResponse:
    """GET: the lecture. Teachers also read drafts, for students these do not exist."""
    lecture = get_object_or_404(Lecture.objects.select_related("course"), pk=lecture_id)
    may_preview = check(request.user, "lecture.preview", lecture)
    if not may_preview:
        require(request.user, "lecture.view", lecture)
        if not lecture.published:
            raise Http404
    role = "teacher" if may_preview else "student"
    own = Progress.objects.filter(lecture=lecture, student=request.user).first()
    context = {
        "lecture": lecture,
        "role": role,
        "percent": own.percent if own else 0,
        "attachments": lecture.attachments.order_by("pk"),
    }
    return render(request, "lectures/lecture.html", context)
