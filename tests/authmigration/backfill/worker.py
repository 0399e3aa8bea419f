"""A Celery worker with the sources of these tests: ``python -m ... worker --queues ...``."""

import sys

import django

if __name__ == "__main__":
    django.setup()

    from authmigration import registry
    from monolith.celery import app
    from tests.authmigration.backfill.sources import sources

    with registry.override(sources()):
        app.worker_main(sys.argv[1:])
