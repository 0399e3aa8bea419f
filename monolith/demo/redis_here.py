"""A Redis for the demo, if one runs on this machine."""

from redis import Redis
from redis.exceptions import RedisError

# Its last database: what others keep there is seldom in that one.
URL = "redis://127.0.0.1:6379/15"
SECONDS = 0.5


def redis_url() -> str:
    """Return the URL of the Redis on loopback; empty where none answers."""
    try:
        with Redis.from_url(URL, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as redis:
            redis.ping()
    except RedisError:
        return ""
    return URL
