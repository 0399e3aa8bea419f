"""System checks: what can be known to be wrong is said at start-up, with its mend."""

from __future__ import annotations

from django.core import checks

from . import audited
from .backends import check_backends as check_backends
from .backends import check_strings as check_strings
from .data import check_capture as check_capture
from .data import check_ceiling as check_ceiling
from .data import check_values as check_values
from .declarations import check_declarations as check_declarations
from .declarations import check_lists as check_lists
from .declarations import check_middleware as check_middleware
from .declarations import check_uses as check_uses
from .deployment import check_connection as check_connection
from .keys import check_keys as check_keys
from .options import check_engine as check_engine
from .options import check_options as check_options
from .tokens import check_tokens as check_tokens
from .tokens import check_tokens_deployed as check_tokens_deployed

TAG = "authmigration"


def register() -> None:
    """Register every check with Django."""
    for check in (
        check_options,
        check_engine,
        check_declarations,
        check_keys,
        check_lists,
        check_uses,
        check_middleware,
        check_tokens,
        check_backends,
        check_strings,
    ):
        checks.register(check, TAG)
    checks.register(audited.check_source, audited.TAG)
    for check in (check_capture, check_ceiling, check_values):
        checks.register(check, TAG, checks.Tags.database)
    checks.register(check_connection, TAG, deploy=True)
    checks.register(check_tokens_deployed, TAG, deploy=True)
