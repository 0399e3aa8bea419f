import subprocess
import sys

import pytest

import feature_flags


def test_every_public_name_can_be_had():
    for name in feature_flags._MODULE_OF:
        assert callable(getattr(feature_flags, name))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'nonsense'"):
        _ = feature_flags.nonsense


def test_the_package_is_imported_without_settings_or_models():
    code = (
        "import sys, feature_flags; from feature_flags import Flag, evaluate; "
        "sys.exit('feature_flags.models' in sys.modules or 'waffle.models' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-W", "error", "-c", code], env={}, check=False)

    assert done.returncode == 0
