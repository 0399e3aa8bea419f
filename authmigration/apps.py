"""The Django app."""

from __future__ import annotations

from importlib.util import find_spec

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_delete, post_migrate, pre_migrate


class AuthMigrationConfig(AppConfig):
    """Roles in contexts, migrated while the legacy platform runs."""

    name = "authmigration"
    verbose_name = "Authorization"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, keep the triggers through migrations, follow tasks.

        The ``authz.py`` files are read at the first question, or by the first check: they are
        the host's, and an error in one of them shall not stop ``authz_kill``.
        """
        from django.contrib.auth import get_user_model

        from . import capture, celery_pins, checks
        from .assignments.departing import depart
        from .tokens import key_uses, publishing
        from .tokens.logging_in import logged_in
        from .tokens.signing_out import signed_out

        checks.register()
        uid = "authmigration.capture"
        pre_migrate.connect(capture.suspend_before_migrate, sender=self, dispatch_uid=uid)
        post_migrate.connect(capture.reinstall_after_migrate, sender=self, dispatch_uid=uid)
        post_delete.connect(depart, sender=get_user_model(), dispatch_uid="authmigration.depart")
        publishing.connect()
        key_uses.connect()
        user_logged_in.connect(logged_in, dispatch_uid="authmigration.tokens")
        user_logged_out.connect(signed_out, dispatch_uid="authmigration.tokens")
        if find_spec("celery") is not None:
            celery_pins.connect_celery()
