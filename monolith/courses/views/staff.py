"""Who helps on a course: the page on which assistants are appointed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from authmigration import assign, require, unassign
from monolith.accounts.impersonation import actor_of
from monolith.accounts.models import User
from monolith.courses.authz import ASSISTANT, TA
from monolith.courses.models import Course
from monolith.courses.posted import posted_id

ROLES = {"assistant": ASSISTANT, "ta": TA}
DOES = {"assistant": "assists", "ta": "is teaching assistant"}


@login_required
def course_staff(request: HttpRequest, course_id: int) -> HttpResponse:
    """GET: the owner and the assistants. POST `user` (an id): appoint an assistant.

    POST `role=ta` with it: a teaching assistant, whom only the new rules know.
    """
    course = get_object_or_404(Course.objects.select_related("owner"), pk=course_id)
    require(request.user, "course.staff", course)
    if request.method != "POST":
        assistants = course.assistants.order_by("username")
        context = {"course": course, "assistants": assistants}
        return render(request, "courses/staff.html", context)
    user = get_object_or_404(User, pk=posted_id(request, "user"), is_active=True)
    why = f"appointed on the page of {course.code}"
    role = _role(request)
    assign(user, ROLES[role], course, actor=actor_of(request), reason=why)
    messages.success(request, f"{user} {DOES[role]} on {course.code}.")
    return redirect("course-staff", course_id=course.pk)


@login_required
@require_POST
def dismiss_assistant(request: HttpRequest, course_id: int) -> HttpResponse:
    """POST `user` (an id), and `role` as above: the assistant helps no more."""
    course = get_object_or_404(Course, pk=course_id)
    require(request.user, "course.staff", course)
    user = get_object_or_404(User, pk=posted_id(request, "user"))
    why = f"dismissed on the page of {course.code}"
    role = _role(request)
    unassign(user, ROLES[role], course, actor=actor_of(request), reason=why)
    messages.success(request, f"{user} no longer {DOES[role]} on {course.code}.")
    return redirect("course-staff", course_id=course.pk)


def _role(request: HttpRequest) -> str:
    role = request.POST.get("role", "assistant")
    if role not in ROLES:
        raise BadRequest(f"role={role!r}: post one of {', '.join(ROLES)}.")
    return role
