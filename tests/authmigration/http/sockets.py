"""Real consumers behind the real middleware of Channels, spoken to as a server would."""

import json
from contextlib import asynccontextmanager

from asgiref.testing import ApplicationCommunicator
from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncJsonWebsocketConsumer, JsonWebsocketConsumer
from channels.routing import URLRouter
from django.urls import path

from authmigration import AuthzConsumerMixin, check
from tests.authmigration.http.conftest import signed_in

GROUP = "course"


class Forum(AuthzConsumerMixin, AsyncJsonWebsocketConsumer):
    permission = "lecture.view"

    def get_permission_object(self):
        return f"course:{self.scope['url_route']['kwargs']['course_id']}"

    async def connect(self):
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def receive_json(self, content):
        await self.send_json({"echo": content})

    async def posted(self, event):
        await self.send_json({"posted": event["text"]})


class SyncForum(AuthzConsumerMixin, JsonWebsocketConsumer):
    permission = "lecture.view"

    async def get_permission_object(self):
        return f"course:{self.scope['url_route']['kwargs']['course_id']}"

    def receive_json(self, content):
        course = self.get_course()
        self.send_json({"echo": content, "edit": bool(check(self.scope["user"], *course))})

    def get_course(self):
        return "course.edit", f"course:{self.scope['url_route']['kwargs']['course_id']}"


class Nameless(Forum):
    permission = None


class Homeless(AuthzConsumerMixin, AsyncJsonWebsocketConsumer):
    permission = "lecture.view"


ROUTES = URLRouter(
    [
        path("forum/<int:course_id>/", Forum.as_asgi()),
        path("sync/<int:course_id>/", SyncForum.as_asgi()),
        path("nameless/<int:course_id>/", Nameless.as_asgi()),
        path("homeless/", Homeless.as_asgi()),
    ]
)
APPLICATION = AuthMiddlewareStack(ROUTES)


class Socket(ApplicationCommunicator):
    """What a browser does with a socket, by way of a server."""

    async def connect(self):
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(5))["type"]

    async def say(self, content):
        await self.send_input({"type": "websocket.receive", "text": json.dumps(content)})
        return await self.hear()

    async def hear(self):
        answer = await self.receive_output(5)
        return json.loads(answer["text"]) if "text" in answer else answer


@asynccontextmanager
async def socket(client, url, application=APPLICATION):
    """Open a socket with the cookies of a client, None for nobody, and close it in the end."""
    cookies = client.cookies.output(header="", sep=";").strip() if client else ""
    scope = {
        "type": "websocket",
        "path": url,
        "query_string": b"",
        "headers": [(b"cookie", cookies.encode())],
    }
    found = Socket(application, scope)
    try:
        yield found
    finally:
        await found.send_input({"type": "websocket.disconnect", "code": 1000})
        await found.wait(5)


def browser(who):
    return signed_in(who) if who.is_authenticated else None
