"""Addresses of the lectures."""

from django.urls import path

from monolith.lectures import views

urlpatterns = [
    path("courses/<int:course_id>/lectures/", views.course_lectures, name="course-lectures"),
    path("lectures/<int:lecture_id>/", views.read_lecture, name="lecture-detail"),
    path("lectures/<int:lecture_id>/edit/", views.LectureEdit.as_view(), name="lecture-edit"),
    path(
        "lectures/<int:lecture_id>/discussion/",
        views.toggle_discussion,
        name="lecture-discussion",
    ),
    path("lectures/<int:lecture_id>/watch/", views.watch, name="lecture-watch"),
    path("lectures/<int:lecture_id>/viewers/", views.lecture_viewers, name="lecture-viewers"),
    path("lectures/<int:lecture_id>/comments/", views.lecture_comments, name="lecture-comments"),
    path("comments/<int:comment_id>/delete/", views.delete_comment, name="comment-delete"),
    path("attachments/<int:attachment_id>/", views.download, name="attachment"),
]
