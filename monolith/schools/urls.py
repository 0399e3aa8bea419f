"""Addresses of the schools."""

from django.urls import path

from monolith.schools import views

urlpatterns = [
    path("schools/<int:school_id>/", views.SchoolDashboard.as_view(), name="school-dashboard"),
]
