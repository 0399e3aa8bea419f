"""A function that yields nothing without a row is called only for those who have one."""

import pytest
from django.db.models import Q

from authmigration import ContextType, Role, legacy
from authmigration.assignments.gathering import gather
from authmigration.errors import DeclarationError
from authmigration.registry import Registry
from monolith.accounts.models import Profile
from monolith.courses.models import Course
from monolith.schools.models import School

from .. import worlds

pytestmark = pytest.mark.django_db


class Declared:
    """A namespace whose function keeps count of whom it was called for."""

    SCHOOL = ContextType("school", School)
    COURSE = ContextType("course", Course, parent="school")
    MODERATOR = Role("moderator", on="course", can={"course.view"})

    def __init__(self, **options):
        self.school, self.course, self.moderator = self.SCHOOL, self.COURSE, self.MODERATOR
        self.called = []

        def moderators(user):
            self.called.append(str(user.pk))
            listed = Profile.objects.filter(Q(user=user)).values_list(
                "moderated_courses", flat=True
            )
            for key in listed.first() or []:
                yield self.MODERATOR.at(key)

        watch = options.pop("watch", [legacy.watch(Profile, user="user")])
        self.source = legacy.roles(watch=watch, **options)(moderators)


def people_and_course():
    where = worlds.course(worlds.school())
    people = [worlds.user() for _ in range(5)]
    worlds.moderate(people[2], where)
    return [str(who.pk) for who in people], where


@pytest.mark.parametrize("alone", [True, False])
def test_the_facts_are_the_same_and_the_others_are_not_asked(alone):
    subjects, where = people_and_course()
    lazy, eager = Declared(only_with_rows=True), Declared()
    groups = [[s] for s in subjects] if alone else [subjects]
    for group in groups:
        found = gather(Registry([lazy]), group, using="default")
        assert found == gather(Registry([eager]), group, using="default")
    assert lazy.called == [subjects[2]]
    assert sorted(eager.called) == sorted(subjects)
    assert where.pk


def test_a_watch_that_names_nobody_cannot_say_for_whom_to_call():
    with pytest.raises(DeclarationError, match=r"moderators: only_with_rows=True needs watches"):
        Registry([Declared(only_with_rows=True, watch=[legacy.watch(Profile)])])
