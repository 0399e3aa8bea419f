"""Random things happen to a small platform; after each the answers are what the facts say.

``AUTHZ_MODEL_EXAMPLES=500`` runs that many platforms instead of a few, each other ones every time.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from authmigration import conf
from tests.authmigration.model.machine import Platform
from tests.authmigration.rows import captured

FEW = 16
EXAMPLES = int(os.environ.get("AUTHZ_MODEL_EXAMPLES", FEW))
STEPS = 30
THOROUGH = EXAMPLES > FEW


@pytest.mark.django_db(transaction=True)
def test_whatever_happens_nobody_is_allowed_what_the_facts_deny(settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "ENFORCE_SAMPLE": 1}
    assert conf.get().shadow_sample == 1
    with captured():
        run_state_machine_as_test(Platform, settings=profile())


def profile():
    return settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=not THOROUGH,
        database=None,
        deadline=None,
        phases=[Phase.generate, *([Phase.shrink] if THOROUGH else [])],
        suppress_health_check=list(HealthCheck),
        print_blob=THOROUGH,
    )
