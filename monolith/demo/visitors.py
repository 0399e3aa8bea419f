"""People who come by HTTP: one log-in, then pages."""

import http.client
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from monolith.demo.servers import HOST, Server


class Visitor:
    """A browser of one person at one server."""

    def __init__(self, server: Server, user: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
        body = urlencode({"user": user})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response = self._ask("POST", "/demo/login/", body, headers)
        cookies = response.headers.get_all("Set-Cookie") or []
        self.cookie = "; ".join(cookie.partition(";")[0] for cookie in cookies)

    def get(self, path: str) -> int:
        """Return the status with which a page answers."""
        return self._ask("GET", path, None, {"Cookie": self.cookie}).status

    def leave(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        response.read()
        return response


def visit(
    servers: Sequence[Server],
    visits: Iterable[tuple[int, str]],
    *,
    at_once: int = 6,
    seen: Callable[[int], None] = lambda _: None,
) -> Counter[int]:
    """Let people come, a few at once; return how often each status was answered."""
    statuses: Counter[int] = Counter()

    def come(number_and_visit: tuple[int, tuple[int, str]]) -> int:
        number, (user, path) = number_and_visit
        visitor = Visitor(servers[number % len(servers)], user)
        try:
            return visitor.get(path)
        finally:
            visitor.leave()

    with ThreadPoolExecutor(at_once) as pool:
        for status in pool.map(come, enumerate(visits)):
            statuses[status] += 1
            seen(1)
    return statuses
