"""Comparing the stored facts with what the legacy tables yield."""

from .drift import Drift as Drift
from .drift import drifts as drifts
