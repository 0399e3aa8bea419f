"""The reference says what the code says: nothing more, nothing less, nothing older."""

import importlib
import pkgutil
import re
import tomllib
from contextlib import suppress
from dataclasses import fields

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import get_commands, load_command_class
from django.db import connection

import auth_lib
import authmigration
import authmigration.conf
import feature_flags
import feature_flags.conf
from auth_lib import AuthError
from authmigration import capture
from authmigration.tokens.options import TokenSettings
from feature_flags import FlagError
from tests.architecture import source as files
from tools.reference import pages, prose, settings_page, source

OURS = ("auth_lib", "authmigration", "feature_flags")


def page(name):
    return (pages.FOLDER / f"{name}.md").read_text(encoding="utf-8")


def headings(name):
    return re.findall(r"^#+ (.+)$", page(name), re.MULTILINE)


def test_no_page_is_stale():
    assert pages.stale() == []


def test_a_page_that_says_something_else_is_stale(tmp_path, monkeypatch):
    old = tmp_path / "old.md"
    old.write_text("# Old\n")
    monkeypatch.setattr(pages, "PAGES", {old: lambda: "# New", tmp_path / "none.md": str})

    assert pages.stale() == [old, tmp_path / "none.md"]


@pytest.mark.parametrize(
    "options", [authmigration.conf.Settings, TokenSettings, feature_flags.conf.Options]
)
def test_every_option_stands_there_with_its_default(options):
    shown = re.findall(
        r"^\| `([A-Z_]+)` \| `[^`]+` \| `([^`]+)` \|", page("settings"), re.MULTILINE
    )

    assert {(each.name.upper(), repr(each.default)) for each in fields(options)} <= set(shown)


def test_every_variable_of_a_service_stands_there():
    text = "".join(files.text(path) for path in files.files("auth_lib"))
    named = set(re.findall(r"AUTH_LIB_[A-Z_]+", text))

    assert named
    assert sorted(name for name in named if f"`{name}`" not in page("settings")) == []


def test_an_option_without_a_text_stops_the_making(monkeypatch):
    monkeypatch.setattr(source, "docstrings_below", lambda body: {})

    with pytest.raises(LookupError, match="ceiling has no docstring"):
        settings_page.options("authmigration.conf", "Settings")


def test_every_id_of_a_check_stands_there():
    text = "".join(files.text(path) for path in files.files("authmigration", "feature_flags"))

    assert set(headings("checks")[1:]) == set(re.findall(r'id="(\w+\.[EW]\d+)"', text))


def test_every_option_of_every_command_stands_there():
    text = page("commands")
    for name in ours(get_commands()):
        part = text.partition(f"## {name}\n")[2].partition("\n## ")[0]
        parser = load_command_class("authmigration", name).create_parser("manage.py", name)
        for option in re.findall(r"--[a-z-]+", parser.format_usage()):
            assert option in part or option in DJANGOS, f"{name} {option}"


DJANGOS = {
    *("--version", "--verbosity", "--settings", "--pythonpath", "--traceback"),
    *("--no-color", "--force-color", "--skip-checks"),
}


def ours(commands):
    return [name for name, app in commands.items() if app in OURS]


def test_every_error_stands_there_with_its_code():
    for name in OURS:
        for module in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
            if ".migrations." not in module.name:
                with suppress(ImportError):  # an integration whose framework is not installed
                    importlib.import_module(module.name)
    text = page("errors")

    for error in derived(AuthError) | derived(FlagError):
        part = text.partition(f"### {error.__name__}\n")[2].partition("\n### ")[0]
        assert f"Code `{error.code}`" in part, error


def derived(error):
    found = {error}.union(*(derived(each) for each in error.__subclasses__()))
    public = {each for each in found if not each.__name__.startswith("_")}
    return {each for each in public if each.__module__.startswith(OURS)}


@pytest.mark.parametrize("package", [auth_lib, authmigration, feature_flags])
def test_every_public_name_stands_there(package):
    names = {export.name for export in source.exports(package.__name__)}
    errors = set(headings("errors"))
    shown = {heading.rpartition(".")[2] for heading in headings(package.__name__)}

    assert names
    assert all(hasattr(package, name) for name in names)
    assert names <= shown | errors


def test_every_table_and_column_stands_there():
    text = page("database")
    for model in (model for app in OURS[1:] for model in apps.get_app_config(app).get_models()):
        part = text.partition(f"## {model._meta.db_table}\n")[2].partition("\n## ")[0]
        shown = re.findall(r"^\| `(\w+)`", part, re.MULTILINE)
        assert shown == [field.column for field in model._meta.local_concrete_fields]


def test_no_foreign_key_leads_out_of_our_tables_or_into_them():
    across = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is not ContentType
        if (model._meta.app_label in OURS) != (field.related_model._meta.app_label in OURS)
    ]

    assert across == []


def test_the_triggers_are_named_as_the_page_says(db):
    capture.install()

    names = [name for table in capture.status() for name in table.triggers]

    kinds = "insert|update|delete" + ("|truncate" if connection.vendor == "postgresql" else "")
    assert names
    assert all(re.fullmatch(rf"authz_capture_[0-9a-f]{{10}}_({kinds})", name) for name in names)
    assert "`authz_capture_`, ten characters" in page("database")
    assert kinds.replace("|", ", ") in " ".join(page("database").split())


@pytest.mark.parametrize("mark", [":\n\n    .. code-block:: python", "::"])
def test_an_example_in_a_docstring_becomes_a_block(mark):
    told = f"""Say{mark}

        with this:
            go()

    After ``it``.
    """

    assert prose.markdown(told) == "Say:\n\n```py\nwith this:\n    go()\n```\n\nAfter `it`."


def test_a_docstring_becomes_markdown():
    about, sections = prose.divided(
        """See :func:`~a.b.check` of ``x``.

        Args:
            one: the first, which
                goes on.
            two, three: the rest.

        Afterwards comes more.

        Raises:
            KeyError: never.

        """
    )

    assert about == "See `check` of `x`.\n\nAfterwards comes more."
    assert sections == {
        "Args": [("one", "the first, which goes on."), ("two, three", "the rest.")],
        "Raises": [("KeyError", "never.")],
    }


def test_the_readme_names_every_extra():
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = (source.ROOT / "README.md").read_text(encoding="utf-8")

    assert [x for x in project["optional-dependencies"] if f"`{x}`" not in readme] == []
