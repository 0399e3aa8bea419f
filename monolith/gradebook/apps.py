"""Registers the gradebook app."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class GradebookConfig(AppConfig):
    """Gradebook of the platform."""

    name = "monolith.gradebook"

    def ready(self) -> None:
        """Follow every grade that is saved or deleted."""
        from monolith.gradebook.signals import follow_the_grade

        for signal in (post_save, post_delete):
            signal.connect(follow_the_grade, sender="gradebook.Grade")
