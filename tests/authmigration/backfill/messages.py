"""The messages that tasks send, taken from the broker in this process's memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app


class Messages:
    """What waits in the queue."""

    def __init__(self, channel) -> None:
        self.queue = current_app.amqp.queues[current_app.conf.task_default_queue](channel)
        self.queue.declare()
        self.queue.purge()

    def take(self):
        """Return the next message as a task and its arguments; None where none waits."""
        message = self.queue.get(no_ack=True)
        if message is None:
            return None
        args, kwargs, _ = message.decode()
        return current_app.tasks[message.headers["task"]], args, kwargs

    def all(self) -> list[tuple[str, list]]:
        found = []
        while (taken := self.take()) is not None:
            found.append((taken[0].name, list(taken[1])))
        return found

    def deliver(self, times: int = 1) -> int:
        """Deliver whatever is sent, each so many times, until nothing is; return how many."""
        delivered = 0
        while (taken := self.take()) is not None:
            task, args, kwargs = taken
            for _ in range(times):
                task(*args, **kwargs)
                delivered += 1
        return delivered


@contextmanager
def messages() -> Iterator[Messages]:
    with current_app.connection_for_write() as connection:
        assert connection.transport.driver_type == "memory"
        yield Messages(connection.default_channel)
