"""The pages of the lectures."""

from monolith.lectures.views.attachment import download
from monolith.lectures.views.comments import delete_comment, lecture_comments
from monolith.lectures.views.course import course_lectures
from monolith.lectures.views.discussion import toggle_discussion
from monolith.lectures.views.edit import LectureEdit
from monolith.lectures.views.read import read_lecture
from monolith.lectures.views.viewers import lecture_viewers
from monolith.lectures.views.watch import watch

__all__ = [
    "LectureEdit",
    "course_lectures",
    "delete_comment",
    "download",
    "lecture_comments",
    "lecture_viewers",
    "read_lecture",
    "toggle_discussion",
    "watch",
]
