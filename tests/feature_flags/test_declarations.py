import gc

import pytest

from feature_flags import Flag
from feature_flags.declarations import declared, declared_switches, find_circle, flag_named
from feature_flags.errors import InvalidFlag


@pytest.mark.parametrize("name", ["", " x", "x ", "x" * 101, None, 7])
def test_a_name_that_waffle_could_not_store_is_refused(name):
    with pytest.raises(InvalidFlag, match="cannot name a flag"):
        Flag(name)


@pytest.mark.parametrize("name", ["", "7", "a b", "a=b", "ä", "x" * 101])
def test_a_switch_that_no_variable_could_be_named_after_is_refused(name):
    with pytest.raises(InvalidFlag, match="cannot name a kill switch"):
        Flag("x", kill_switch=name)


def test_a_declared_flag_is_found_by_its_name_with_all_it_declares():
    flag = Flag("found_by_name", salt="shared", kill_switch="found_switch", safe=True)

    assert flag_named("found_by_name") is flag
    assert "found_switch" in declared_switches()


def test_a_flag_that_no_code_holds_any_more_is_not_declared():
    Flag("short_lived")
    gc.collect()

    assert "short_lived" not in declared()
    assert flag_named("short_lived") == Flag("short_lived")


def test_declarations_that_differ_are_not_equal():
    assert Flag("x", salt="a") != Flag("x", salt="b")


def test_a_circle_is_found_and_named_whole():
    following = {"a": ["b"], "b": ["c", "d"], "d": ["b"]}

    assert find_circle("a", lambda name: following.get(name, [])) == ("a", "b", "d", "b")
    assert find_circle("c", lambda name: following.get(name, [])) == ()
