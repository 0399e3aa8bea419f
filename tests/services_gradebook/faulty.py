"""A platform and its service, for whoever breaks something between them."""

import json
import time
from contextlib import contextmanager

from django.test import Client

from auth_lib import Gate, Key, KeySet, TokenVerifier
from auth_lib.testing import Issuer
from authmigration import registry
from authmigration.tokens import families, options, signing
from tests.auth_lib.publishing import Server
from tests.authmigration import worlds
from tests.services.processes import free_port

from .conftest import CLIENT, Service


class World:
    """A platform with a student, the service beside it, and what a test may ask of both."""

    def __init__(self, settings, rows):
        self.settings, self.rows = settings, rows
        self.algebra = worlds.course(worlds.school())
        self.anna = worlds.user(first_name="Anna")
        self.anna.set_password("right")
        self.anna.save()
        worlds.enrol(self.anna, self.algebra)
        self.redis_url = f"redis://127.0.0.1:{free_port()}/0"

    def device(self):
        return families.begin(str(self.anna.pk), self.anna).text

    def post(self, path, body=None, client=None, **headers):
        data = json.dumps(body or {})
        sent = (client or Client(raise_request_exception=False)).post
        return sent(f"/auth/{path}", data, content_type="application/json", headers=headers)

    def refresh(self, text=None, **body):
        return self.post("refresh/", {"refresh_token": text or self.device(), **body})

    def log_in(self, password):
        browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
        browser.get("/login/")
        form = {"username": self.anna.username, "password": password}
        token = browser.cookies["csrftoken"].value
        browser.post("/login/", form, headers={"X-CSRFToken": token})
        token = browser.cookies["csrftoken"].value
        return self.post("session/", client=browser, X_CSRFToken=token)

    def ask(self, token, path="/grades", clock=time.time, keys=None, generations=None, **headers):
        given = options.get()
        keys = keys or KeySet(signing.keys())
        verifier = TokenVerifier(issuer=given.issuer, audience="gradebook", keys=keys, clock=clock)
        gate = Gate(verifier, policy=registry.get().policy, generations=generations)
        service = Service(self.rows, gate)
        return service.ask("GET", path, {"Authorization": f"Bearer {token}", **CLIENT, **headers})

    def token(self):
        return self.refresh().json()["access_token"]

    def forged(self, **claims):
        """A token with the signature of the issuer and claims of a test's own."""
        given = options.get()
        key = Key.from_secret(given.keys[0]["key"])
        return Issuer(key, issuer=given.issuer, audience="gradebook").token("1", **claims)

    @contextmanager
    def with_ed25519(self):
        """Let the issuer sign with a published key, and serve it over HTTP."""
        key = Key.generate()
        tokens = {**self.settings.AUTHMIGRATION["TOKENS"]}
        tokens["KEYS"] = [{"algorithm": "Ed25519", "key": key.private_pem()}]
        self.settings.AUTHMIGRATION = {**self.settings.AUTHMIGRATION, "TOKENS": tokens}
        server = Server()
        server.keys = [key]
        try:
            yield server
        finally:
            server.close()

    def redis_is_gone(self):
        tokens = {**self.settings.AUTHMIGRATION["TOKENS"], "REDIS_URL": self.redis_url}
        self.settings.AUTHMIGRATION = {**self.settings.AUTHMIGRATION, "TOKENS": tokens}
