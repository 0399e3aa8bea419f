"""make serve is killed, and is stopped from a shell beside it."""

import os
import signal
import stat
import subprocess
import sys
import time

import httpx
import pytest

from tests.services import redis_server
from tests.services.closing import reason_to_skip
from tests.services.processes import free_port, listens, stop, wait_for
from tests.services_gradebook.served import ROOT, USERS

pytestmark = pytest.mark.slow

# What whoever types `make serve` has not set.
OURS = ("MONOLITH_DATABASE_URL", "MONOLITH_REDIS_URL", "MONOLITH_ISSUER", "MONOLITH_GRADEBOOK_URL")


class Serving:
    """The process, with the variables that it chose by itself."""

    def __init__(self, folder, **variables):
        self.folder, self.log = folder, folder / "serve.log"
        self.port, self.gradebook_port = free_port(), free_port()
        bare = {name: value for name, value in os.environ.items() if name not in OURS}
        self.bare = {**bare, "NO_COLOR": "1"}
        command = [sys.executable, "manage.py", "serve_demo", "--users", USERS]
        command += ["--folder", str(folder), "--port", str(self.port)]
        command += ["--gradebook-port", str(self.gradebook_port)]
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**self.bare, **variables}, stdout=out, stderr=out
            )
        wait_for(self.process, lambda: listens(self.port), self.log)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def in_a_shell(self, command):
        return subprocess.run(
            ["sh", "-c", command],
            cwd=ROOT,
            env=self.bare,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def serving(tmp_path):
    begun = []

    def begin(**variables):
        begun.append(Serving(tmp_path, **variables))
        return begun[0]

    yield begin
    for each in begun:
        stop(each.process)


def until(happens, seconds=10):
    end = time.monotonic() + seconds
    while not (found := happens()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's own")
def test_the_service_does_not_outlive_a_platform_that_is_killed(serving):
    place = serving()
    assert listens(place.gradebook_port)

    place.process.send_signal(signal.SIGKILL)
    place.process.wait()

    assert until(lambda: not listens(place.gradebook_port)), "uvicorn runs on"


@pytest.mark.skipif(not redis_server.available(), reason=reason_to_skip(redis_server))
def test_a_kill_from_the_shell_beside_reaches_the_service(serving):
    with redis_server.started() as url:
        place = serving(MONOLITH_REDIS_URL=url)
        file = place.folder / "serve.env"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        with httpx.Client(base_url=place.url, headers={"Referer": place.url}) as browser:
            browser.post("/demo/login/", data={"user": "3"})
            browser.get("/login/")
            csrf = {"X-CSRFToken": browser.cookies["csrftoken"]}
            token = browser.post("/auth/session/", headers=csrf, json={}).json()["access_token"]
        service = f"http://127.0.0.1:{place.gradebook_port}/grades"

        def answers():
            return httpx.get(service, headers={"Authorization": f"Bearer {token}"})

        assert answers().status_code == 200

        said = place.log.read_text()
        shown = [line.strip() for line in said.splitlines()]
        source = next(line for line in shown if line.startswith(". "))
        kill = next(line for line in shown if "authz_kill" in line)
        done = place.in_a_shell(f"{source} && {kill}")

        assert done.returncode == 0, done.stderr
        assert "no REDIS_URL" not in done.stdout
        assert until(lambda: answers().status_code == 401)
        assert answers().json()["detail"]["code"] == "stale"
        stop(place.process)
        assert not file.exists()


def test_a_kill_by_a_shell_without_redis_says_that_services_are_not_told(serving):
    place = serving(MONOLITH_REDIS_URL="")

    done = place.in_a_shell(
        f". {place.folder}/serve.env && {sys.executable} manage.py authz_kill on --reason drill"
    )

    assert done.returncode == 0, done.stderr
    assert "Services go on with tokens of before for up to 300 s: no REDIS_URL" in done.stdout
