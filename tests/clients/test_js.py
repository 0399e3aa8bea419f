"""The TypeScript client: its own tests, which read the vectors that all clients read."""

import re

import pytest

from tests.clients import chromium, node
from tests.services.closing import reason_to_skip

# No wheel brings Node or a browser: the closing lines name what is missing.
pytestmark = pytest.mark.skipif(not node.available(), reason=reason_to_skip(node))


def passed(output):
    """Return how many tests passed; every one must have."""
    assert re.search(r"^. fail 0$", output, re.MULTILINE), output
    return int(re.search(r"^. pass (\d+)$", output, re.MULTILINE)[1])


def test_the_typescript_client_passes_its_tests():
    node.installed()

    assert passed(node.npm("test")) > 100


@pytest.mark.slow
@pytest.mark.skipif(not chromium.available(), reason=reason_to_skip(chromium))
def test_the_tabs_of_a_real_browser_share_one_refresh(monkeypatch):
    node.installed()
    monkeypatch.setenv("CHROMIUM", chromium.program())

    assert passed(node.npm("run", "test:browser")) >= 6
