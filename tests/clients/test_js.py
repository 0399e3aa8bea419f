"""The TypeScript client: its own tests, which read the vectors that all clients read."""

import re

import pytest

from tests.clients import node
from tests.services.closing import reason_to_skip

pytestmark = pytest.mark.skipif(not node.available(), reason=reason_to_skip(node))


def test_the_typescript_client_passes_its_tests():
    node.installed()

    output = node.npm("test")

    assert int(re.search(r"^\S pass (\d+)$", output, re.MULTILINE)[1]) > 100
    assert re.search(r"^. fail 0$", output, re.MULTILINE)
