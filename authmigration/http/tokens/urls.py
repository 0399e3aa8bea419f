"""The addresses of the tokens, below whatever prefix the host chooses."""

from django.urls import path

from . import views

urlpatterns = [
    path("session/", views.session, name="authz-token-session"),
    path("refresh/", views.refresh_tokens, name="authz-token-refresh"),
    path("revoke/", views.revoke, name="authz-token-revoke"),
    path("jwks.json", views.jwks, name="authz-token-jwks"),
    path("policy.json", views.policy, name="authz-token-policy"),
]
