"""Logging in and out."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from monolith.accounts import views

urlpatterns = [
    path("login/", LoginView.as_view(template_name="accounts/login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("demo/login/", views.demo_login, name="demo-login"),
]
