"""The pages and the API of the courses."""

from monolith.courses.views.announcements import announcements, edit_announcement, news
from monolith.courses.views.api import CourseDetail, CourseList, EnrolmentCreate
from monolith.courses.views.archive import archive_course
from monolith.courses.views.as_student import view_as_student
from monolith.courses.views.catalogue import catalogue
from monolith.courses.views.detail import course_detail
from monolith.courses.views.edit import edit_course
from monolith.courses.views.enrol import enrol, withdraw
from monolith.courses.views.extend import extend_enrolment
from monolith.courses.views.home import home
from monolith.courses.views.places_api import PlaceViewSet
from monolith.courses.views.roster import roster, roster_csv
from monolith.courses.views.section import section_detail
from monolith.courses.views.staff import course_staff, dismiss_assistant
from monolith.courses.views.transfer import transfer_course

__all__ = [
    "CourseDetail",
    "CourseList",
    "EnrolmentCreate",
    "PlaceViewSet",
    "announcements",
    "archive_course",
    "catalogue",
    "course_detail",
    "course_staff",
    "dismiss_assistant",
    "edit_announcement",
    "edit_course",
    "enrol",
    "extend_enrolment",
    "home",
    "news",
    "roster",
    "roster_csv",
    "section_detail",
    "transfer_course",
    "view_as_student",
    "withdraw",
]
