"""Settings for child processes: the platform's, with short leases and a queue of their own."""

import os

from monolith.settings import *  # noqa: F403
from monolith.settings import AUTHMIGRATION as PLATFORM

AUTHMIGRATION = {
    **PLATFORM,
    "LEASE_SECONDS": float(os.environ.get("BACKFILL_LEASE", "60")),
    "CHUNK_SIZE": int(os.environ.get("BACKFILL_CHUNK", "500")),
}
CELERY_TASK_DEFAULT_QUEUE = os.environ.get("BACKFILL_QUEUE", "authmigration-tests")
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
if os.environ.get("MONOLITH_BROKER_URL", "").startswith("redis"):
    # Unacknowledged messages of all queues lie under one key: here under one of our own.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": CELERY_TASK_DEFAULT_QUEUE}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
