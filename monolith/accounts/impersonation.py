"""Support staff look at the platform with somebody else's account, and say why.

The session remembers whose account and why; `request.user` is that person, and who sits at the
keyboard is `actor_of(request)`: the name under which changes stand in the audit trail meanwhile.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, cached_property

from authmigration import acting_as
from monolith.accounts.models import User

KEY = "impersonates"
GROUP = "support"
_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


class ImpersonationMiddleware:
    """Puts the impersonated person in the place of the supporter, below AuthenticationMiddleware.

    Each request looks anew whether both of them still qualify.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        """Answer a request, as somebody else if the session says so."""
        if request.session.session_key:
            request.impersonation = found = Impersonation(request)
            request.user = SimpleLazyObject(lambda: found.user)
        if self._is_async:
            return self._later(request)
        with _naming_the_actor(request):
            return self.get_response(request)

    async def _later(self, request: HttpRequest) -> HttpResponse:
        if request.method in _SAFE:
            return await self.get_response(request)
        with await sync_to_async(_naming_the_actor)(request):
            return await self.get_response(request)


class Impersonation:
    """Who sits at the keyboard of a request, and as whom; looked up when somebody asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session
        self._own = request.user

    @cached_property
    def user(self) -> Any:
        """Whose rights the request has."""
        return self._found or self._own

    @cached_property
    def supporter(self) -> User | None:
        """Who uses the account of another; None for everybody else."""
        return self._own if self._found else None

    @property
    def reason(self) -> str:
        """What the supporter gave as the reason."""
        return str(self._session[KEY]["reason"])

    @cached_property
    def _found(self) -> User | None:
        kept = self._session.get(KEY)
        if kept is None:
            return None
        user = may_be_impersonated().filter(pk=kept["user"]).first()
        if user is None or not is_supporter(self._own):
            del self._session[KEY]
            return None
        return user


def _naming_the_actor(request: HttpRequest) -> AbstractContextManager[Any]:
    """Return what names the supporter as the actor of every change of access in a request."""
    supporter = None if request.method in _SAFE else impersonator_of(request)
    if supporter is None:
        return nullcontext()
    why = f"with the account of {request.user}: {request.impersonation.reason}"
    return acting_as(supporter, reason=why)


def impersonator_of(request: HttpRequest) -> User | None:
    """Return who uses the account of another; None for everybody else."""
    found = getattr(request, "impersonation", None)
    return None if found is None else found.supporter


def is_supporter(user: Any) -> bool:
    """Tell whether somebody works in support."""
    return user.is_active and user.groups.filter(name=GROUP).exists()


def may_be_impersonated() -> Any:
    """Return whose accounts support may use: nobody's who could do more than help one person."""
    powerful = Q(is_superuser=True) | Q(is_staff=True)
    groups = User.groups.through.objects.filter(group__name__in=[GROUP, "registrars"])
    return (
        User.objects.filter(is_active=True).exclude(powerful).exclude(pk__in=groups.values("user"))
    )


def begin(request: HttpRequest, user: User, reason: str) -> None:
    """Use somebody's account from the next request on."""
    request.session[KEY] = {"user": user.pk, "reason": reason}
    _log(request.user, user, f"Began to use the account: {reason}")


def end(request: HttpRequest) -> bool:
    """Go back to the supporter's own account; return whether another was in use."""
    supporter = impersonator_of(request)
    if supporter is None:
        return False
    del request.session[KEY]
    _log(supporter, request.user, "Ended using the account.")
    return True


def actor_of(request: HttpRequest) -> User:
    """Return who sits at the keyboard: the name for the audit trail."""
    return impersonator_of(request) or request.user


def _log(supporter: User, user: User, message: str) -> None:
    LogEntry.objects.create(
        user=supporter,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=str(user)[:200],
        action_flag=CHANGE,
        change_message=message,
    )
