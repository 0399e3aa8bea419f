"""Registers the lectures app."""

from django.apps import AppConfig


class LecturesConfig(AppConfig):
    """Lectures of the platform."""

    name = "monolith.lectures"
