"""What the service reads from its environment."""

from pathlib import Path

import pytest

from services.gradebook.settings import SettingError, from_environment

HERE = {"GRADEBOOK_DATABASE": "/data/gradebook.sqlite3"}


def test_database_and_pages_are_read():
    found = from_environment({**HERE, "GRADEBOOK_ORIGINS": "https://a.example, http://b:8000,"})

    assert found.database == Path("/data/gradebook.sqlite3")
    assert found.origins == ("https://a.example", "http://b:8000")


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "GRADEBOOK_DATABASE"),
        ({**HERE, "GRADEBOOK_ORIGINS": "*"}, r"'\*'"),
        ({**HERE, "GRADEBOOK_ORIGINS": "a.example"}, "a.example"),
        ({**HERE, "GRADEBOOK_ORIGINS": "https://a.example/page"}, "a.example/page"),
    ],
)
def test_what_is_missing_or_wrong_is_named(environment, named):
    with pytest.raises(SettingError, match=named):
        from_environment(environment)
