"""The pages of the accounts."""

from monolith.accounts.views.demo_login import demo_login

__all__ = ["demo_login"]
