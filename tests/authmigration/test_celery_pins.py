"""Tasks follow their sender: the lower of the stage it saw and the stage that holds now."""

from contextlib import contextmanager

import pytest
from celery import Celery, signals
from celery.contrib.testing.worker import start_worker
from django.contrib.auth.models import AnonymousUser
from django.db import connections

from authmigration import (
    acting,
    acting_as,
    capture,
    celery_pins,
    check,
    counters,
    pinned,
    pins,
    system,
)
from authmigration.models import CounterDelta
from authmigration.rollout import Stage
from authmigration.stages import set_stage
from monolith.courses.models import Course
from tests.authmigration import worlds

AUTHOR = {"actor": "tests", "reason": "a test"}
WAIT = 20

app = Celery("tests", broker="memory://", backend="cache+memory://", set_as_current=False)
app.conf.update(task_default_queue="pins", broker_connection_retry_on_startup=False)


def stage_in_task(user, course):
    return check(user, "course.view", f"course:{course}").stage.value


@app.task
def ask(user, course):
    return stage_in_task(user, course)


@app.task
def pass_on(user, course):
    return ask.delay(user, course).id


@app.task
def fail():
    raise ZeroDivisionError


@app.task
def look():
    pin = pins.current()
    return {"ceilings": pin.ceilings, "subjects": len(pin.snapshots)}


@app.task
def who_acts():
    author = acting()
    return None if author is None else [author.actor, author.reason]


@app.task
def ask_who_acts():
    return who_acts.delay().id


@app.task
def act_otherwise():
    with acting_as(system("inner"), reason="inside"):
        return who_acts()


@app.task
def count():
    counters.tally("tasks", "done")


@app.task
def close():
    connections.close_all()


def leave_logging_alone(**_):
    """Connected, this keeps a worker from taking the root logger away from everybody else."""


@pytest.fixture(scope="module")
def running(django_db_setup, django_db_blocker):
    """One worker for all, in a thread of this process: to stop it takes seconds."""
    signals.setup_logging.connect(leave_logging_alone)
    with django_db_blocker.unblock(), start_worker(app, perform_ping_check=False, pool="solo"):
        yield
        close.delay().get(WAIT)
    signals.setup_logging.disconnect(leave_logging_alone)


@pytest.fixture
def worker(transactional_db, running):
    yield
    app.control.purge()


@pytest.fixture
def campus(transactional_db):
    capture.install()
    who, course = worlds.user(), worlds.course(worlds.school())
    worlds.enrol(who, course)
    yield who, course
    capture.remove()


def put_everybody_at(stage):
    set_stage("everyone", stage, **AUTHOR)


def arguments(campus):
    who, course = campus
    return str(who.pk), course.pk


def see(campus):
    return check(campus[0], "course.view", campus[1]).stage


@contextmanager
def pinned_at(seen, now, campus):
    """Be in a unit of work that saw one stage, while another holds by now."""
    put_everybody_at(seen)
    with pinned() as pin:
        assert see(campus) == seen
        kept = dict(pin.snapshots)
        put_everybody_at(now)
        pin.snapshots.update(kept)  # what another process changes does not reach this pin
        yield


def test_a_task_is_never_at_a_higher_stage_than_its_sender(campus, worker):
    with pinned_at(Stage.SHADOW, Stage.ENFORCE, campus):
        sent = ask.delay(*arguments(campus))

    assert sent.get(WAIT) == "shadow"
    assert ask.delay(*arguments(campus)).get(WAIT) == "enforce"


def test_a_stage_that_was_lowered_since_holds_for_the_task(campus, worker):
    with pinned_at(Stage.ENFORCE, Stage.OFF, campus):
        sent = ask.delay(*arguments(campus))

    assert sent.get(WAIT) == "off"


def test_a_task_hands_its_ceilings_on(campus, worker):
    with pinned_at(Stage.SHADOW, Stage.ENFORCE, campus):
        first = pass_on.delay(*arguments(campus))

    second = app.AsyncResult(first.get(WAIT))
    assert second.get(WAIT) == "shadow"


def test_one_task_leaves_nothing_to_the_next(campus, worker):
    put_everybody_at(Stage.SHADOW)
    with pinned():
        see(campus)
        first = look.delay()
        failed = fail.delay()
    with pytest.raises(ZeroDivisionError):
        failed.get(WAIT)

    assert first.get(WAIT) == {"ceilings": {str(campus[0].pk): "shadow"}, "subjects": 0}
    assert look.delay().get(WAIT) == {"ceilings": {}, "subjects": 0}


def sent_headers(monkeypatch):
    """Send a task nowhere, and return the headers of its message."""
    seen = {}

    def published(body, **message):
        seen.update(message["headers"])

    with app.producer_or_acquire() as producer:
        monkeypatch.setattr(producer, "publish", published)
        look.apply_async(producer=producer)
    return seen


def test_a_message_names_at_most_twenty_subjects_the_first_ones(campus, monkeypatch):
    put_everybody_at(Stage.SHADOW)
    people = [worlds.user() for _ in range(25)]
    with pinned():
        for who in people:
            check(who, "course.view", campus[1])
        headers = sent_headers(monkeypatch)

    named = headers[celery_pins.HEADER]
    assert list(named) == [str(who.pk) for who in people[:20]]
    assert set(named.values()) == {"shadow"}


def test_outside_a_unit_of_work_a_message_names_nobody(campus, monkeypatch):
    assert celery_pins.HEADER not in sent_headers(monkeypatch)


def test_somebody_anonymous_is_not_named(campus, monkeypatch):
    Course.objects.update(is_public=True)
    with pinned():
        check(AnonymousUser(), "course.view", campus[1])

        assert celery_pins.HEADER not in sent_headers(monkeypatch)


def test_what_a_task_tallies_is_written_after_it(campus, worker, monkeypatch):
    monkeypatch.setattr(counters, "FLUSH_SECONDS", 0)

    count.delay().get(WAIT)
    look.delay().get(WAIT)  # the first is ready a moment before its end

    assert CounterDelta.objects.get(name="tasks").delta == 1


class TestEager:
    def test_it_joins_the_unit_of_work_that_called_it(self, campus):
        put_everybody_at(Stage.SHADOW)
        with pinned() as pin:
            see(campus)
            assert look.apply().get() == {"ceilings": {}, "subjects": 1}
            assert pins.current() is pin

    def test_it_is_a_unit_of_work_where_there_is_none(self, campus):
        assert look.apply().get() == {"ceilings": {}, "subjects": 0}
        assert pins.current() is None

    def test_it_keeps_to_the_ceilings_that_it_is_sent_with(self, campus):
        put_everybody_at(Stage.ENFORCE)
        who, course = arguments(campus)

        done = ask.apply((who, course), headers={celery_pins.HEADER: {who: "shadow"}})

        assert done.get() == "shadow"

    @pytest.mark.parametrize("header", ["text", ["1"], {"1": "enfroce"}, {"1": 7}, {}])
    def test_a_header_that_cannot_be_read_caps_nobody(self, campus, header, caplog):
        done = look.apply(headers={celery_pins.HEADER: header})

        assert done.get() == {"ceilings": {}, "subjects": 0}


NIGHT = ["system:nightly-export", "every night"]


def test_the_actor_of_the_sender_acts_in_its_tasks_and_in_theirs(worker):
    with acting_as(system("nightly-export"), reason="every night"):
        sent, further = who_acts.delay(), ask_who_acts.delay()

    assert sent.get(WAIT) == NIGHT
    assert app.AsyncResult(further.get(WAIT)).get(WAIT) == NIGHT
    assert who_acts.delay().get(WAIT) is None  # and nobody goes on acting in the worker


def test_a_task_may_act_as_another(worker):
    with acting_as(system("nightly-export"), reason="every night"):
        assert act_otherwise.delay().get(WAIT) == ["system:inner", "inside"]


@pytest.mark.parametrize("header", ["x", "ab", 7, ["only one"], ["", "why"], ["who", " "]])
def test_a_header_that_names_no_actor_is_told_and_ignored(worker, caplog, header):
    sent = who_acts.apply_async(headers={celery_pins.AUTHOR: header})

    assert sent.get(WAIT) is None
    assert "names the actor" in caplog.text


def test_an_eager_task_acts_as_its_caller():
    with acting_as(system("nightly-export"), reason="every night"):
        assert who_acts.apply().get() == NIGHT
