"""The auditor reads source alone: no Django, no settings, no database."""

import subprocess
import sys

from tests.architecture import source

WITHOUT_DJANGO = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "rest_framework", "feature_flags"}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Blocked())
from authmigration.auditor.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(source.ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_tree_is_audited_where_django_is_not_installed(tmp_path):
    (tmp_path / "views.py").write_text("def view(request, pk):\n    return pk\n")

    done = run(str(tmp_path), "--no-cache", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "0 findings in 1 files" in done.stdout
