"""What a source said is remembered for a moment."""

import threading

from auth_lib import Freshness
from auth_lib.remembered import Remembered


def test_an_answer_is_remembered_for_a_second_and_not_for_everybody():
    now, asked = [0.0], []

    class Source:
        def look(self, subject):
            asked.append(subject)
            return Freshness(len(asked))

        def would_wait(self, subject):
            return True

    source = Remembered(Source(), clock=lambda: now[0], max_subjects=2)

    assert source.would_wait("7")
    assert [source.look("7").generation for _ in range(3)] == [1, 1, 1]
    assert not source.would_wait("7")
    now[0] = 1.0
    assert source.look("7").generation == 2
    source.look("8")
    source.look("9")
    assert source.look("7").generation == 5
    assert asked == ["7", "7", "8", "9", "7"]


def test_remembering_is_safe_in_threads():
    class Source:
        def look(self, subject):
            return Freshness(1)

        def would_wait(self, subject):
            return False

    source, errors = Remembered(Source(), max_subjects=5, seconds=0), []

    def ask():
        try:
            for number in range(2000):
                source.look(str(number % 20))
        except Exception as error:  # noqa: BLE001 -- whatever it is, it must not be
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
