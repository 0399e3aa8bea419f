"""Addresses of the gradebook."""

from django.urls import path

from monolith.gradebook import views

urlpatterns = [
    path("exercises/<int:exercise_id>/grades/", views.exercise_grades, name="exercise-grades"),
    path("exercises/<int:exercise_id>/hand-in/", views.hand_in, name="exercise-hand-in"),
    path(
        "exercises/<int:exercise_id>/submissions/",
        views.exercise_submissions,
        name="exercise-submissions",
    ),
    path(
        "exercises/<int:exercise_id>/submissions/<int:submission_id>/",
        views.submission_detail,
        name="submission-detail",
    ),
    path("courses/<int:course_id>/grades.csv", views.course_grades_csv, name="course-grades-csv"),
    path("gradebook/", views.gradebook, name="gradebook"),
    path("grades/", views.my_grades, name="my-grades"),
    path("grades/<int:grade_id>/edit/", views.edit_grade, name="grade-edit"),
    path("grades/<int:grade_id>/history/", views.grade_history, name="grade-history"),
    path("api/exercises/", views.ExerciseCreate.as_view(), name="api-exercise-create"),
    path("api/exercises/<int:pk>/", views.ExerciseDetail.as_view(), name="api-exercise-detail"),
    path("api/grades/", views.GradeList.as_view(), name="api-grade-list"),
    path("api/grades/<int:pk>/", views.GradeDetail.as_view(), name="api-grade-detail"),
]
