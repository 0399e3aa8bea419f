"""What the views of a host need, and what they do not."""

import subprocess
import sys

from tests.architecture.source import ROOT

SETUP = """
import importlib, pkgutil, sys

# How Python is told that a module is not there.
sys.modules.update(dict.fromkeys(("rest_framework", "celery", "kombu", "channels", "monolith")))
OPTIONAL = ("authmigration.http.drf",)

import django
from django.conf import settings

apps = ("contenttypes", "auth", "sessions", "admin", "messages")
settings.configure(
    INSTALLED_APPS=[*(f"django.contrib.{app}" for app in apps),
                    "waffle", "feature_flags", "authmigration"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
)
django.setup()
"""


def run(code):
    return subprocess.run(
        [sys.executable, "-c", SETUP + code], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_without_drf_and_celery_everything_else_is_imported():
    done = run("""
import authmigration.http, authmigration.templatetags.authz, authmigration.testing
for module in pkgutil.walk_packages(authmigration.http.__path__, "authmigration.http."):
    if not module.name.startswith(OPTIONAL):
        importlib.import_module(module.name)
from authmigration import requires, RequiresMixin, FilteredQuerysetMixin, view_as, end_view_as
from authmigration import AuthzAdminMixin, AuthzBackend, AuthzModelChoiceField, AuthzUserMixin
from authmigration.celery_pins import connect_celery
print("imported", connect_celery())
""")

    assert done.stdout == "imported False\n", done.stderr


def test_the_classes_for_drf_say_that_it_is_missing():
    done = run("from authmigration import AuthzPermission")

    assert "No module named 'rest_framework" in done.stderr
    assert done.returncode == 1


def test_looking_for_the_middleware_needs_no_settings():
    code = "from importlib.util import find_spec; "
    code += "print(find_spec('authmigration.http.middleware') is not None)"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import os; os.environ.pop('DJANGO_SETTINGS_MODULE', None); {code}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "True\n", done.stderr
