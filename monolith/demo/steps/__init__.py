"""The steps of the demo, in their order."""

from monolith.demo.steps.ends import kill_and_lift
from monolith.demo.steps.facts import assistant, fault, raw_sql
from monolith.demo.steps.rollout import everybody, one_school, quarter
from monolith.demo.steps.starts import arrive, backfill, off, parity

STEPS = (
    off,
    arrive,
    backfill,
    parity,
    one_school,
    quarter,
    everybody,
    assistant,
    raw_sql,
    fault,
    kill_and_lift,
)
