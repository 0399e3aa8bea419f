"""Addresses of the gradebook."""

from django.urls import path

from monolith.gradebook import views

urlpatterns = [
    path("exercises/<int:exercise_id>/grades/", views.exercise_grades, name="exercise-grades"),
    path("grades/", views.my_grades, name="my-grades"),
    path("grades/<int:grade_id>/edit/", views.edit_grade, name="grade-edit"),
    path("api/grades/", views.GradeList.as_view(), name="api-grade-list"),
    path("api/grades/<int:pk>/", views.GradeDetail.as_view(), name="api-grade-detail"),
]
