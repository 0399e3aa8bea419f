"""The steps that fill the platform, in their order; a module for each app."""

from collections.abc import Callable

from monolith.data.fill.accounts import (
    add_registrars,
    add_students,
    add_superuser,
    add_support,
    add_teachers,
)
from monolith.data.fill.boards import add_announcements, add_sections
from monolith.data.fill.courses import add_assistants, add_courses, add_moderators
from monolith.data.fill.enrolments import add_other_enrolments, add_registrations
from monolith.data.fill.gradebook import add_grades
from monolith.data.fill.lectures import add_lectures
from monolith.data.fill.payments import add_bursars, add_invoices
from monolith.data.fill.schools import add_schools, add_staff
from monolith.data.world import World

STEPS: tuple[Callable[[World], None], ...] = (
    add_superuser,
    add_schools,
    add_teachers,
    add_courses,
    add_staff,
    add_bursars,
    add_students,
    add_registrars,
    add_registrations,
    add_other_enrolments,
    add_assistants,
    add_moderators,
    add_lectures,
    add_grades,
    add_invoices,
    add_sections,
    add_announcements,
    add_support,
)
