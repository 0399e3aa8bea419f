"""Addresses of the courses."""

from django.urls import path

from monolith.courses import views

urlpatterns = [
    path("", views.home, name="home"),
    path("courses/", views.catalogue, name="course-list"),
    path("courses/<int:course_id>/", views.course_detail, name="course-detail"),
    path("courses/<int:course_id>/edit/", views.edit_course, name="course-edit"),
    path("courses/<int:course_id>/enrol/", views.enrol, name="course-enrol"),
    path("courses/<int:course_id>/withdraw/", views.withdraw, name="course-withdraw"),
    path("api/courses/", views.CourseList.as_view(), name="api-course-list"),
    path("api/courses/<int:pk>/", views.CourseDetail.as_view(), name="api-course-detail"),
    path("api/enrolments/", views.EnrolmentCreate.as_view(), name="api-enrolment-create"),
]
