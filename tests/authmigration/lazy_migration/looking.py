"""Asking so that only facts decide, and reading what was tallied."""

from authmigration import check, counters


def view(who, what):
    """Ask for what no old check answers, so that only facts decide."""
    return check(who, "course.view", what)


def tallied(label):
    return counters._tallies.counts["lazy", label]
