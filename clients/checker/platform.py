"""The issuer and a service that behave as a conversation says, over real HTTP on this machine."""

from __future__ import annotations

import json
import secrets
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import quote

from .families import Families

LOST = "lost"


@dataclass
class Issued:
    """An access token that was given out."""

    contexts: list[str]
    ends: float
    behind: bool = False
    expired: bool = False

    def good(self) -> bool:
        """Tell whether a service accepts it now."""
        return not self.expired and time.monotonic() < self.ends


@dataclass
class Platform:
    """What issuer and service hold and have seen during one conversation."""

    life: float = 300
    families: Families = field(default_factory=Families)
    issued: dict[str, Issued] = field(default_factory=dict)
    # What to answer instead, once each: path to [status, headers, body], or LOST.
    instead: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _servers: list[ThreadingHTTPServer] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Open a port for issuer and service, and another for somebody who may see no token."""
        for handler in (Here, Elsewhere):
            bound = type(handler.__name__, (handler,), {"platform": self})
            server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            self._servers.append(server)
        return self

    def __exit__(self, *_: object) -> None:
        """Close both."""
        for server in self._servers:
            server.shutdown()
            server.server_close()

    @property
    def here(self) -> str:
        """Return the origin of issuer and service."""
        return f"http://127.0.0.1:{self._servers[0].server_port}"

    @property
    def elsewhere(self) -> str:
        """Return the origin of somebody else."""
        return f"http://127.0.0.1:{self._servers[1].server_port}"

    def issue(self, contexts: list[str]) -> str:
        """Make an access token."""
        token = secrets.token_urlsafe(24)
        self.issued[token] = Issued(contexts, time.monotonic() + self.life)
        return token

    def expire(self) -> None:
        """Let every access token that is out be refused."""
        for issued in self.issued.values():
            issued.expired = True

    def news(self) -> None:
        """Let every access token that is out be behind."""
        for issued in self.issued.values():
            issued.behind = True


class Handler(BaseHTTPRequestHandler, ABC):
    """What both ports share."""

    platform: Platform
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is theirs
        """Keep quiet."""

    def answer(self, status: int, body: Any = "", headers: dict[str, str] | None = None) -> None:
        """Send an answer; a text as it is, anything else as JSON."""
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self) -> None:
        """Read the body and go on."""
        self.handle_request(self.read_body())

    def do_GET(self) -> None:
        """Go on."""
        self.handle_request("")

    def read_body(self) -> str:
        """Return the body, chunked or not."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts).decode()

    @abstractmethod
    def handle_request(self, body: str) -> None:
        """Answer."""


class Elsewhere(Handler):
    """Somebody who must see neither token nor name."""

    def handle_request(self, body: str) -> None:
        """Count what was told, and try to make the client refresh."""
        self.platform.counts["leaks"] += "Authorization" in self.headers
        self.platform.counts["redirected"] += "refresh_token" in body
        challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        self.answer(401, "elsewhere", challenge | {"X-Auth-Refresh": "behind"})


class Here(Handler):
    """Issuer and service."""

    def handle_request(self, body: str) -> None:
        """Answer as the conversation says, else as the protocol does."""
        platform, issuer = self.platform, self.path.startswith("/auth/")
        platform.counts["refreshes"] += self.path == "/auth/refresh/"
        platform.counts["sent"] += not issuer
        carries = issuer or "Authorization" in self.headers
        platform.counts["undeclared"] += carries and "/" not in self.headers.get(
            "X-Auth-Client", ""
        )
        if platform.instead[self.path]:
            self.instead(platform.instead[self.path].pop(0), body)
        elif self.path == "/auth/refresh/":
            self.refresh(body)
        elif self.path == "/auth/revoke/":
            platform.counts["revoked"] += platform.families.revoke(
                json.loads(body)["refresh_token"]
            )
            self.answer(204)
        else:
            self.serve(body)

    def instead(self, what: Any, body: str) -> None:
        """Answer what the conversation says; LOST: do the work, then cut the line."""
        if what != LOST:
            status, said, headers = what
            there = {key: self.there(value) for key, value in headers.items()}
            self.answer(status, said, there)
            return
        self.platform.families.rotate(json.loads(body).get("refresh_token", ""))
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def there(self, header: str) -> str:
        """Return a header with the name of the other origin filled in."""
        return header.replace("elsewhere:", self.platform.elsewhere)

    def refresh(self, body: str) -> None:
        """Rotate, and give a token."""
        asked = json.loads(body)
        following, code = self.platform.families.rotate(asked.get("refresh_token", ""))
        if code:
            self.answer(401, {"error": code, "message": "Log in again."})
            return
        answer = {
            "access_token": self.platform.issue(asked.get("context", [])),
            "token_type": "Bearer",
            "expires_in": self.platform.life,
            "issued_at": int(time.time()),
            "refresh_token": following,
        }
        self.answer(200, answer)

    def serve(self, body: str) -> None:
        """Answer as a service: by the token, then by the path."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        issued = self.platform.issued.get(token)
        good = issued is not None and issued.good()
        _, kind, *rest = self.path.split("/", 2)
        if kind == "slow":
            time.sleep(int(rest[0]) / 1000)
        if not token:
            self.answer(200, "anonymous")
        elif issued is None or not good or kind == "refuses":
            self.challenge('error="invalid_token", error_description="expired, or bad"')
        elif kind == "needs" and rest[0] not in issued.contexts:
            encoded = rest[0].partition(":")
            context = f"{encoded[0]}:{quote(encoded[2], safe='')}"
            self.challenge(f'error="insufficient_claims", context="{context}"')
        else:
            news = {"X-Auth-Refresh": "behind"} if issued.behind else {}
            self.answer(403 if kind == "forbids" else 200, body or "served", news)

    def challenge(self, parameters: str) -> None:
        """Refuse the token."""
        self.answer(401, "", {"WWW-Authenticate": f'Bearer realm="checker", {parameters}'})
