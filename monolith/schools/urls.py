"""Addresses of the schools."""

from django.urls import path

from monolith.schools import views

urlpatterns = [
    path("schools/<int:school_id>/", views.SchoolDashboard.as_view(), name="school-dashboard"),
    path("schools/<int:school_id>/report/", views.SchoolReport.as_view(), name="school-report"),
    path("schools/<int:school_id>/staff/", views.school_staff, name="school-staff"),
    path(
        "schools/<int:school_id>/staff/<uuid:staff_id>/dismiss/",
        views.dismiss_staff,
        name="school-staff-dismiss",
    ),
    path("api/staff/", views.SchoolStaffList.as_view(), name="api-staff-list"),
]
