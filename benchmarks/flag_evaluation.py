"""Evaluating a flag, beside waffle's own warm ``flag_is_active`` over the same rows.

``python -m benchmarks.flag_evaluation`` prints the machine, both figures and their ratio for each
kind of row, and ends with 1 where a ratio is above 0.1 or a warm evaluation asks the database.

Both sides are at their best: waffle with its rows in a cache inside the process and one request
for all calls, so that its coin is tossed once; ours with one subject for all calls, and with
``current_snapshot()`` in every call. Each figure is the fastest of several rounds in turn.
"""

import os
import platform
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import django
from django.conf import settings
from django.core.management import call_command

CALLS = 2_000
ROUNDS = 15
LIMIT = 0.1
TESTERS = 50

settings.configure(
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "waffle",
        "feature_flags",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    FEATURE_FLAGS={"SNAPSHOT_SECONDS": 3_600},
)
django.setup()

import waffle  # noqa: E402 -- after django.setup
from django.contrib.auth.models import Group, User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from waffle.models import Flag as WaffleFlag  # noqa: E402

from feature_flags import Flag, FlagSubject, current_snapshot, evaluate, refresh_now  # noqa: E402


class Line(NamedTuple):
    """One kind of row, in microseconds a call."""

    kind: str
    waffles: float
    ours: float
    waffles_queries: int
    our_queries: int

    @property
    def ratio(self) -> float:
        """Ours as a share of waffle's."""
        return self.ours / self.waffles

    @property
    def kept(self) -> bool:
        """Whether the figure is kept."""
        return self.ratio <= LIMIT and self.our_queries == 0


def make_rows() -> User:
    """Write one row of each kind, and return the user who is asked about."""
    user, *others = User.objects.bulk_create(User(username=f"user{n}") for n in range(TESTERS))
    group = Group.objects.create(name="registrars")
    user.groups.add(group)
    kinds = {
        "everyone": {"everyone": True},
        "killed": {"everyone": False},
        "percentage": {"percent": 99.9},
        "testers": {},
        "group": {},
        "off": {},
    }
    rows = {
        kind: WaffleFlag.objects.create(name=kind, superusers=False, **columns)
        for kind, columns in kinds.items()
    }
    rows["testers"].users.set([user, *others])
    rows["group"].groups.set([group])
    return user


def fastest(*functions: Callable[[], object], calls: int = CALLS) -> list[float]:
    """Return, for each function, the microseconds that a call takes in its fastest round."""
    best = [float("inf")] * len(functions)
    for _ in range(ROUNDS):
        for number, function in enumerate(functions):
            began = time.perf_counter()
            for _ in range(calls):
                function()
            best[number] = min(best[number], (time.perf_counter() - began) / calls * 1e6)
    return best


def with_new_subjects(user: User) -> float:
    """Measure the percentage with a subject made at each call, as for a request with one flag."""
    flag = Flag("percentage")

    def ours() -> bool:
        subject = FlagSubject.of_user(user, lambda: ("school:7",))
        return bool(evaluate(current_snapshot(), flag, subject))

    return fastest(ours)[0]


def measure(kind: str, user: User) -> Line:
    """Measure one kind of row on both sides."""
    request = RequestFactory().get("/")
    request.user = user
    flag, subject = Flag(kind), FlagSubject.of_user(user, lambda: ("school:7",))

    def waffles() -> bool:
        return waffle.flag_is_active(request, kind)

    def ours() -> bool:
        return bool(evaluate(current_snapshot(), flag, subject))

    assert kind == "percentage" or bool(waffles()) == ours(), kind
    queries = [queries_of(waffles), queries_of(ours)]
    return Line(kind, *fastest(waffles, ours), *queries)


def queries_of(call: Callable[[], object]) -> int:
    """Count the statements of one warm call."""
    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def report(lines: list[Line]) -> None:
    """Print the machine and the figures."""
    print(f"{platform.platform()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    print(
        f"Python {platform.python_version()}, Django {django.get_version()}, "
        f"waffle {waffle.__version__}; SQLite in memory, LocMemCache; "
        f"fastest of {ROUNDS} rounds of {CALLS} calls"
    )
    print(f"{'row':<12}{'waffle us':>11}{'queries':>9}{'ours us':>9}{'queries':>9}{'ratio':>8}")
    for line in lines:
        print(
            f"{line.kind:<12}{line.waffles:>11.2f}{line.waffles_queries:>9}{line.ours:>9.2f}"
            f"{line.our_queries:>9}{line.ratio:>8.3f}  {'kept' if line.kept else 'MISSED'}"
        )


def main() -> int:
    """Measure, report, and return the exit status."""
    call_command("migrate", verbosity=0)
    user = make_rows()
    refresh_now()
    kinds = ("everyone", "killed", "percentage", "testers", "group", "off", "missing")
    lines = [measure(kind, user) for kind in kinds]
    report(lines)
    print(f"with a new subject at each call: {with_new_subjects(user):.2f} us (percentage)")
    (read,) = fastest(refresh_now, calls=20)
    print(f"one read of all rows, once a second and process: {read:.0f} us")
    kept = all(line.kept for line in lines)
    print(f"evaluating a flag <= {LIMIT} x waffle's flag_is_active, 0 queries: ", end="")
    print("kept" if kept else "MISSED")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
