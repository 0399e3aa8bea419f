"""The command `make_teacher`: sets the flag that makes somebody a teacher, or takes it away."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monolith.accounts.models import OutboxMail, User


class Command(BaseCommand):
    """What the help desk runs when a school hires somebody."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare whom, and the way back."""
        parser.add_argument("user_name")
        parser.add_argument("--off", action="store_true", help="take the flag away again")

    def handle(self, *, user_name: str, off: bool, **_: Any) -> None:
        """Set the flag, and write to the person."""
        user = User.objects.filter(username=user_name).first()
        if user is None:
            raise CommandError(f"Nobody is called {user_name!r}. Take the name from the admin.")
        if user.is_teacher is not off:
            raise CommandError(f"{user_name} is {'no teacher' if off else 'a teacher'} already.")
        user.is_teacher = not off
        user.save(update_fields=["is_teacher"])
        change = "no longer a teacher" if off else "a teacher now"
        OutboxMail.objects.create(
            to=user.email, subject="Your account", body=f"You are {change} on the platform."
        )
        self.stdout.write(f"{user_name} is {change}.")
