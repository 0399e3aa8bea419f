"""People, schools and courses, and central facts as a migration leaves them."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from types import ModuleType, SimpleNamespace

from django.apps import apps
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from authmigration import Stage, capture, registry
from authmigration.assignments import version_of
from authmigration.legacy import GeneratorSource
from authmigration.models import Assignment, SubjectState
from authmigration.registry import Registry
from authmigration.selectors import NO_BEGINNING
from authmigration.stages import set_stage
from monolith.accounts.models import User
from monolith.courses.models import Course
from monolith.schools.models import School

ROWS = 5_000
Held = Mapping[User, Iterable[tuple[str, School | Course]]]


def schools(count: int) -> list[School]:
    """Make schools."""
    return School.objects.bulk_create(School(name=f"school {n}") for n in range(count))


def courses(count: int, at: list[School]) -> list[Course]:
    """Make courses, spread over the schools."""
    rows = (Course(title=f"course {n}", code=f"C{n}", school=at[n % len(at)]) for n in range(count))
    return Course.objects.bulk_create(rows, batch_size=ROWS)


def users(count: int, **columns: object) -> list[User]:
    """Make users who hold nothing."""
    first = User.objects.count()
    rows = (User(username=f"user{n}", **columns) for n in range(first, first + count))
    return User.objects.bulk_create(rows, batch_size=ROWS)


def enforce_for_everyone() -> None:
    """Install the triggers, and let the central facts decide for everybody."""
    capture.install()
    set_stage("everyone", Stage.ENFORCE, actor="benchmark", reason="to be measured")


def migrated(held: Held) -> None:
    """Write what subjects hold, and their states, as a migration leaves them."""
    facts = (
        Assignment(
            subject=str(user.pk),
            context_type=type(context).__name__.lower(),
            context_id=str(context.pk),
            role=role,
            source="benchmark",
            valid_from=NO_BEGINNING,
        )
        for user, facts in held.items()
        for role, context in facts
    )
    Assignment.objects.bulk_create(facts, batch_size=ROWS)
    SubjectState.objects.bulk_create(_states(held), batch_size=ROWS)
    analyze()


def _states(held: Held) -> Iterator[SubjectState]:
    mapping, epoch = registry.get().mapping_hash, capture.current_epoch("default")
    version = version_of(mapping, using="default")
    for user in held:
        yield SubjectState(
            subject=str(user.pk),
            mapping_hash=mapping,
            mapping_version=version,
            epoch=epoch,
            synced_at=timezone.now(),
        )


def analyze() -> None:
    """Tell the planner how large the tables are now."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def declarative() -> Registry:
    """Return what the monolith declares, less the sources that are functions."""
    kept = {
        f"{module.__name__}.{name}": value
        for module in declarations()
        for name, value in vars(module).items()
        if not isinstance(value, GeneratorSource)
    }
    return Registry([SimpleNamespace(**kept)])


def declarations() -> list[ModuleType]:
    """Return the ``authz`` module of every app that has one."""
    return [
        import_module(f"{app.name}.authz")
        for app in apps.get_app_configs()
        if app.module is not None and module_has_submodule(app.module, "authz")
    ]
