"""Calls to the gradebook service over HTTP: as a program, or for a user with the user's token."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from authmigration_client import AuthError, ProgramAuth

PROGRAM, SECRET = "MONOLITH_GRADEBOOK_CLIENT", "MONOLITH_GRADEBOOK_SECRET"
USER_TOKEN = "MONOLITH_GRADEBOOK_USER_TOKEN"  # noqa: S105 -- the name of a variable
AGENT = "grade-report/1"
SECONDS = 30


class CallFailed(Exception):
    """The service gave no answer that can be used; the text names status and code, no secret."""


@dataclass
class Gradebook:
    """The service as one caller sees it."""

    url: str
    client: httpx.Client
    headers: dict[str, str] = field(default_factory=dict, repr=False)

    def courses(self) -> dict:
        """Return the courses whose grades the caller may list, and whether that is all."""
        return self._get("/courses")

    def grades_of(self, course_id: str) -> list[dict]:
        """Return the grades of one course."""
        return self._get(f"/courses/{quote(course_id, safe='')}/grades")["grades"]

    def _get(self, path: str) -> dict:
        try:
            response = self.client.get(self.url + path, headers=self.headers)
        except AuthError as error:
            raise CallFailed(f"No token was issued: {error.reason}.") from error
        except httpx.HTTPError as error:
            raise CallFailed(f"The gradebook is out of reach: {type(error).__name__}.") from error
        if response.status_code != httpx.codes.OK:
            raise CallFailed(f"The gradebook refused {path}: {_said(response)}.")
        return response.json()


@contextmanager
def as_program(
    url: str, issuer: str, environment: Mapping[str, str] = os.environ
) -> Iterator[Gradebook]:
    """Call as ``service:…``, with the name and the secret from the environment."""
    try:
        auth = ProgramAuth(
            prefix=f"{issuer.rstrip('/')}/auth/",
            origins=[url],
            client_id=environment.get(PROGRAM, ""),
            client_secret=environment.get(SECRET, ""),
            name=AGENT,
        )
    except ValueError as error:
        raise CallFailed(f"{error} ({PROGRAM}, {SECRET})") from error
    with httpx.Client(auth=auth, timeout=SECONDS) as client:
        yield Gradebook(url, client)


@contextmanager
def for_user(url: str, token: str) -> Iterator[Gradebook]:
    """Call for a user: that user's token goes along, and nothing of the program's."""
    if not (token.isascii() and token.isprintable() and token.strip()):
        raise CallFailed(f"Put the access token of the user into {USER_TOKEN}.")
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(timeout=SECONDS) as client:
        yield Gradebook(url, client, headers)


def _said(response: httpx.Response) -> str:
    try:
        detail = json.loads(response.content)["detail"]
        return f"{response.status_code} {detail['code']}"
    except (ValueError, KeyError, TypeError):
        return str(response.status_code)
