"""Browsers, as in the tests of the admin."""

from tests.authmigration.admin.conftest import boss, browser

__all__ = ["boss", "browser"]
