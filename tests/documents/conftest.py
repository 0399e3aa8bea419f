"""A page starts knowing nothing, as a test of the toolkit does."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module
from types import SimpleNamespace

import pytest

from authmigration import registry
from tests.authmigration.memories import forget_everything


@pytest.fixture(autouse=True)
def nothing_remembered(request: pytest.FixtureRequest, settings) -> Iterator[None]:
    """Forget what earlier tests made this process know; read flags where the page writes them."""
    marks = request.node.iter_markers("django_db")
    commits = any(mark.kwargs.get("transaction") for mark in marks)
    uncommitted = {"CONNECTION": "caller", "SNAPSHOT_SECONDS": 0}
    settings.FEATURE_FLAGS = {"SNAPSHOT_SECONDS": 0} if commits else uncommitted
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "LAZY_BUDGET": 30.0}
    forget_everything()
    yield
    forget_everything()


@pytest.fixture
def declare() -> Iterator[Callable]:
    """Put what a page declares in force until the page ends, beside modules of the platform."""
    with ExitStack() as until_the_end:

        def declared(names: dict, *modules: str) -> registry.Registry:
            others = [import_module(module) for module in modules]
            made = registry.Registry([SimpleNamespace(**names), *others])
            return until_the_end.enter_context(registry.override(made))

        yield declared
