"""Registers the payments app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payments of the platform."""

    name = "monolith.payments"
