"""The Celery application; the package imports it so that shared tasks find the broker."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monolith.settings")

app = Celery("monolith")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "averages": {"task": "gradebook.refresh_averages", "schedule": crontab(hour=2, minute=10)},
    "reminders": {"task": "payments.remind", "schedule": crontab(hour=6, minute=0)},
    "debtors": {"task": "payments.debtors", "schedule": crontab(hour=3, minute=0)},
}
