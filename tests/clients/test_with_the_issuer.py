"""The TypeScript client, as a page has it, against the issuer of this project over HTTP."""

import json
import subprocess

import pytest
from django.test import Client

from authmigration.models import RefreshFamily
from authmigration.tokens import families
from feature_flags.testing import override_flags
from tests.authmigration import worlds
from tests.clients import node
from tests.services.closing import reason_to_skip

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # No wheel brings Node: the closing lines name it.
    pytest.mark.skipif(not node.available(), reason=reason_to_skip(node)),
]

PAGE = """
import { createAuthClient } from "./dist/index.js";

const { origin, cookies, steps } = JSON.parse(process.argv[1]);
const jar = new Map(Object.entries(cookies));
const said = [];
const client = createAuthClient({
  origins: [origin],
  prefix: `${origin}/auth/`,
  csrf: () => jar.get("csrftoken") ?? "",
  async fetch(input, init) {
    const headers = new Headers(init?.headers);
    headers.set("Cookie", [...jar].map((pair) => pair.join("=")).join("; "));
    headers.set("Referer", origin);
    const response = await fetch(input, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (value.replaceAll('"', "")) jar.set(name, value);
      else jar.delete(name);
    }
    return response;
  },
});
client.on(({ type, reason }) => said.push(`${type} ${reason}`));
const orders = {
  get: async () => {
    const { config } = await client.fetch(`${origin}/auth/policy.json`);
    return config;
  },
  signIn: () => client.signIn(),
  signOut: () => client.signOut().then(() => true, (error) => error.reason),
  logOutOfHost: () => jar.delete("sessionid"),
  logIn: () => jar.set("sessionid", cookies.sessionid),
};
for (const step of steps) said.push([step, await orders[step]()]);
client.dispose();
await new Promise((resolve) => setTimeout(resolve, 20));
console.log(JSON.stringify({ said, jar: [...jar.keys()] }));
process.exit();
"""


@pytest.fixture(autouse=True)
def platform(settings):
    settings.ROOT_URLCONF = "monolith.urls"
    with override_flags({"authz_tokens": True}):
        yield


@pytest.fixture
def anna():
    anna = worlds.user(first_name="Anna")
    anna.password = "one"
    anna.save()
    worlds.enrol(anna, worlds.course(worlds.school()))
    return anna


@pytest.fixture
def browser(anna):
    client = Client()
    client.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/login/")
    return {name: cookie.value for name, cookie in client.cookies.items() if cookie.value}


@pytest.fixture
def page(live_server):
    def visit(cookies, *steps):
        """Open a page with these cookies, take the steps, and return what the client said."""
        argument = json.dumps({"origin": live_server.url, "cookies": cookies, "steps": steps})
        done = subprocess.run(
            ["node", "--input-type=module", "-e", PAGE, argument],
            cwd=node.built(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return visit


def test_the_session_of_the_host_is_exchanged_once(page, browser):
    found = page(browser, "signIn", "get", "signIn")

    assert found["said"].count("refreshed start") == 1
    assert ["signIn", True] in found["said"]
    assert RefreshFamily.objects.count() == 1


@pytest.mark.parametrize(
    ("kept", "reason"), [(["csrftoken"], "not_signed_in"), ([], "refresh_missing")]
)
def test_a_page_without_a_log_in_gets_no_token(page, browser, kept, reason):
    found = page({name: browser[name] for name in kept}, "signIn")

    assert ["signIn", False] in found["said"]
    assert f"signed_out {reason}" in found["said"]


def test_the_next_page_goes_on_with_the_refresh_token_of_the_cookie(page, browser, anna):
    begun = families.begin(str(anna.pk), anna)

    found = page({"authz_refresh": begun.text}, "signIn")

    assert ["signIn", True] in found["said"]


def test_a_log_out_ends_the_family_and_a_log_in_begins_another(page, browser):
    found = page(browser, "signIn", "signOut", "logIn", "signIn")

    answers = [said for said in found["said"] if isinstance(said, list)]
    assert answers[0] == ["signIn", True]
    assert answers[1] == ["signOut", True]
    assert answers[3] == ["signIn", True]
    assert RefreshFamily.objects.filter(ended_at=None).count() == 1
    assert RefreshFamily.objects.count() == 2


def test_a_new_log_in_counts_though_the_cookie_of_the_old_one_is_still_there(page, browser, anna):
    begun = families.begin(str(anna.pk), anna)
    families.end_of(begun.text, families.SIGNED_OUT)

    found = page(browser | {"authz_refresh": begun.text}, "signIn")

    assert ["signIn", True] in found["said"]


def test_a_flag_that_is_off_keeps_the_session(page, browser):
    with override_flags({"authz_tokens": False}):
        found = page(browser, "signIn")

    assert "disabled tokens_disabled" in found["said"]
