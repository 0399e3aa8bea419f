"""Reads the Open University Learning Analytics Dataset (see README.md beside this file)."""

import re
from datetime import date, timedelta
from pathlib import Path

from monolith.data.csv_table import BadDataError, Row, read_table
from monolith.data.intake import Intake, Presentation, Registration, Student

_MONTHS = {"B": 2, "J": 10}
_FARTHEST = 3_650

Key = tuple[str, str]


def load_oulad(folder: Path) -> Intake:
    """Return the intake of `folder`, which holds courses.csv and studentRegistration.csv of OULAD.

    Days are counted from the first of February (presentation B) or October (J). A registration with
    a date of unregistration is withdrawn. Raises BadDataError, naming file, line and column, for
    anything that cannot be read; nothing has been written then.
    """
    if not folder.is_dir():
        raise BadDataError(
            f"{folder} is no folder. Name the one that holds courses.csv and "
            "studentRegistration.csv; monolith/data/README.md says where to get them."
        )
    starts: dict[Key, date] = {}
    for row in read_table(folder / "courses.csv", ("code_module", "code_presentation")):
        _add_presentation(starts, row)
    presentations = [
        Presentation("-".join(key), f"Module {key[0]}, {start:%B %Y}")
        for key, start in starts.items()
    ]
    students, registrations = _registrations(folder / "studentRegistration.csv", starts)
    return Intake(
        [Student(f"s{number}", "Student", number) for number in students],
        presentations,
        registrations,
    )


def _add_presentation(starts: dict[Key, date], row: Row) -> None:
    module, presentation = row["code_module"], row["code_presentation"]
    if not re.fullmatch("[A-Za-z0-9]{1,20}", module):
        row.fail("code_module", "is no module", "Write letters and digits, as in AAA")
    if not re.fullmatch("20[0-9]{2}[BJ]", presentation):
        row.fail("code_presentation", "is no presentation", "Write a year and B or J, as in 2013J")
    if (module, presentation) in starts:
        row.fail("code_presentation", f"stands twice for module {module}", "Take one line out")
    starts[module, presentation] = date(int(presentation[:4]), _MONTHS[presentation[4]], 1)


def _registrations(
    path: Path, starts: dict[Key, date]
) -> tuple[dict[str, int], list[Registration]]:
    places = {key: place for place, key in enumerate(starts)}
    students: dict[str, int] = {}
    registrations = []
    columns = ("code_module", "code_presentation", "id_student")
    for row in read_table(path, (*columns, "date_registration", "date_unregistration")):
        key, student = (row["code_module"], row["code_presentation"]), row["id_student"]
        if key not in places:
            row.fail("code_presentation", f"of {key[0]} is not in courses.csv", "Add it there")
        if not re.fullmatch("[0-9]{1,18}", student):
            row.fail("id_student", "is no number", "Put the student's number")
        registered = _days(row, "date_registration")
        registrations.append(
            Registration(
                students.setdefault(student, len(students)),
                places[key],
                None if registered is None else starts[key] + registered,
                withdrawn=_days(row, "date_unregistration") is not None,
            )
        )
    return students, registrations


def _days(row: Row, column: str) -> timedelta | None:
    text = row[column]
    if not text:
        return None
    if not re.fullmatch("-?[0-9]{1,4}", text) or abs(int(text)) > _FARTHEST:
        row.fail(column, "is no number of days", "Put whole days, at most ten years, or nothing")
    return timedelta(days=int(text))
