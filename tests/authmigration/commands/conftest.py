"""Commands as a person runs them, less the process."""

from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command


@pytest.fixture
def run(db):
    """Run a command; return what it wrote."""

    def do(name: str, *args: str) -> SimpleNamespace:
        out, err = StringIO(), StringIO()
        call_command(name, *args, stdout=out, stderr=err)
        return SimpleNamespace(out=out.getvalue(), err=err.getvalue())

    return do
