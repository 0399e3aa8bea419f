"""The recipe for Node, run with a stock JOSE library over the vectors."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "docs" / "recipes" / "node"
VECTORS = ROOT / "tests" / "vectors" / "tokens.json"
MOST_LINES = 79

# What no attacker can bring about, since it is signed: a few shapes more than the protocol has.
ALSO_ACCEPTED = {
    'sub is " 7"',
    'sub is "a\\u0000"',
    "jti is 1",
    "full_name is 1",
    "trunc is []",
    "a claim of nine levels",
}
# jose takes an algorithm by the name that the published key has, and keys have the new one.
ALSO_REFUSED = {"Ed25519 under its old name"}
SAME_CODE = {"missing_token", "token_too_large", "header_refused", "token_expired", "bad_signature"}
OTHER_CODE = {
    "no typ",
    "the typ of any JWT",
    "the typ of a refresh token",
}


@pytest.fixture(scope="module")
def found():
    """What the recipe makes of the vectors; jose is installed once for each package.json."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("the recipe for Node: node and npm are missing")
    wanted = hashlib.sha256((RECIPE / "package.json").read_bytes()).hexdigest()[:12]
    folder = ROOT / "var" / f"node-recipe-{wanted}"
    folder.mkdir(parents=True, exist_ok=True)
    for file in RECIPE.iterdir():
        shutil.copy(file, folder)
    if not (folder / "node_modules" / "jose").is_dir():
        install = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"]
        if subprocess.run(install, cwd=folder, capture_output=True, check=False).returncode:
            pytest.skip("the recipe for Node: npm cannot install jose here")
    done = subprocess.run(
        ["node", "check.mjs", str(VECTORS)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def vectors():
    return json.loads(VECTORS.read_text(encoding="utf-8"))


def test_the_recipe_has_fewer_than_80_lines():
    assert len((RECIPE / "auth.mjs").read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_the_recipe_refuses_every_bad_token_and_no_good_one(found, vectors):
    accepted = {name for name, outcome in found["tokens"].items() if "error" not in outcome}
    good = {row["name"] for row in vectors["tokens"] if "claims" in row}

    assert accepted - good == ALSO_ACCEPTED
    assert good - accepted == ALSO_REFUSED


def test_the_recipe_reads_the_same_claims(found, vectors):
    for row in vectors["tokens"]:
        if "claims" in row and row["name"] not in ALSO_REFUSED:
            wanted = {name: row["claims"].get(name) for name in ("sub", "roles", "exp", "gen")}
            assert found["tokens"][row["name"]] == wanted


def test_the_recipe_names_what_a_client_acts_on(found, vectors):
    other = {
        row["name"]
        for row in vectors["tokens"]
        if row.get("error") in SAME_CODE and found["tokens"][row["name"]]["error"] != row["error"]
    }

    assert other == OTHER_CODE


def test_the_recipe_answers_every_question_about_a_role_without_a_policy(found, vectors):
    asked = {
        row["name"]: row["answer"]
        for row in vectors["questions"]
        if "role" in row["ask"] and not row["policy"] and row["reason"] != "expired"
    }

    assert {name: found["questions"][name] for name in asked} == asked
    assert set(asked.values()) == {"allowed", "denied", "unknown"}
