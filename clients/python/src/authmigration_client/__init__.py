"""Keep a short-lived access token fresh for httpx: docs/reference/client-protocol.md."""

from .auth import TokenAuth as TokenAuth
from .events import AuthError as AuthError
from .events import Event as Event
from .events import NotRevoked as NotRevoked
from .events import Unavailable as Unavailable
from .programs import ProgramAuth as ProgramAuth
