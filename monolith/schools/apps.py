"""Registers the schools app."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """Schools of the platform."""

    name = "monolith.schools"
