"""The notice board of a course, and the news of all of one's courses."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from authmigration import check, filter_queryset, require
from monolith.courses.models import Announcement, Course

_LATEST = 30


class AnnouncementForm(forms.ModelForm):
    """A heading and a text."""

    class Meta:
        """A notice stays on its course."""

        model = Announcement
        fields = ("title", "body")


@login_required
def news(request: HttpRequest) -> HttpResponse:
    """GET: the latest notices."""
    notices = filter_queryset(request.user, "announcement.view", Announcement.objects.all())
    latest = notices.select_related("course", "author").order_by("-posted_at", "-pk")[:_LATEST]
    return render(request, "courses/news.html", {"notices": latest})


@login_required
def announcements(request: HttpRequest, course_id: int) -> HttpResponse:
    """GET: the course's notices. POST: a new one, from its teacher. If archived: 409."""
    course = get_object_or_404(Course, pk=course_id)
    require(request.user, "announcement.view", course)
    role = "teacher" if check(request.user, "announcement.post", course) else "student"
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST":
        if role != "teacher":
            raise PermissionDenied
        if course.archived:
            return render(request, "409.html", {"reason": "This course is archived."}, status=409)
        if form.is_valid():
            form.instance.course, form.instance.author = course, request.user
            form.save()
            return redirect("course-announcements", course_id=course.pk)
    notices = course.announcements.select_related("author").order_by("-posted_at", "-pk")
    context = {"course": course, "notices": notices, "form": form, "role": role}
    return render(request, "courses/announcements.html", context)


@login_required
def edit_announcement(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """GET: the form. POST: save it."""
    rows = Announcement.objects.select_related("course")
    announcement = get_object_or_404(rows, pk=announcement_id)
    require(request.user, "announcement.edit", announcement)
    form = AnnouncementForm(request.POST or None, instance=announcement)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("course-announcements", course_id=announcement.course_id)
    return render(request, "form.html", {"title": "Edit the notice", "form": form})
