"""Who has watched a lecture."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from monolith.accounts.decorators import teacher_required
from monolith.lectures.models import Lecture


@login_required
@teacher_required
def lecture_viewers(request: HttpRequest, lecture_id: int) -> HttpResponse:
    """GET: the names of those who have watched the lecture, and how much of it."""
    lecture = get_object_or_404(Lecture.objects.select_related("course"), pk=lecture_id)
    viewers = lecture.progress.select_related("student").order_by("student__username")
    context = {"lecture": lecture, "viewers": viewers}
    return render(request, "lectures/viewers.html", context)
