"""The Python client is a distribution of its own, which knows nothing of the toolkit."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "clients" / "python"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", out]
    command = [sys.executable, "-m", "pip", "wheel", *options, FOLDER]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = out.glob("authmigration_client-*.whl")
    return built


def test_the_wheel_holds_the_client_with_its_types_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}

    sources = (FOLDER / "src").rglob("*")
    tracked = {path for path in sources if path.suffix in {".py", ".typed"}}
    assert names == {path.relative_to(FOLDER / "src").as_posix() for path in tracked}
    assert "authmigration_client/py.typed" in names


def test_it_is_imported_without_the_toolkit(wheel):
    blocked = "sys.modules |= dict.fromkeys(('django', 'auth_lib', 'authmigration'))"
    code = f"import sys; {blocked}; import authmigration_client; print('imported')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(wheel)},
        cwd=wheel.parent,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "imported\n", done.stderr
