"""Registers the accounts app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from monolith.sqlite import use_write_ahead_log


class AccountsConfig(AppConfig):
    """People of the platform."""

    name = "monolith.accounts"

    def ready(self) -> None:
        """Prepare every database connection that is opened from now on."""
        connection_created.connect(use_write_ahead_log)
