"""What a live server answers about somebody and a course."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from authmigration import check


def answer(request: HttpRequest, user: str, course: str) -> HttpResponse:
    decision = check(user, "course.edit", f"course:{course}")
    return HttpResponse(f"{'allowed' if decision else 'denied'} {decision.world}")


urlpatterns = [path("<str:user>/<str:course>/", answer)]
