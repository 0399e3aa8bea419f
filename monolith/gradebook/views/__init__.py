"""The pages and the API of the gradebook."""

from monolith.gradebook.views.api import GradeDetail, GradeList
from monolith.gradebook.views.edit import edit_grade
from monolith.gradebook.views.exercise import exercise_grades
from monolith.gradebook.views.exercises_api import ExerciseCreate, ExerciseDetail
from monolith.gradebook.views.export import course_grades_csv
from monolith.gradebook.views.gradebook import gradebook
from monolith.gradebook.views.hand_in import hand_in
from monolith.gradebook.views.history import grade_history
from monolith.gradebook.views.mine import my_grades
from monolith.gradebook.views.submission import submission_detail
from monolith.gradebook.views.submissions import exercise_submissions

__all__ = [
    "ExerciseCreate",
    "ExerciseDetail",
    "GradeDetail",
    "GradeList",
    "course_grades_csv",
    "edit_grade",
    "exercise_grades",
    "exercise_submissions",
    "grade_history",
    "gradebook",
    "hand_in",
    "my_grades",
    "submission_detail",
]
