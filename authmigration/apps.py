"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AuthMigrationConfig(AppConfig):
    """Roles in contexts, migrated while the legacy platform runs."""

    name = "authmigration"
    verbose_name = "Authorization"
    default_auto_field = "django.db.models.BigAutoField"
