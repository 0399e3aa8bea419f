"""The checker plays issuer and service against the clients, and finds a client that is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients import node
from tests.services.closing import reason_to_skip

ROOT = Path(__file__).parents[2]
PYTHON = [sys.executable, "clients/python/driver.py"]
NODE = ["node", "clients/js/driver.mjs"]

NAIVE = """
import json, sys, threading, urllib.error, urllib.request

state = {}

def send(url, body=None, headers={}):
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()

def refresh():
    status, text = send(state["prefix"] + "refresh/", {"refresh_token": state["refresh_token"]})
    if status == 200:
        answer = json.loads(text)
        state["token"], state["refresh_token"] = answer["access_token"], answer["refresh_token"]

def get(url):
    if "token" not in state:
        refresh()
    status, _ = send(url, headers={"Authorization": "Bearer " + state.get("token", "")})
    if status == 401:
        refresh()
        status, _ = send(url, headers={"Authorization": "Bearer " + state.get("token", "")})
    return status

def work(order):
    said = {"ok": True}
    try:
        if order["do"] == "open":
            state.update(order)
        elif order["do"] == "request":
            said = {"status": get(order["url"])}
    except Exception as error:
        said = {"error": repr(error)}
    print(json.dumps({"id": order["id"], **said}), flush=True)

for line in sys.stdin:
    threading.Thread(target=work, args=(json.loads(line),)).start()
"""


def check(*command, options=()):
    """Run the checker and return its exit status and what it printed."""
    path = os.pathsep.join(["clients/python/src", str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "clients.checker", *options, "--", *command],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr + done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--async"]], ids=["threads", "tasks"])
def test_the_python_client_follows_the_protocol(options):
    status, said = check(*PYTHON, *options)

    assert status == 0, said
    assert said.endswith(" passed, 0 failed\n")


@pytest.mark.slow
# No wheel brings Node: the closing lines name it.
@pytest.mark.skipif(not node.available(), reason=reason_to_skip(node))
def test_the_typescript_client_follows_the_protocol():
    node.built()

    status, said = check(*NODE)

    assert status == 0, said


@pytest.mark.slow
def test_a_client_of_twenty_lines_is_found_out(tmp_path):
    driver = tmp_path / "naive.py"
    driver.write_text(NAIVE)

    status, said = check(sys.executable, str(driver), options=["-j", "8"])
    failed = [line[13:] for line in said.splitlines() if line.startswith("FAILED")]

    assert status == 1
    assert {
        "401s that come one after the other cost one refresh",
        "a service that refuses fresh tokens costs one refresh",
        "a context is asked for once, and remembered",
        "tokens that are switched off keep the session",
        "another origin sees no token, and its 401 is its own",
    } <= set(failed)


def test_a_program_that_breaks_the_rules_is_named():
    status, said = check(sys.executable, "-c", "pass", options=["-k", "403 is final"])

    assert status == 1
    assert "the program" in said


def test_no_conversation_is_no_success():
    status, said = check(*PYTHON, options=["-k", "no such conversation"])

    assert (status, said) == (1, "0 passed, 0 failed\n")
