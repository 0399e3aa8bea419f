"""The addresses of the tokens, below whatever prefix the host chooses."""

from django.urls import path

from . import devices, machines, viewing, views

urlpatterns = [
    path("session/", views.session, name="authz-token-session"),
    path("refresh/", views.refresh_tokens, name="authz-token-refresh"),
    path("revoke/", views.revoke, name="authz-token-revoke"),
    path("token/", machines.token, name="authz-token-machine"),
    path("devices/", devices.devices, name="authz-token-devices"),
    path("devices/<uuid:device>/revoke/", devices.end_device, name="authz-token-device-end"),
    path("view-as/", viewing.begin_view, name="authz-token-view-as"),
    path("view-as/end/", viewing.end_view, name="authz-token-view-as-end"),
    path("jwks.json", views.jwks, name="authz-token-jwks"),
    path("policy.json", views.policy, name="authz-token-policy"),
]
