from django.core.checks import run_checks
from django.test import override_settings

from feature_flags import Flag
from feature_flags.checks import check_declarations, check_options, check_waffle


def ids(found):
    return [message.id for message in found]


def test_feature_flags_E001_unknown_option():  # noqa: N802 -- the id of the check
    with override_settings(FEATURE_FLAGS={"KIL_FILE": "stop", "colour": "red"}):
        found = check_options()

    assert ids(found) == ["feature_flags.E001", "feature_flags.E001"]
    assert found[0].hint == "Did you mean KILL_FILE?"
    assert found[1].hint == "Known: SNAPSHOT_SECONDS, KILL_FILE, DATABASE, CONNECTION."
    with override_settings(FEATURE_FLAGS="x"):
        assert ids(check_options()) == ["feature_flags.E001"]


def test_feature_flags_E002_unusable_value():  # noqa: N802 -- the id of the check
    with override_settings(FEATURE_FLAGS={"CONNECTION": "mine", "KILL_FILE": 7}):
        found = check_options()

    assert ids(found) == ["feature_flags.E002", "feature_flags.E002"]
    assert found[1].hint == "Write 'own' or 'caller'."


def test_feature_flags_E003_without_waffle(settings):  # noqa: N802 -- the id of the check
    assert check_waffle() == []
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "waffle"]

    assert ids(check_waffle()) == ["feature_flags.E003"]


def test_feature_flags_E004_circle():  # noqa: N802 -- the id of the check
    first = Flag("round_1")
    second = Flag("round_2", prerequisite=first)
    assert check_declarations() == []
    again = Flag("round_1", prerequisite=second)

    found = check_declarations()

    assert again.name == "round_1"
    assert ids(found) == ["feature_flags.E004"]
    assert (
        "round_1 > round_2 > round_1" in found[0].msg
        or "round_2 > round_1 > round_2" in found[0].msg
    )


def test_feature_flags_W001_slow_snapshot():  # noqa: N802 -- the id of the check
    with override_settings(FEATURE_FLAGS={"SNAPSHOT_SECONDS": 5}):
        assert ids(check_options()) == ["feature_flags.W001"]


def test_feature_flags_W002_kill_file_in_no_folder(tmp_path):  # noqa: N802 -- the id of the check
    with override_settings(FEATURE_FLAGS={"KILL_FILE": tmp_path / "stop"}):
        assert check_options() == []
    with override_settings(FEATURE_FLAGS={"KILL_FILE": tmp_path / "missing" / "stop"}):
        assert ids(check_options()) == ["feature_flags.W002"]


def test_the_checks_run_with_djangos(db):
    with override_settings(FEATURE_FLAGS={"SNAPSHOT_SECONDS": 5}):
        assert "feature_flags.W001" in ids(run_checks())
