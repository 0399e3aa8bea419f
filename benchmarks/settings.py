"""The monolith's settings, with the peers installed beside it."""

from importlib.util import find_spec

from monolith.settings import *  # noqa: F403 -- everything, as the monolith runs
from monolith.settings import AUTHMIGRATION as OF_THE_MONOLITH
from monolith.settings import INSTALLED_APPS as APPS_OF_THE_MONOLITH

GUARDIAN = find_spec("guardian") is not None

INSTALLED_APPS = [*APPS_OF_THE_MONOLITH, *(["guardian"] if GUARDIAN else [])]
ANONYMOUS_USER_NAME = None

# One subject in a hundred also runs the old check at enforce. Which ones changes every day, and
# so would the figures.
AUTHMIGRATION = {**OF_THE_MONOLITH, "ENFORCE_SAMPLE": 0.0}
