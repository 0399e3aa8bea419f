"""The legacy ed-tech platform, demo and test bed: its apps keep roles in nine ways, on purpose."""

from monolith.celery import app as celery_app

__all__ = ["celery_app"]
