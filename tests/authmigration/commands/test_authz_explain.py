"""``authz_explain``."""

import pytest
from django.core.management.base import CommandError

from authmigration import counters, trail
from authmigration.rollout import Stage, writing
from tests.authmigration import worlds


@pytest.fixture
def course(db):
    return worlds.course(worlds.school())


def test_it_answers_and_shows_the_chain(run, course):
    student = worlds.user()
    worlds.enrol(student, course)

    out = run("authz_explain", student.username, "course.view", f"course:{course.pk}").out

    assert out.startswith(f"user {student.pk} ({student.username}, found by username):\n")
    assert f"{student.pk} course.view on course:{course.pk}: allowed (legacy)" in out
    assert "world:      legacy" in out


@pytest.mark.django_db(transaction=True)
def test_what_it_compares_is_counted(run, course):
    writing.write_stage("everyone", Stage.SHADOW, trail.Authorship("test", "a test"))
    student = worlds.user()
    worlds.enrol(student, course)

    out = run("authz_explain", str(student.pk), "course.view", f"course:{course.pk}").out

    assert "central:    allowed (role: student" in out
    assert counters.values("checks", using="default") == {"equal": 1}


@pytest.mark.parametrize(
    ("permission", "what", "message"),
    [
        ("course.veiw", "course:1", "No permission 'course.veiw' is declared"),
        ("course.view", "corse:1", "No context type 'corse' is declared"),
        ("course.view", "course", "'course' is no context: write type:id"),
    ],
)
def test_a_slip_is_an_error(run, permission, what, message):
    someone = worlds.user()

    with pytest.raises(CommandError) as caught:
        run("authz_explain", str(someone.pk), permission, what)

    assert message in str(caught.value)


def test_somebody_unknown_is_an_error(run):
    with pytest.raises(CommandError, match="No user has the primary key or the username 'nobody'"):
        run("authz_explain", "nobody", "course.view")
