"""A permission in front of a consumer of Channels: at the handshake, and at every message."""

from __future__ import annotations

from contextlib import ExitStack
from inspect import isawaitable
from typing import Any

from asgiref.sync import sync_to_async
from django.core.exceptions import ImproperlyConfigured

from .. import pins, viewing_as
from ..decisions import acheck
from ..errors import UnknownSubject
from ..flushing import flush_quietly, is_due
from ..subjects import by_id
from ..uses import declare_use, place_of

DENIED = 4403
"""The code with which a socket is closed; 4000 to 4999 are for applications (RFC 6455, 7.4.2)."""

_RECEIVE, _DISCONNECT = "websocket.receive", "websocket.disconnect"


class AuthzConsumerMixin:
    """Lets only those into a socket who have a permission, and puts out who has lost it.

    Place it before an asynchronous or a synchronous ``WebsocketConsumer``. The handshake of
    somebody denied is rejected. Afterwards each message is asked about again, those of a channel
    layer included, so that nothing is sent to somebody who may no longer have it; the socket is
    then closed with the code 4403. A connection has one snapshot, at most 60 seconds old; the
    account of its user is read again with it.

    While the user views as a role, whatever the client sends is denied.

    Attributes:
        permission: ``course.view``.

    """

    permission: str | None = None
    scope: dict[str, Any]
    base_send: Any
    _pin: pins.Pin | None = None
    _who: Any = None
    _is_shut = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("permission") is not None:
            declare_use(str(cls.permission), place_of(cls))

    def get_permission_object(self) -> Any:
        """Return what the permission is asked for: an object, or ``course:42``; may be async.

        Raises:
            ImproperlyConfigured: always; the consumer defines it.

        """
        raise ImproperlyConfigured(
            f"{place_of(type(self))} has no object; define get_permission_object(), as in "
            "return f\"course:{self.scope['url_route']['kwargs']['course_id']}\"."
        )

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Ask, and pass a message on.

        Raises:
            ImproperlyConfigured: the consumer names no permission, or its scope has no user.
            UnknownPermission, InvalidContext, UnknownContextType: see
                :func:`authmigration.check`.

        """
        if message["type"] == _DISCONNECT:
            await super().dispatch(message)  # type: ignore[misc]
            return
        if self._is_shut:
            return
        with ExitStack() as unit:
            await self._begin(unit, message)
            if await self._is_allowed():
                await super().dispatch(message)  # type: ignore[misc]
            else:
                await self._shut()
        if is_due():
            await sync_to_async(flush_quietly)()

    async def _begin(self, unit: ExitStack, message: dict[str, Any]) -> None:
        """Go on with the snapshot of the connection, or with a new one when it is too old."""
        if self._pin is None:
            self._pin = pins.Pin()
        unit.enter_context(pins.resumed(self._pin))
        pin = pins.current()
        if pin is not None and not pin.snapshots:
            self._who = await sync_to_async(self._read_user)()
        if "session" in self.scope:
            safe = message["type"] != _RECEIVE
            later = viewing_as.Later(lambda: self._viewing(safe=safe))
            await sync_to_async(later.get)()  # else it would be read inside the event loop
            unit.enter_context(viewing_as.looking(later))

    def _read_user(self) -> Any:
        """Return the user of the connection as stored now: the scope's is that of the handshake."""
        user = self.scope.get("user")
        if user is None:
            raise ImproperlyConfigured(
                f"{place_of(type(self))}: the scope has no user; put channels.auth."
                "AuthMiddlewareStack around the consumer."
            )
        if not user.is_authenticated:
            return user
        try:
            return by_id(str(user.pk)).user
        except UnknownSubject:
            return None  # deleted meanwhile: anonymous, who sees what is public

    def _viewing(self, *, safe: bool) -> viewing_as.Viewing | None:
        return viewing_as.found_in(self.scope["session"], self._who, safe=safe)

    async def _is_allowed(self) -> bool:
        if self.permission is None:
            raise ImproperlyConfigured(
                f'{place_of(type(self))} names no permission; set permission = "noun.verb".'
            )
        what = self.get_permission_object()
        if isawaitable(what):
            what = await what
        return (await acheck(self._who, self.permission, what)).allowed

    async def _shut(self) -> None:
        self._is_shut = True
        send = self.base_send
        if getattr(self, "_sync", False):
            send = sync_to_async(send)  # a synchronous consumer sends from its own thread
        await send({"type": "websocket.close", "code": DENIED})
