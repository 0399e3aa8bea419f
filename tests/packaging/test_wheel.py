"""The wheel serves any Django project: built from this tree, installed apart, and put to use."""

import importlib.util
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"auth_lib", "authmigration", "feature_flags"}
NEEDED = ("django", "waffle", "jwt", "asgiref", "sqlparse")

pytestmark = pytest.mark.slow

SETTINGS = """
SECRET_KEY = "of another project"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
ROOT_URLCONF = "urls"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "waffle",
    "feature_flags",
    "authmigration",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "authmigration.http.middleware.AuthzMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "other.sqlite3"}}
"""
URLS = """
from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
"""


def run(*command, **options):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built without isolation, so that no package index is asked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT]
    run(sys.executable, "-m", "pip", *build)
    (built,) = folder.glob("authmigration-*.whl")
    return built


@pytest.fixture(scope="module")
def contents(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """An interpreter with the wheel and what it always needs: no extras, no sight of this tree."""
    folder = tmp_path_factory.mktemp("other") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    interpreter = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", interpreter]
    run(*pip, "install", "--no-deps", "--no-index", wheel)
    (site,) = folder.glob("lib/python*/site-packages")
    for name in NEEDED:
        (package,) = importlib.util.find_spec(name).submodule_search_locations
        (site / name).symlink_to(package)
    return interpreter


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "settings.py").write_text(SETTINGS)
    (folder / "urls.py").write_text(URLS)
    return folder


@pytest.fixture
def manage(python, project):
    environment = {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(project)}

    def call(*arguments):
        return run(python, "-m", "django", *arguments, cwd=project, env=environment)

    return call


def test_the_wheel_holds_the_toolkit_and_nothing_else(contents):
    tops = {name.split("/")[0] for name in contents}

    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_every_file_of_a_package_is_in_the_wheel(package, contents):
    command = ["git", "ls-files", "-z", package]
    tracked = run(*command, cwd=ROOT).rstrip("\0").split("\0")

    assert {name for name in tracked if (ROOT / name).exists()} - contents == set()


def test_templates_migrations_and_type_markers_are_in_the_wheel(contents):
    assert {f"{package}/py.typed" for package in PACKAGES} <= contents
    assert {
        "authmigration/migrations/0001_initial.py",
        "feature_flags/migrations/0001_initial.py",
    } <= contents
    assert any(name.startswith("authmigration/templates/") for name in contents)


def test_the_wheel_brings_no_settings_of_ours(contents):
    assert not [name for name in contents if name.endswith(("settings.py", "manage.py"))]


def test_the_wheel_names_what_it_needs_and_no_more(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    always = {line for line in metadata.get_all("Requires-Dist") if "extra ==" not in line}

    assert {line.split(">=")[0].lower() for line in always} == {"django", "django-waffle", "pyjwt"}
    assert set(metadata.get_all("Provides-Extra")) == {
        *("celery", "crypto", "drf", "fastapi", "openapi", "postgres", "redis"),
    }


def test_the_installed_toolkit_is_the_one_from_the_wheel(python, project):
    code = """
import authmigration, importlib.util
print(authmigration.__file__, importlib.util.find_spec("monolith"))
"""
    file, monolith = run(python, "-c", code, cwd=project).split()

    assert Path(file).is_relative_to(python.parents[1])
    assert monolith == "None"


def test_another_project_migrates_and_passes_its_checks(manage):
    manage("migrate", "--verbosity=0")

    assert "authmigration" in manage("showmigrations", "--plan")
    assert "[ ]" not in manage("showmigrations", "--plan")
    assert "no issues" in manage("check")
    assert "No changes detected" in manage("makemigrations", "--check", "--dry-run")


def test_the_other_project_has_none_of_the_extras(python):
    extras = ["celery", "cryptography", "psycopg", "rest_framework"]
    code = f"import importlib.util as u; print([name for name in {extras} if u.find_spec(name)])"

    assert run(python, "-c", code) == "[]\n"
