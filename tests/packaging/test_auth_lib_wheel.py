"""auth_lib alone: what a service installs, without Django."""

import subprocess
import sys
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PART = ROOT / "packages" / "auth_lib"

USE = """
import sys
sys.path[:0] = sys.argv[1:]
import auth_lib, auth_lib.testing
from auth_lib.contrib import asgi
assert auth_lib.__file__.startswith(sys.argv[1]), auth_lib.__file__
with auth_lib.testing.configured():
    token = auth_lib.testing.make_token(roles={"course": {"teacher": ["42"]}})
    assert auth_lib.is_authorized(token, "course", "42", "teacher")
assert not {"django", "authmigration", "rest_framework"} & set(sys.modules)
print("fine")
"""


def table(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*command, "--wheel-dir", folder, PART], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("auth_lib-*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_the_library_and_wants_pyjwt_alone(wheel):
    with zipfile.ZipFile(wheel) as found:
        names = set(found.namelist())
        metadata = next(name for name in names if name.endswith("/METADATA"))
        said = HeaderParser().parsestr(found.read(metadata).decode())
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "auth_lib").rglob("*.py")}

    assert {name for name in names if name.endswith(".py")} == sources
    assert "auth_lib/py.typed" in names
    wanted = [each for each in said.get_all("Requires-Dist") if "extra ==" not in each]
    assert [each.lower() for each in wanted] == ["pyjwt>=2.8"]


@pytest.mark.slow
def test_a_service_uses_it_without_django(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as found:
        found.extractall(tmp_path)
    import jwt

    shared = str(Path(jwt.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-I", "-c", USE, str(tmp_path), shared],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "fine\n", done.stderr


def test_the_part_has_the_version_and_the_requirements_of_the_whole():
    part, whole = table(PART / "pyproject.toml"), table(ROOT / "pyproject.toml")
    extras = part["optional-dependencies"]

    assert part["version"] == whole["version"]
    assert part["requires-python"] == whole["requires-python"]
    assert set(part["dependencies"]) <= set(whole["dependencies"])
    assert extras == {name: whole["optional-dependencies"][name] for name in extras}
