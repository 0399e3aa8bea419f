"""The tool for the tests of others."""

import asyncio
from threading import Thread
from unittest import TestCase

import pytest

from feature_flags import Flag, evaluate
from feature_flags.errors import InvalidFlag
from feature_flags.testing import override_flags
from tests.feature_flags.worlds import EMPTY, subject

FLAG = Flag("overridden")


def on():
    return bool(evaluate(EMPTY, FLAG, subject()))


def test_an_override_holds_inside_and_ends_outside():
    with override_flags({FLAG: True}):
        assert on()
    assert not on()


def test_an_override_ends_also_when_the_test_fails():
    with pytest.raises(ZeroDivisionError), override_flags({"overridden": True}):
        raise ZeroDivisionError
    assert not on()


def test_every_thread_of_the_process_sees_it():
    seen = []
    with override_flags({"overridden": True}):
        thread = Thread(target=lambda: seen.append(on()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_the_inner_one_holds_and_the_outer_one_returns():
    with override_flags({"overridden": True}):
        with override_flags({"overridden": False}):
            assert not on()
        assert on()


def test_it_decorates_functions_coroutines_and_test_classes():
    decorate = override_flags({"overridden": True})

    class Decorated(TestCase):
        def runTest(self):  # noqa: N802 -- unittest's name
            raise AssertionError

    async def ask():
        return on()

    assert decorate(on)()
    assert asyncio.run(decorate(ask)())
    assert not on()


@override_flags({"overridden": True})
class TestDecorated(TestCase):
    def test_a_decorated_class_has_the_answers(self):
        assert on()


def test_a_wrong_answer_or_name_is_refused():
    with pytest.raises(TypeError, match="True or False, not 1"):
        override_flags({"overridden": 1})
    with pytest.raises(InvalidFlag):
        override_flags({"": True})
