"""The pages of the lectures."""

from monolith.lectures.views.discussion import toggle_discussion
from monolith.lectures.views.edit import LectureEdit
from monolith.lectures.views.read import read_lecture

__all__ = ["LectureEdit", "read_lecture", "toggle_discussion"]
