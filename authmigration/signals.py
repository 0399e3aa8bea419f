"""What has happened, for whoever has to tell others: sent when it is committed."""

from __future__ import annotations

from django.dispatch import Signal

facts_changed = Signal()
"""The facts of a subject differ from before. Arguments: ``subject: str``, ``generation: int``."""

world_turned = Signal()
"""A kill was pulled or lifted: whose facts decide has changed for everybody at once."""
