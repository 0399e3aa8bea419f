"""Declarations in place of those of the monolith."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from authmigration import registry


@pytest.fixture
def declare(monkeypatch) -> Callable[..., None]:
    """Let the apps declare something else; it is read when it is first asked for."""

    def do(**values: object) -> None:
        monkeypatch.setattr(registry, "_modules", lambda: [SimpleNamespace(**values)])
        monkeypatch.setattr(registry._current, "value", None)

    return do
