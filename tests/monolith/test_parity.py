"""Old and new answers differ where a flaw is declared, and nowhere else."""

from authmigration import Stage, parity, registry
from authmigration.rollout.overrides import forced
from tests.authmigration.rows import sync

ALL = 1000


def test_for_everybody_and_everything_old_and_new_agree_but_for_the_declared_flaws(platform):
    sync(*platform.people.values())
    with forced(Stage.SHADOW):
        decisions = parity.decisions(subjects=ALL, objects=ALL)
        lists = parity.lists(subjects=ALL)
    for found in (decisions, lists):
        assert found.pending == 0
        assert found.holds, found.examples
    asked = len(registry.get().checks) * len(platform.people)
    assert decisions.compared >= asked
    assert decisions.kinds["intended"] > 0
