"""Registers the courses app."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class CoursesConfig(AppConfig):
    """Courses of the platform."""

    name = "monolith.courses"

    def ready(self) -> None:
        """Mail students about their enrolments."""
        from monolith.courses.signals import mail_the_student

        post_save.connect(mail_the_student, sender="courses.Enrolment")
