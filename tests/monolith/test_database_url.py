import pytest
from django.core.exceptions import ImproperlyConfigured

from monolith.database_url import read_database_url


def test_a_relative_sqlite_path_starts_at_the_project(tmp_path):
    (tmp_path / "var").mkdir()
    database = read_database_url("sqlite:///var/a%20b.sqlite3", tmp_path)
    assert database["NAME"] == str(tmp_path / "var" / "a b.sqlite3")


def test_a_sqlite_path_with_four_slashes_is_absolute(tmp_path):
    database = read_database_url(f"sqlite:///{tmp_path}/a.sqlite3", tmp_path / "elsewhere")
    assert database["NAME"] == f"{tmp_path}/a.sqlite3"


def test_a_postgres_url_is_taken_apart(tmp_path):
    database = read_database_url("postgres://me:p%40ss@db.example:5433/campus", tmp_path)
    assert database == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "campus",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
    }


def test_what_a_postgres_url_leaves_out_is_left_to_the_server(tmp_path):
    database = read_database_url("postgres://db.example/campus", tmp_path)
    assert (database["USER"], database["PASSWORD"], database["PORT"]) == ("", "", "")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("oracle://db/campus", "unknown scheme 'oracle'"),
        ("campus.sqlite3", "unknown scheme ''"),
        ("sqlite://", "names no file"),
        ("sqlite://var/campus.sqlite3", "names no file"),
        ("sqlite:///missing/campus.sqlite3", "missing does not exist"),
        ("postgres://db.example", "names no database"),
        ("postgres://db.example:high/campus", "port is not a number"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_with_the_mend(tmp_path, url, problem):
    with pytest.raises(ImproperlyConfigured, match=problem) as refused:
        read_database_url(url, tmp_path)
    assert "MONOLITH_DATABASE_URL" in str(refused.value)
