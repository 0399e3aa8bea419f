"""Contexts, roles and their migration out of a living monolith: the public names.

Everything that needs the app registry is imported at the first use of its name, since an
installed app is imported before the registry is ready.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from auth_lib import PLATFORM as PLATFORM
from auth_lib import Context as Context
from auth_lib import Decision as Decision
from auth_lib import Effect as Effect
from auth_lib import Fact as Fact
from auth_lib import Policy as Policy
from auth_lib import Role as Role

if TYPE_CHECKING:
    from . import legacy as legacy
    from . import parity as parity
    from .assignments import assign as assign
    from .assignments import unassign as unassign
    from .contexts import ContextType as ContextType
    from .decisions import acheck as acheck
    from .decisions import aprefetch as aprefetch
    from .decisions import arequire as arequire
    from .decisions import check as check
    from .decisions import explain as explain
    from .decisions import filter_queryset as filter_queryset
    from .decisions import is_authorized as is_authorized
    from .decisions import prefetch as prefetch
    from .decisions import require as require
    from .decisions import roles_of as roles_of
    from .decisions import who_can as who_can
    from .http.backends import AuthzBackend as AuthzBackend
    from .http.channels import AuthzConsumerMixin as AuthzConsumerMixin
    from .http.context_processors import May as May
    from .http.decorators import requires as requires
    from .http.drf import AuthzFilterBackend as AuthzFilterBackend
    from .http.drf import AuthzPermission as AuthzPermission
    from .http.drf import AuthzPrimaryKeyRelatedField as AuthzPrimaryKeyRelatedField
    from .http.drf import AuthzQuerysetMixin as AuthzQuerysetMixin
    from .http.drf import AuthzRelatedFieldMixin as AuthzRelatedFieldMixin
    from .http.forms import AuthzFormMixin as AuthzFormMixin
    from .http.forms import AuthzModelChoiceField as AuthzModelChoiceField
    from .http.forms import AuthzModelMultipleChoiceField as AuthzModelMultipleChoiceField
    from .http.mixins import FilteredQuerysetMixin as FilteredQuerysetMixin
    from .http.mixins import RequiresMixin as RequiresMixin
    from .http.model_admin import AuthzAdminMixin as AuthzAdminMixin
    from .http.model_admin import AuthzInlineMixin as AuthzInlineMixin
    from .http.user_model import AuthzUserMixin as AuthzUserMixin
    from .http.views import end_view_as as end_view_as
    from .http.views import ends_view_as as ends_view_as
    from .pins import pinned as pinned
    from .rollout import Stage as Stage
    from .tokens import TokenRefused as TokenRefused
    from .tokens import issue_tokens as issue_tokens
    from .trail import acting as acting
    from .trail import acting_as as acting_as
    from .trail import system as system
    from .viewing_as import current_view_as as current_view_as
    from .viewing_as import stop_view_as as stop_view_as
    from .viewing_as import view_as as view_as
    from .viewing_as import viewing as viewing

_HOMES = {
    "legacy": "legacy",
    "parity": "parity",
    "ContextType": "contexts",
    "Stage": "rollout",
    "pinned": "pins",
    **dict.fromkeys(("TokenRefused", "issue_tokens"), "tokens"),
    **dict.fromkeys(("acting", "acting_as", "system"), "trail"),
    **dict.fromkeys(("current_view_as", "stop_view_as", "view_as", "viewing"), "viewing_as"),
    "AuthzBackend": "http.backends",
    "AuthzUserMixin": "http.user_model",
    "AuthzConsumerMixin": "http.channels",
    "May": "http.context_processors",
    "requires": "http.decorators",
    **dict.fromkeys(("AuthzAdminMixin", "AuthzInlineMixin"), "http.model_admin"),
    **dict.fromkeys(
        ("AuthzFormMixin", "AuthzModelChoiceField", "AuthzModelMultipleChoiceField"), "http.forms"
    ),
    **dict.fromkeys(("FilteredQuerysetMixin", "RequiresMixin"), "http.mixins"),
    **dict.fromkeys(
        (
            "AuthzFilterBackend",
            "AuthzPermission",
            "AuthzPrimaryKeyRelatedField",
            "AuthzQuerysetMixin",
            "AuthzRelatedFieldMixin",
        ),
        "http.drf",
    ),
    **dict.fromkeys(("end_view_as", "ends_view_as"), "http.views"),
    "assign": "assignments",
    "unassign": "assignments",
    **dict.fromkeys(
        (
            "acheck",
            "aprefetch",
            "arequire",
            "check",
            "explain",
            "filter_queryset",
            "is_authorized",
            "prefetch",
            "require",
            "roles_of",
            "who_can",
        ),
        "decisions",
    ),
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{home}")
    found = module if name == home else getattr(module, name)
    globals()[name] = found  # the next use finds it without coming here
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
