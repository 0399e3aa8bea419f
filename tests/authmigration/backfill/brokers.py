"""Real brokers, left as they were found."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import redis
from amqp.exceptions import NotFound
from kombu import Connection


@dataclass(frozen=True, slots=True)
class OnRedis:
    """A queue whose keys all begin with its own name: see the settings of these tests."""

    url: str
    queue: str

    def waiting(self) -> int:
        """Return how many messages wait for a worker."""
        with redis.Redis.from_url(self.url) as client:
            return client.llen(self.queue + self.queue)

    def lose_everything(self) -> None:
        """Lose the messages, as a broker does that is restarted without a disk."""
        with redis.Redis.from_url(self.url) as client:
            for key in client.scan_iter(f"{self.queue}*"):
                client.delete(key)

    clean = lose_everything


@dataclass(frozen=True, slots=True)
class OnRabbitMQ:
    """A queue of its own."""

    url: str
    queue: str

    def waiting(self) -> int:
        with Connection(self.url) as connection:
            try:
                declared = connection.default_channel.queue_declare(self.queue, passive=True)
            except NotFound:
                return 0
            return declared.message_count

    def lose_everything(self) -> None:
        with Connection(self.url) as connection:
            connection.default_channel.queue_purge(self.queue)

    def clean(self) -> None:
        with Connection(self.url) as connection:
            connection.default_channel.queue_delete(self.queue)


@contextmanager
def broker(url: str, queue: str) -> Iterator[OnRedis | OnRabbitMQ]:
    """Yield a queue of a test's own, and remove it afterwards."""
    own = (OnRedis if url.startswith("redis") else OnRabbitMQ)(url, queue)
    try:
        yield own
    finally:
        own.clean()
