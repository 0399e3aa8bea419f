"""Accounts: logging in and out, profiles, and support."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from authmigration import ends_view_as
from monolith.accounts import views

urlpatterns = [
    path("login/", LoginView.as_view(template_name="accounts/login.html"), name="login"),
    path("logout/", ends_view_as(LogoutView.as_view()), name="logout"),
    path("demo/login/", views.demo_login, name="demo-login"),
    path("register/", views.register, name="register"),
    path("profile/", views.edit_profile, name="profile"),
    path("people/<int:user_id>/", views.person, name="person"),
    path("support/", views.support_desk, name="support"),
    path("support/leave/", views.leave_account, name="support-leave"),
]
