"""What is wrong with the settings."""

import pytest
from django.db import connections

from authmigration import checks


@pytest.fixture
def problems(settings):
    """Return id, message and hint of what the check has against some options."""

    def do(given):
        settings.AUTHMIGRATION = given
        return [(each.id, each.msg, each.hint) for each in checks.check_options()]

    return do


def test_the_settings_of_the_monolith_are_in_order():
    assert checks.check_options() == []
    assert checks.check_engine() == []


def test_no_settings_are_in_order(problems):
    assert problems({}) == []


def test_authmigration_e001_names_an_unknown_option_and_the_nearest(problems):
    assert problems({"CIELING": "off"}) == [
        (
            "authmigration.E001",
            "AUTHMIGRATION has no option 'CIELING'.",
            "Write 'CEILING', or take it out.",
        )
    ]


def test_authmigration_e001_without_a_near_name_says_to_take_it_out(problems):
    assert problems({"COLOUR_OF_THE_SKY": 1})[0][2] == "Take it out."


def test_authmigration_e001_names_a_name_in_small_letters(problems):
    assert problems({"ceiling": "off"})[0][2] == "Write 'CEILING', or take it out."


@pytest.mark.parametrize("value", ["of", None, 2])
def test_authmigration_e002_names_the_stages(problems, value):
    assert problems({"CEILING": value}) == [
        (
            "authmigration.E002",
            f"AUTHMIGRATION['CEILING'] is {value!r}, which is no stage.",
            "Write one of 'off', 'shadow', 'enforce', 'retired'.",
        )
    ]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("monolith.schools.units.school_of", "does not define a"),
        ("monolith.nowhere.f", "No module named"),
        ("units", "doesn't look like a module path"),
        ("monolith.settings.BASE_DIR", "it cannot be called."),
        (len, "it is no text."),
    ],
)
def test_authmigration_e003_says_why_a_path_leads_nowhere(problems, value, why):
    ((id_, message, hint),) = problems({"UNIT_OF": value})

    assert id_ == "authmigration.E003"
    assert message.startswith(f"AUTHMIGRATION['UNIT_OF'] is {value!r}: ")
    assert why in message
    assert "dotted path of a function" in hint


def test_authmigration_e005_names_the_engines_that_work(monkeypatch):
    monkeypatch.setattr(connections["default"], "vendor", "oracle", raising=False)
    monkeypatch.setattr(connections["default"], "display_name", "Oracle", raising=False)

    (error,) = checks.check_engine()

    assert error.id == "authmigration.E005"
    assert "authmigration has no statements for Oracle. Use PostgreSQL or SQLite" in error.msg
    assert "AUTHMIGRATION['DATABASE']" in error.hint


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("LAZY_BUDGET", "1", "Write a number that is not negative."),
        ("LAZY_BUDGET", -0.5, "Write a number that is not negative."),
        ("MAX_CONTEXTS", 1.5, "Write a whole number that is not negative."),
        ("MAX_CONTEXTS", True, "Write a whole number that is not negative."),
        ("SET_BACK", 1, "Write True or False."),
        ("SHADOW_SAMPLE", 25, "Write a share from 0 to 1."),
        ("SHADOW_SAMPLE", -0.1, "Write a share from 0 to 1."),
        ("DATABASE", "lms", "Write an alias of DATABASES: default."),
    ],
)
def test_authmigration_e006_says_what_a_value_ought_to_be(problems, option, value, hint):
    assert problems({option: value}) == [
        ("authmigration.E006", f"AUTHMIGRATION[{option!r}] is {value!r}.", hint)
    ]


@pytest.mark.parametrize(
    ("option", "value"),
    [("LAZY_BUDGET", 1), ("SHADOW_SAMPLE", 0), ("ENFORCE_SAMPLE", 1.0), ("UNITS", None)],
)
def test_a_value_that_works_is_in_order(problems, option, value):
    assert problems({option: value}) == []


def test_authmigration_e006_wants_a_dict(problems):
    assert problems(["CEILING"])[0][2] == "Write a dict of options."


@pytest.mark.parametrize("option", ["UNITS", "MEMBERS_OF"])
def test_authmigration_w004_asks_for_the_other_half(problems, settings, option):
    ((id_, _, hint),) = problems({option: settings.AUTHMIGRATION[option]})

    assert id_ == "authmigration.W004"
    assert hint.startswith("Add the other")


def test_everything_that_is_wrong_is_said_at_once(problems):
    found = problems({"CIELING": "off", "CEILING": "of", "UNIT_OF": 1, "SET_BACK": None})

    assert [id_.rpartition(".")[2] for id_, *_ in found] == ["E001", "E002", "E006", "E003"]


def test_with_wrong_options_the_other_checks_say_nothing_and_do_not_break(settings):
    settings.AUTHMIGRATION = {"CEILING": "of"}

    assert checks.check_engine() == []
    assert checks.check_capture(databases=["default"]) == []
