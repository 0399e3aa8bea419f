"""RabbitMQ: AMQP_URL, else 127.0.0.1:5672. No wheel ships it."""

import os
from functools import cache

from kombu import Connection
from kombu.exceptions import OperationalError

NAME = "RabbitMQ"
HOW = "set AMQP_URL or start it on 127.0.0.1:5672"
LOOPBACK = "amqp://guest:guest@127.0.0.1:5672//"


@cache
def url() -> str | None:
    """Return the URL of a server that runs already; a named one is taken at its word."""
    return os.environ.get("AMQP_URL") or (LOOPBACK if _answers() else None)


def _answers() -> bool:
    try:
        with Connection(LOOPBACK, connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except (OSError, OperationalError):
        return False
    return True


def available() -> bool:
    """Tell whether tests can have a RabbitMQ."""
    return url() is not None
