"""What every page says above itself to somebody who is not quite themselves."""

import math
import time
from typing import Any

from django.http import HttpRequest

from authmigration import current_view_as
from monolith.accounts.impersonation import impersonator_of


def banner(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `viewed_as` and `impersonator`, looked up where a page shows them."""
    return {
        "viewed_as": lambda: _viewed_as(request),
        "impersonator": lambda: impersonator_of(request),
    }


def _viewed_as(request: HttpRequest) -> dict[str, Any] | None:
    viewing = current_view_as(request.user)
    if viewing is None:
        return None
    left = math.ceil((viewing.until - time.time()) / 60)
    return {"role": viewing.role, "course": viewing.context.id, "minutes": left}
