"""The pages and the API of the courses."""

from monolith.courses.views.api import CourseDetail, CourseList, EnrolmentCreate
from monolith.courses.views.catalogue import catalogue
from monolith.courses.views.detail import course_detail
from monolith.courses.views.edit import edit_course
from monolith.courses.views.enrol import enrol, withdraw
from monolith.courses.views.home import home

__all__ = [
    "CourseDetail",
    "CourseList",
    "EnrolmentCreate",
    "catalogue",
    "course_detail",
    "edit_course",
    "enrol",
    "home",
    "withdraw",
]
