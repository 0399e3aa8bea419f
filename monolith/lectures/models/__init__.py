"""Lectures, what comes with them, and what is said about them."""

from monolith.lectures.models.attachment import Attachment
from monolith.lectures.models.comment import Comment
from monolith.lectures.models.lecture import Lecture
from monolith.lectures.models.progress import Progress

__all__ = ["Attachment", "Comment", "Lecture", "Progress"]
