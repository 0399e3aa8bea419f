"""Fills an empty platform: with generated data, or with real enrolments around which to generate.

`generate(users)` and `load_oulad(folder)` return an `Intake`; `seed(intake)` writes it to the
database together with the schools, teachers, offices, lectures, grades and invoices around it. The
same intake always gives the same rows.
"""

from monolith.data.csv_table import BadDataError
from monolith.data.generated import OULAD_STUDENTS, generate
from monolith.data.intake import Intake, Presentation, Registration, Student
from monolith.data.oulad import load_oulad
from monolith.data.seeding import PlatformNotEmptyError, seed

__all__ = [
    "OULAD_STUDENTS",
    "BadDataError",
    "Intake",
    "PlatformNotEmptyError",
    "Presentation",
    "Registration",
    "Student",
    "generate",
    "load_oulad",
    "seed",
]
