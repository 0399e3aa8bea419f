"""Addresses of the courses."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from authmigration import end_view_as
from monolith.courses import views

router = SimpleRouter()
router.register("api/places", views.PlaceViewSet, basename="api-place")

urlpatterns = [
    path("", views.home, name="home"),
    path("news/", views.news, name="news"),
    path("courses/", views.catalogue, name="course-list"),
    path("courses/<int:course_id>/", views.course_detail, name="course-detail"),
    path("courses/<int:course_id>/edit/", views.edit_course, name="course-edit"),
    path("courses/<int:course_id>/archive/", views.archive_course, name="course-archive"),
    path("courses/<int:course_id>/transfer/", views.transfer_course, name="course-transfer"),
    path("courses/<int:course_id>/as-student/", views.view_as_student, name="course-as-student"),
    path("courses/<int:course_id>/roster/", views.roster, name="course-roster"),
    path("courses/<int:course_id>/roster.csv", views.roster_csv, name="course-roster-csv"),
    path("courses/<int:course_id>/enrol/", views.enrol, name="course-enrol"),
    path("courses/<int:course_id>/withdraw/", views.withdraw, name="course-withdraw"),
    path("courses/<int:course_id>/staff/", views.course_staff, name="course-staff"),
    path(
        "courses/<int:course_id>/staff/dismiss/",
        views.dismiss_assistant,
        name="course-staff-dismiss",
    ),
    path(
        "courses/<int:course_id>/sections/<int:section_id>/",
        views.section_detail,
        name="section-detail",
    ),
    path(
        "courses/<int:course_id>/announcements/",
        views.announcements,
        name="course-announcements",
    ),
    path(
        "announcements/<int:announcement_id>/edit/",
        views.edit_announcement,
        name="announcement-edit",
    ),
    path("enrolments/<int:enrolment_id>/extend/", views.extend_enrolment, name="enrolment-extend"),
    path("view-as/end/", end_view_as, name="view-as-end"),
    path("api/courses/", views.CourseList.as_view(), name="api-course-list"),
    path("api/courses/<int:pk>/", views.CourseDetail.as_view(), name="api-course-detail"),
    path("api/enrolments/", views.EnrolmentCreate.as_view(), name="api-enrolment-create"),
    *router.urls,
]
