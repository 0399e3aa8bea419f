"""Setting up: nothing twice, and one line for whatever is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap

ROOT = Path(__file__).resolve().parents[2]

REFUSED = "WARNING: Retrying after connection broken by 'NewConnectionError('[Errno 111] refused')'"
NONE = "ERROR: No matching distribution found for Django<6.2,>=4.2"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A project of two requirement files, the second of which includes the first."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements.txt").write_text("Django>=4.2\n")
    (tmp_path / "requirements" / "test.txt").write_text("-r ../requirements.txt\npytest\n")
    (tmp_path / "pyproject.toml").write_text("[build-system]\n[project]\nname = 'x'\n[tool.ruff]\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMPS", tmp_path / "stamps")
    return tmp_path


@pytest.mark.parametrize(
    ("log", "mend"),
    [
        (f"{REFUSED}\n{NONE}", "PIP_INDEX_URL"),
        (f"WARNING: connection broken by 'ProxyError(refused)'\n{NONE}", "HTTPS_PROXY"),
        (f"WARNING: [Errno -2] Name or service not known\n{NONE}", "PIP_INDEX_URL"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "PIP_CERT"),
        ("ERROR: 403 Client Error: Forbidden for url", "credentials"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: [Errno 13] Permission denied: '.venv/bin/django-admin'", ".venv"),
        (NONE, "no Django<6.2,>=4.2 for this Python"),
        ("ERROR: something nobody has seen", "otherwise"),
    ],
)
def test_what_pip_complains_of_has_its_mend(log, mend):
    line = bootstrap.mend_for(log, "otherwise")

    assert mend in line
    assert "\n" not in line


@pytest.mark.usefixtures("tree")
def test_what_was_installed_is_not_installed_again():
    bootstrap.stamp("requirements/test.txt")

    assert bootstrap.stamped("requirements/test.txt")
    assert not bootstrap.stamped("requirements.txt")


def test_a_change_in_an_included_file_is_a_change(tree):
    bootstrap.stamp("requirements/test.txt")
    (tree / "requirements.txt").write_text("Django>=5.2\n")

    assert not bootstrap.stamped("requirements/test.txt")


def test_an_option_of_a_linter_installs_nothing(tree):
    bootstrap.stamp("pyproject.toml")
    project = tree / "pyproject.toml"
    project.write_text(project.read_text() + "line-length = 100\n")
    assert bootstrap.stamped("pyproject.toml")

    project.write_text(project.read_text().replace("'x'", "'y'"))
    assert not bootstrap.stamped("pyproject.toml")


def test_a_moved_folder_is_installed_again(tree, monkeypatch):
    bootstrap.stamp("requirements.txt")
    monkeypatch.setattr(bootstrap, "ROOT", tree.rename(tree.with_name("moved")))
    monkeypatch.setattr(bootstrap, "STAMPS", bootstrap.ROOT / "stamps")

    assert bootstrap.stamp_of("requirements.txt", "").exists()
    assert not bootstrap.stamped("requirements.txt")


def test_a_python_that_does_not_start_is_not_usable(tmp_path):
    (tmp_path / "python").symlink_to(tmp_path / "gone")

    assert not bootstrap.usable(tmp_path / "python")
    assert bootstrap.usable(Path(sys.executable))


def test_a_missing_venv_is_named_with_the_package_that_brings_it(monkeypatch):
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda _: None)

    with pytest.raises(bootstrap.CannotContinueError, match="apt install python3-venv"):
        bootstrap.make_environment()


def find_python(folder, **environment):
    return subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "find_python.sh")],
        env={"PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def interpreter(path, version):
    """A Python that says it is of that version."""
    number = ".".join(map(str, version))
    path.write_text(
        "#!/bin/sh\n"
        f'[ "$1" = --version ] && echo Python {number} && exit\n'
        f'exec "{sys.executable}" -c "import sys; sys.version_info = {version}; $2"\n'
    )
    path.chmod(0o755)


def test_a_python3_that_is_too_old_gives_way_to_a_newer_one(tmp_path):
    interpreter(tmp_path / "python3", (3, 10))
    interpreter(tmp_path / "python3.12", (3, 12))

    assert find_python(tmp_path).stdout == "python3.12\n"


def test_no_python_that_is_new_enough_is_one_line(tmp_path):
    interpreter(tmp_path / "python3", (3, 9))
    done = find_python(tmp_path)

    assert done.returncode == 1
    assert "3.11 or newer is needed, and here is Python 3.9" in done.stderr
    assert done.stderr.count("\n") == 1


def test_python_3_11_is_new_enough(tmp_path):
    interpreter(tmp_path / "python3", (3, 11))

    assert find_python(tmp_path).stdout == "python3\n"


def test_the_python_that_a_user_names_wins(tmp_path):
    interpreter(tmp_path / "python3", (3, 12))
    interpreter(tmp_path / "my python", (3, 13))

    named = str(tmp_path / "my python")
    assert find_python(tmp_path, PYTHON=named).stdout == f"{named}\n"


def test_pip_is_not_sent_elsewhere_by_the_environment(monkeypatch):
    monkeypatch.setitem(os.environ, "PIP_TARGET", "/elsewhere")
    monkeypatch.setitem(os.environ, "PIP_USER", "1")

    assert "PIP_TARGET" not in bootstrap.environment()
    assert bootstrap.environment()["PIP_USER"] == "0"
