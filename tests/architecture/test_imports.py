"""What a package needs in order to be imported; the layers are held by import-linter."""

import subprocess
import sys

import pytest

from . import source

WITHOUT = """
import importlib, pkgutil, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"{{name}} is not installed here", name=name)

sys.meta_path.insert(0, Blocked())
import {package}
for module in pkgutil.walk_packages({package}.__path__, "{package}."):
    if not module.name.startswith({apart!r}):
        importlib.import_module(module.name)
print("imported")
"""


def import_without(package, blocked, apart=()):
    """Import every module of a package in a process where other packages are missing."""
    code = WITHOUT.format(package=package, blocked=set(blocked), apart=tuple(apart))
    return subprocess.run(
        [sys.executable, "-c", code], cwd=source.ROOT, capture_output=True, text=True, check=False
    )


def test_auth_lib_is_imported_whole_without_django():
    blocked = ("django", "rest_framework", "waffle", "celery", "authmigration", "feature_flags")

    done = import_without("auth_lib", blocked, apart=("auth_lib.contrib.",))

    assert done.stdout == "imported\n", done.stderr


def test_the_block_is_real():
    done = import_without("feature_flags", ("django",))

    assert "django" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("package", source.TOOLKIT)
def test_a_package_says_that_it_is_typed(package):
    assert (source.ROOT / package / "py.typed").is_file()


def test_importing_authmigration_needs_no_settings():
    code = "import os; os.environ.pop('DJANGO_SETTINGS_MODULE', None); import authmigration"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print('imported')"],
        cwd=source.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "imported\n", done.stderr
