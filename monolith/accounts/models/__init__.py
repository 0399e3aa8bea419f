"""Everybody on the platform."""

from monolith.accounts.models.outbox_mail import OutboxMail
from monolith.accounts.models.person import Person
from monolith.accounts.models.profile import Profile
from monolith.accounts.models.user import User

__all__ = ["OutboxMail", "Person", "Profile", "User"]
