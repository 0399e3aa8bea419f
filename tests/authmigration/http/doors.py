"""Every door that answers about a row, as one function: who, which permission, which row."""

from functools import cache

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models.signals import pre_save
from django.http import Http404, HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.views import View
from django.views.generic import DetailView
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from authmigration import (
    AuthzAdminMixin,
    AuthzConsumerMixin,
    AuthzPermission,
    May,
    RequiresMixin,
    acheck,
    acting,
    acting_as,
    arequire,
    check,
    explain,
    registry,
    require,
    requires,
)
from tests.authmigration.http.conftest import finished
from tests.authmigration.http.graphql_site import schema


def request_of(who):
    request = RequestFactory().get("/")
    request.user = who
    return request


def let_in(ask, *args, **kwargs):
    """Return whether something lets somebody in: a denial is raised, or a status."""
    try:
        found = ask(*args, **kwargs)
    except (PermissionDenied, Http404):
        return False
    return getattr(found, "status_code", 200) == 200


def text_of(row):
    return str(registry.get().lineages.context_of(row))


def by_id(who, permission, row):
    return check(who, permission, text_of(row)).allowed


def requiring(who, permission, row):
    return let_in(require, who, permission, row)


def in_a_loop(who, permission, row):
    return finished(acheck(who, permission, row)).allowed


def requiring_in_a_loop(who, permission, row):
    return let_in(finished, arequire(who, permission, row))


def explained(who, permission, row):
    return bool(explain(who, permission, row))


def backend(who, permission, row):
    return who.has_perm(permission, row)


def backend_in_a_loop(who, permission, row):
    return finished(who.ahas_perm(permission, row))


def decorator(who, permission, row):
    @requires(permission, type(row))
    def view(request, pk):
        return HttpResponse()

    return let_in(view, request_of(who), pk=row.pk)


def decorator_in_a_loop(who, permission, row):
    @requires(permission, type(row))
    async def view(request, pk):
        return HttpResponse()

    return let_in(finished, view(request_of(who), pk=row.pk))


@cache
def view_class(permission, model):
    def render(self, context, **_):
        return HttpResponse()

    names = {"permission": permission, "model": model, "render_to_response": render}
    return type("Shown", (RequiresMixin, DetailView), names)


def mixin(who, permission, row):
    view = view_class(permission, type(row)).as_view()
    return let_in(view, request_of(who), pk=row.pk)


def mixin_in_a_loop(who, permission, row):
    async def get(self, request):
        return HttpResponse()

    names = {"permission": permission, "get_permission_object": lambda self: row, "get": get}
    view = type("Later", (RequiresMixin, View), names).as_view()
    return let_in(finished, view(request_of(who)))


@cache
def api_class(permission, model, *mixins):
    def retrieve(self, request, *args, **kwargs):
        return Response(self.get_object().pk)

    names = {
        "queryset": model._base_manager.all(),
        "permission_classes": (AuthzPermission,),
        "authz_permissions": permission,
        "retrieve": retrieve,
    }
    return type("Api", (*mixins, generics.RetrieveAPIView), names)


def api(who, permission, row):
    request = APIRequestFactory().get("/")
    force_authenticate(request, who)
    return let_in(api_class(permission, type(row)).as_view(), request, pk=row.pk)


def template_tag(who, permission, row):
    text = f'{{% load authz %}}{{% ifcan "{permission}" row %}}in{{% endifcan %}}'
    return engines["django"].from_string(text).render({"row": row}, request_of(who)) == "in"


def may_in_a_template(who, permission, row):
    text = f"{{% if here.{permission} %}}in{{% endif %}}"
    here = May(request_of(who), row)
    return engines["django"].from_string(text).render({"here": here}) == "in"


def admin_of(permission, model):
    named = {"view": permission, "change": permission, "delete": permission}
    door = type("Admin", (AuthzAdminMixin, admin.ModelAdmin), {"authz_permissions": named})
    return door(model, admin.site)


def model_admin(who, permission, row):
    door, request = admin_of(permission, type(row)), request_of(who)
    answers = {
        door.has_view_permission(request, row),
        door.has_change_permission(request, row),
        door.has_delete_permission(request, row),
    }
    (answer,) = answers
    return answer


@cache
def consumer_class(permission):
    names = {
        "permission": permission,
        "get_permission_object": lambda self: self.scope["row"],
    }
    return type("Consumer", (AuthzConsumerMixin, AsyncWebsocketConsumer), names)


def consumer(who, permission, row):
    async def run():
        scope = {"type": "websocket", "user": who, "row": row}
        socket = ApplicationCommunicator(consumer_class(permission).as_asgi(), scope)
        await socket.send_input({"type": "websocket.connect"})
        opened = await socket.receive_output(5)
        await socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await socket.wait(5)
        return opened["type"] == "websocket.accept"

    return finished(run())


def graphql(who, permission, row):
    text = f'{{ may(permission: "{permission}", on: "{text_of(row)}") }}'
    found = finished(schema.execute(text, context_value={"user": who}))
    if found.errors:
        raise found.errors[0].original_error
    return found.data["may"]


def signal(who, permission, row):
    """Asked by whoever acts in the unit of work, as a handler does that has no request."""

    def handler(sender, instance, **_):
        require(acting().subject, permission, instance)

    pre_save.connect(handler, sender=type(row))
    try:
        with acting_as(who, reason="a test"):
            return let_in(lambda: pre_save.send(type(row), instance=row) and None)
    finally:
        pre_save.disconnect(handler, sender=type(row))


def view_in_a_thread(who, permission, row):
    return finished(sync_to_async(check)(who, permission, row)).allowed


DOORS = {
    each.__name__: each
    for each in (
        by_id,
        requiring,
        in_a_loop,
        requiring_in_a_loop,
        explained,
        backend,
        backend_in_a_loop,
        decorator,
        decorator_in_a_loop,
        mixin,
        mixin_in_a_loop,
        api,
        template_tag,
        may_in_a_template,
        model_admin,
        consumer,
        graphql,
        signal,
        view_in_a_thread,
    )
}
NEEDS_SOMEBODY = {signal}
