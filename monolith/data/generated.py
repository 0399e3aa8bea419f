"""A generated intake of the shape and size of OULAD (see README.md beside this file)."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from monolith.data.intake import Intake, Presentation, Registration, Student
from monolith.data.names import full_name

OULAD_STUDENTS = 28_785
_REGISTRATIONS = 32_593
_WITHDRAWN = 10_072
_UNDATED = 45
# Students with five, four, three and two registrations; everybody else has one.
_WITH_SEVERAL = ((5, 1), (4, 23), (3, 221), (2, 3_293))
# Subject, number of runs (22 in all), share of the registrations in hundredths.
_SUBJECTS = (
    ("Algebra", 2, 3),
    ("Biology", 4, 24),
    ("Chemistry", 2, 14),
    ("Databases", 4, 19),
    ("Economics", 3, 9),
    ("French", 4, 23),
    ("Geography", 3, 8),
)
_RUNS = (date(2024, 2, 1), date(2024, 10, 1), date(2025, 2, 1), date(2025, 10, 1))
_SEED = 20_130_201


def generate(users: int = OULAD_STUDENTS) -> Intake:
    """Return an intake of `users` students; all figures but the 22 presentations scale with them.

    At full size: 32,593 registrations, of which 10,072 withdrawn and 45 without a date, and one
    student with five registrations. Raises ValueError if `users` is less than one.
    """
    if users < 1:
        raise ValueError(f"users={users}: a platform wants at least one student.")
    rng = random.Random(_SEED)  # noqa: S311 - demo data, the same every time
    runs, weights = _runs()
    pairs = list(_pairs(users, weights, rng))
    withdrawn = set(rng.sample(range(len(pairs)), len(pairs) * _WITHDRAWN // _REGISTRATIONS))
    undated = set(rng.sample(range(len(pairs)), max(1, len(pairs) * _UNDATED // _REGISTRATIONS)))
    registrations = [
        Registration(
            student,
            run,
            None if number in undated else runs[run][1] - timedelta(days=rng.randrange(200)),
            withdrawn=number in withdrawn,
        )
        for number, (student, run) in enumerate(pairs)
    ]
    return Intake(_students(users), [presentation for presentation, _ in runs], registrations)


def _runs() -> tuple[list[tuple[Presentation, date]], list[float]]:
    runs, weights = [], []
    for subject, count, share in _SUBJECTS:
        for start in _RUNS[-count:]:
            code = f"{subject[:3].upper()}-{start:%Y}{'B' if start.month < 7 else 'J'}"  # noqa: PLR2004 - July
            runs.append((Presentation(code, f"{subject}, {start:%B %Y}"), start))
            weights.append(share / count)
    return runs, weights


def _students(users: int) -> list[Student]:
    return [Student(f"s{100_001 + number}", *full_name(number)) for number in range(users)]


def _pairs(users: int, weights: list[float], rng: random.Random) -> Iterator[tuple[int, int]]:
    several = [count for count, students in _WITH_SEVERAL for _ in range(_scaled(students, users))][
        :users
    ]
    first_runs = rng.choices(range(len(weights)), weights, k=users)
    counts = several + [1] * (users - len(several))
    rng.shuffle(counts)
    for student, (count, first) in enumerate(zip(counts, first_runs, strict=True)):
        yield student, first
        others = [run for run in range(len(weights)) if run != first] if count > 1 else []
        for run in rng.sample(others, count - 1):
            yield student, run


def _scaled(students: int, users: int) -> int:
    return max(1, students * users // OULAD_STUDENTS)
