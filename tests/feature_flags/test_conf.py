from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from feature_flags import conf


def test_without_a_setting_the_defaults_hold():
    with override_settings(FEATURE_FLAGS=None):
        assert conf.get() == conf.Options()
    assert conf.Options().snapshot_seconds == 1.0


def test_a_setting_is_read_late_and_forgotten_when_it_changes():
    with override_settings(FEATURE_FLAGS={"SNAPSHOT_SECONDS": 0.5, "KILL_FILE": Path("stop")}):
        assert conf.get().snapshot_seconds == 0.5
        assert conf.get().kill_file == "stop"
    with override_settings(FEATURE_FLAGS={}):
        assert conf.get().snapshot_seconds == 1.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"SNAPSHOT_SECONDS": "1"}, "SNAPSHOT_SECONDS is '1'. Write seconds"),
        ({"SNAPSHOT_SECONDS": -1}, "SNAPSHOT_SECONDS is -1"),
        ({"SNAPSHOT_SECONDS": True}, "SNAPSHOT_SECONDS is True"),
        ({"KILL_FILE": 7}, "KILL_FILE is 7. Write a path"),
        (
            {"DATABASE": "elsewhere"},
            "DATABASE is 'elsewhere'. Write an alias of DATABASES: default",
        ),
        ({"CONNECTION": "mine"}, "Write 'own' or 'caller'"),
        ([], ""),
        ("x", "FEATURE_FLAGS is a dict of options, not 'x'"),
    ],
)
def test_a_value_of_no_use_is_named_with_its_mend(options, message):
    with override_settings(FEATURE_FLAGS=options):
        if not message:
            assert conf.get() == conf.Options()
            return
        with pytest.raises(ImproperlyConfigured, match=message):
            conf.get()
