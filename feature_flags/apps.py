"""The Django app."""

from django.apps import AppConfig
from django.core import checks


class FeatureFlagsConfig(AppConfig):
    """Flags over django-waffle."""

    name = "feature_flags"
    label = "feature_flags"
    verbose_name = "Feature flags"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks and the history of waffle's own admin."""
        from .checks import check_declarations, check_options, check_waffle
        from .waffle_history import follow_waffle

        for check in (check_options, check_waffle, check_declarations):
            checks.register(check)
        follow_waffle()
