"""The tutorial does what it says: its commands are typed, and what they print is compared."""

import shutil
import socket

import pytest

from tests.documents.consoles import ROOT, checkout, differences, steps, typed

PAGE = ROOT / "docs" / "tutorial" / "first-cohort.md"
PORT = "8765"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.mark.slow
@pytest.mark.sqlite
# The page is typed as it stands, and it says curl.
@pytest.mark.skipif(shutil.which("curl") is None, reason="the tutorial visits pages with curl")
def test_the_tutorial_prints_what_it_promises(tmp_path):
    folder = checkout(tmp_path)
    text = PAGE.read_text(encoding="utf-8").replace(PORT, free_port())
    said = steps(text.replace("sqlite:///var/", f"sqlite:///{folder}/var/"))

    printed = typed([command for command, _ in said], folder)

    found = differences(said, printed)
    assert not found, "\n".join(found)
    assert list((folder / "var").iterdir()) == []


def test_most_of_the_tutorial_is_run():
    page = PAGE.read_text(encoding="utf-8")

    commands = [command for command, _ in steps(page)]

    assert len(commands) > 40
    assert page.count("<!-- not run:") == 1
    assert any("authz_kill on" in command for command in commands)
