"""A process that runs one command with the sources of these tests.

``python -m tests.authmigration.backfill.child [stubbornly] authz_backfill ...``: stubbornly starts
the command anew, in a child of its own, for as long as it is killed, and tells how often.
"""

import os
import sys

import django

from tests.architecture.source import ROOT


def run(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line

    from authmigration import registry
    from tests.authmigration.backfill.sources import sources

    with registry.override(sources()):
        execute_from_command_line([str(ROOT / "manage.py"), *arguments])


def run_stubbornly(arguments: list[str]) -> int:
    """Return how often the command was started before it ended by itself."""
    for start in range(1, 20):
        child = os.fork()
        if not child:
            run(arguments)
            sys.exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            return start
    return 0


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "stubbornly":
        sys.stdout.write(f"started {run_stubbornly(sys.argv[2:])} times\n")
    else:
        run(sys.argv[1:])
