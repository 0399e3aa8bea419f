"""The sources of these tests, in force."""

import pytest

from authmigration import registry

from .sources import sources


@pytest.fixture(autouse=True)
def own_sources():
    with registry.override(sources()) as own:
        yield own
