"""Tokens: what a subject holds, signed, small and short-lived, and how to get the next one."""

from .issuing import Issued as Issued
from .issuing import issue_tokens as issue_tokens
from .issuing import refresh as refresh
from .refusals import TokenRefused as TokenRefused
