"""The service runs where nothing but auth_lib is installed of this repository."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import sys

BARRED = {"authmigration", "django", "feature_flags", "monolith", "rest_framework", "waffle"}

class Bar:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BARRED:
            raise ImportError(f"{name} is not installed beside a service")

sys.meta_path.insert(0, Bar())
from services.gradebook.app import create
from services.gradebook import loading
print(create().title)
"""


def test_the_service_starts_without_django_and_without_the_toolkit(tmp_path):
    policy = tmp_path / "policy.json"
    manage = [sys.executable, "manage.py", "authz_policy", "export", "--output", str(policy)]
    subprocess.run(manage, cwd=ROOT, check=True, capture_output=True)
    environment = {
        **os.environ,
        "GRADEBOOK_DATABASE": str(tmp_path / "gradebook.sqlite3"),
        "AUTH_LIB_ISSUER": "https://lms.example",
        "AUTH_LIB_AUDIENCE": "gradebook",
        "AUTH_LIB_SECRET": "a secret of at least thirty-two bytes",
        "AUTH_LIB_POLICY": str(policy),
    }

    command = [sys.executable, "-c", CODE]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("Gradebook\n", "")
