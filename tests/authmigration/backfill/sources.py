"""The platform's tables as sources, and beside them one that is slow or deadly when told so."""

import os
import signal
import time

from authmigration import legacy
from authmigration.registry import Registry
from monolith.accounts.models import Profile
from tests.authmigration import worlds


@legacy.roles(watch=[legacy.watch(Profile, user="user", columns=["moderated_courses"])])
def dawdling(user):
    """Take a while over everybody, and kill the process over one."""
    if os.environ.get("BACKFILL_DEADLY") == str(user.pk):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(float(os.environ.get("BACKFILL_SECONDS_EACH", "0")))
    return ()


def sources() -> Registry:
    """Return what child processes migrate from; the same mapping in all of them."""
    return worlds.tables_only(dawdling=dawdling)
