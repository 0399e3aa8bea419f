"""What the users' own tests look like: nothing is ever committed, and no trigger is there."""

from django.db import connection
from django.test import TestCase

from authmigration import acheck, check
from authmigration.models import Assignment, AuditEvent, SubjectState
from authmigration.testing import assert_allowed, at_stage, with_role
from monolith.accounts.models import User
from monolith.courses.authz import TA, TEACHER
from monolith.courses.models import Course, Enrolment
from tests.authmigration import worlds


class InATestCase(TestCase):
    """Everything below happens in the transaction of a test that never commits."""

    @classmethod
    def setUpTestData(cls):
        cls.course = worlds.course(worlds.school())
        cls.who = worlds.user()

    def setUp(self):
        assert connection.in_atomic_block

    def test_a_role_is_held_inside_the_block_only(self):
        assert not check(self.who, "grade.edit", self.course)
        with with_role(self.who, TA, self.course):
            assert check(self.who, "grade.edit", self.course)
        assert not check(self.who, "grade.edit", self.course)

    @at_stage("enforce")
    def test_a_decorated_test_is_decided_centrally(self):
        worlds.enrol(self.who, self.course)
        decision = assert_allowed(self.who, "course.view", self.course)
        assert (decision.world, decision.stage) == ("central", "enforce")

    @with_role(User.objects.get, TEACHER, Course.objects.get)
    def test_a_decorator_may_look_its_subject_up_when_the_test_runs(self):
        assert_allowed(self.who, "course.edit", self.course)

    @with_role(User.objects.get, TEACHER, Course.objects.get)
    async def test_a_decorated_coroutine_holds_the_role_while_it_runs(self):
        assert await acheck(self.who, "course.edit", self.course)

    def test_nothing_is_written(self):
        with with_role(self.who, TA, self.course), at_stage("enforce"):
            check(self.who, "grade.edit", self.course)
        for model in (Assignment, AuditEvent, SubjectState, Enrolment):
            assert not model.objects.exists()


@at_stage("enforce")
class AWholeClass(TestCase):
    def test_is_decided_centrally(self):
        decision = check(worlds.user(), "course.view", worlds.course(worlds.school()))
        assert decision.world == "central"
