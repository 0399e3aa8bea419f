"""Getting a small document from one fixed place: no redirect, no other scheme, no endless body."""

from __future__ import annotations

import time
import urllib.request
from email.message import Message
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from typing import IO
from urllib.parse import urlsplit

from .errors import AuthError, NotConfigured

MAX_DOCUMENT_BYTES = 65_536
_CHUNK = 8192


class FetchFailed(AuthError):
    """The document could not be had."""

    code = "fetch_failed"


def require_trusted(url: str, *, allow_http: bool) -> str:
    """Return a URL that keys may be taken from.

    Raises:
        NotConfigured: another scheme than https, or http elsewhere than on loopback.

    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise NotConfigured(f"{url!r} is no URL (AUTH_LIB_JWKS_URL).") from None
    if parts.scheme == "https" and host:
        return url
    if parts.scheme == "http" and host and (allow_http or _is_loopback(host)):
        return url
    raise NotConfigured(
        f"{url!r}: keys are taken over https (AUTH_LIB_JWKS_URL), since whoever can change them on "
        "the way can issue tokens. Inside a network that you trust as much, pass "
        "keys=PublishedKeys(url, allow_http=True)."
    )


def fetch(url: str, timeout: float) -> bytes:
    """Return the bytes behind a URL.

    Args:
        url: of the document.
        timeout: for all of it, in seconds.

    Raises:
        FetchFailed: another answer than 200, a redirect, too many bytes, or too late.

    """
    deadline = time.monotonic() + timeout
    request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310 -- see require_trusted()
    try:
        with _OPENER.open(request, timeout=timeout) as response:
            if response.status != 200:  # noqa: PLR2004 -- OK
                raise FetchFailed(f"HTTP status {response.status}")
            return _read(response, deadline)
    except (OSError, HTTPException, ValueError) as error:
        raise FetchFailed(f"{type(error).__name__}: {error}") from error


def _read(response: HTTPResponse, deadline: float) -> bytes:
    found = bytearray()
    while chunk := response.read1(_CHUNK):  # what has come, without waiting for more
        found += chunk
        if len(found) > MAX_DOCUMENT_BYTES:
            raise FetchFailed(f"more than {MAX_DOCUMENT_BYTES} bytes")
        if time.monotonic() > deadline:
            raise FetchFailed("it takes too long")
    return bytes(found)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Whoever answers for another place would choose the keys (GHSA-9v7f-9g4p-ffgj)."""

    def redirect_request(  # noqa: PLR0917 -- urllib's signature
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        """Follow nothing: the redirect is then an error by its status."""


_OPENER = urllib.request.build_opener(_NoRedirect)
