"""The Django app of the demo."""

import os

from django.apps import AppConfig

from monolith.demo.fault import FAULT, sow


class DemoConfig(AppConfig):
    name = "monolith.demo"
    label = "demo"

    def ready(self) -> None:
        """Sow the fault in a process that was started as the faulty release."""
        if os.environ.get(FAULT):
            sow()
