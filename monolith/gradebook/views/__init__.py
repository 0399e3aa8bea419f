"""The pages and the API of the gradebook."""

from monolith.gradebook.views.api import GradeDetail, GradeList
from monolith.gradebook.views.edit import edit_grade
from monolith.gradebook.views.exercise import exercise_grades
from monolith.gradebook.views.mine import my_grades

__all__ = ["GradeDetail", "GradeList", "edit_grade", "exercise_grades", "my_grades"]
