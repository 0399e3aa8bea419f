"""Addresses of the lectures."""

from django.urls import path

from monolith.lectures import views

urlpatterns = [
    path("lectures/<int:lecture_id>/", views.read_lecture, name="lecture-detail"),
    path("lectures/<int:lecture_id>/edit/", views.LectureEdit.as_view(), name="lecture-edit"),
    path(
        "lectures/<int:lecture_id>/discussion/",
        views.toggle_discussion,
        name="lecture-discussion",
    ),
]
