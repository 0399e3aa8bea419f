"""Set Django up for a benchmark; to be called before anything that needs models is imported."""

import os

import django


def set_up() -> None:
    """Set Django up with the settings of the benchmarks, whatever the environment names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
