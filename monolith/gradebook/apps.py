"""Registers the gradebook app."""

from django.apps import AppConfig


class GradebookConfig(AppConfig):
    """Gradebook of the platform."""

    name = "monolith.gradebook"
