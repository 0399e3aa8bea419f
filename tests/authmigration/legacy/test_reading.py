"""What the values of a table amount to, and what happens to those that nobody mapped."""

from datetime import UTC, date, datetime

import pytest

from auth_lib import Context, Effect
from authmigration import ContextType, Role, legacy
from authmigration.assignments.gathering import facts_of, gather
from authmigration.errors import UnmappedLegacyValue
from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from monolith.payments.models import Bursar
from monolith.schools.models import SchoolStaff
from tests.authmigration import worlds
from tests.authmigration.legacy.declaring import BOSS, HEAD, STUDENT, TEACHER, declared

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def anna(db):
    return worlds.user()


@pytest.fixture
def algebra(db):
    return worlds.course(worlds.school())


def table(model=Enrolment, **given):
    return legacy.table(model, **{"user": "student", "context": "course", **given})


def yielded(source, *people):
    """Return what one source yields for each: its facts, or the error."""
    found = gather(declared(source), [str(each.pk) for each in people], using="default")
    read = [found[str(each.pk)] for each in people]
    return [each.failure or {fact for _, fact in each.facts} for each in read]


def test_an_unmapped_value_names_source_column_value_and_mend(anna, algebra):
    worlds.enrol(anna, algebra, 10)

    (failure,) = yielded(table(role="kind", roles={5: STUDENT}), anna)

    assert isinstance(failure, UnmappedLegacyValue)
    assert (failure.source, failure.value) == ("courses.Enrolment", "10")
    assert str(failure) == (
        "Source courses.Enrolment: the column 'kind' holds '10', which is neither mapped nor "
        "ignored. Add it to roles={...}, or to ignore={...} with a reason."
    )


def test_an_unmapped_value_of_one_user_leaves_the_others(anna, algebra):
    bert = worlds.user()
    worlds.enrol(anna, algebra, 10)
    worlds.enrol(bert, algebra, 5)

    failure, facts = yielded(table(role="kind", roles={5: STUDENT}), anna, bert)

    assert isinstance(failure, UnmappedLegacyValue)
    assert facts == {STUDENT.at(algebra.pk)}


def test_one_unmapped_row_spoils_the_good_rows_of_its_user(anna, algebra):
    worlds.enrol(anna, algebra, 5)
    worlds.enrol(anna, algebra, 10)
    source = table(role="kind", roles={5: STUDENT})

    with pytest.raises(UnmappedLegacyValue):
        facts_of(gather(declared(source), [str(anna.pk)], using="default")[str(anna.pk)])


def test_an_ignored_value_yields_nothing(anna, algebra):
    worlds.enrol(anna, algebra, 10)

    assert yielded(table(role="kind", roles={5: STUDENT}, ignore={10: "reads only"}), anna) == [
        set()
    ]


@pytest.mark.parametrize("code", [10, "10"])
def test_a_number_may_be_written_as_a_text(anna, algebra, code):
    worlds.enrol(anna, algebra, 10)

    assert yielded(table(role="kind", roles={code: STUDENT}), anna) == [{STUDENT.at(algebra.pk)}]


@pytest.mark.parametrize("code", [10, "10"])
def test_a_text_may_be_written_as_a_number(anna, code):
    mine = worlds.course(worlds.school(), owner=anna)
    Course.objects.filter(pk=mine.pk).update(code="10")
    source = legacy.table(Course, user="owner", context="pk", role="code", roles={code: TEACHER})

    assert yielded(source, anna) == [{TEACHER.at(mine.pk)}]


@pytest.mark.parametrize(("flag", "facts"), [(True, {BOSS.at()}), (False, set())])
def test_a_boolean_is_mapped_like_any_value(db, flag, facts):
    who = worlds.user(is_staff=flag)
    source = legacy.table(
        User, user="pk", role="is_staff", roles={True: BOSS}, ignore={False: "most people"}
    )

    assert yielded(source, who) == [facts]


def test_an_empty_value_is_mapped_or_ignored_too(anna, algebra):
    worlds.enrol(anna, algebra, registered_on=None)
    day = date(2030, 1, 1)

    unmapped, ignored = table(role="registered_on", roles={day: STUDENT}), {None: "never came"}

    (failure,) = yielded(unmapped, anna)
    assert isinstance(failure, UnmappedLegacyValue)
    assert yielded(table(role="registered_on", roles={day: STUDENT}, ignore=ignored), anna) == [
        set()
    ]


def test_an_empty_text_is_a_value_like_any(anna):
    worlds.course(worlds.school(), owner=anna)
    Course.objects.update(code="")
    source = legacy.table(Course, user="owner", context="pk", role="code", roles={"": TEACHER})

    (facts,) = yielded(source, anna)
    assert len(facts) == 1


def test_a_value_may_mean_a_refusal(anna, algebra):
    worlds.enrol(anna, algebra, status="withdrawn")
    source = table(
        role="status",
        roles={"active": STUDENT, "withdrawn": legacy.refusal(STUDENT)},
        ignore={"pending": "not yet"},
    )

    assert yielded(source, anna) == [{STUDENT.refused_at(algebra.pk)}]


def test_a_whole_table_may_mean_a_refusal(anna, algebra):
    worlds.enrol(anna, algebra)

    (facts,) = yielded(table(role=legacy.refusal(STUDENT)), anna)
    assert {fact.effect for fact in facts} == {Effect.REFUSE}


def test_a_last_day_counts_to_its_end(anna, algebra):
    worlds.enrol(anna, algebra, registered_on=date(2030, 1, 1))

    ((fact,),) = yielded(table(role=STUDENT, valid_until="registered_on"), anna)

    assert fact.valid_until == datetime(2030, 1, 2, tzinfo=UTC)
    assert fact.holds_at(datetime(2030, 1, 1, 23, 59, 59, 999_999, tzinfo=UTC))
    assert not fact.holds_at(datetime(2030, 1, 2, tzinfo=UTC))


def test_a_first_day_counts_from_its_beginning(anna, algebra):
    worlds.enrol(anna, algebra, registered_on=date(2030, 1, 1))

    ((fact,),) = yielded(table(role=STUDENT, valid_from="registered_on"), anna)

    assert fact.valid_from == datetime(2030, 1, 1, tzinfo=UTC)


def test_a_day_is_one_of_the_hosts_time_zone(anna, algebra, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    worlds.enrol(anna, algebra, registered_on=date(2030, 7, 1))

    ((fact,),) = yielded(
        table(role=STUDENT, valid_from="registered_on", valid_until="registered_on"), anna
    )

    assert fact.valid_from == datetime(2030, 6, 30, 22, tzinfo=UTC)
    assert fact.valid_until == datetime(2030, 7, 1, 22, tzinfo=UTC)


@pytest.mark.parametrize("microsecond", [0, 1, 500_000, 120_000])
def test_a_moment_is_read_to_the_microsecond_in_any_time_zone(anna, algebra, settings, microsecond):
    settings.TIME_ZONE = "Asia/Kathmandu"
    ends = NOON.replace(microsecond=microsecond)
    worlds.enrol(anna, algebra, ends_at=ends)

    ((fact,),) = yielded(table(role=STUDENT, valid_until="ends_at"), anna)

    assert fact.valid_until == ends


def test_an_interval_of_a_table_is_half_open(anna, algebra):
    worlds.enrol(anna, algebra, ends_at=NOON)

    ((fact,),) = yielded(table(role=STUDENT, valid_until="ends_at"), anna)

    assert fact.holds_at(NOON.replace(hour=11))
    assert not fact.holds_at(NOON)


def test_a_context_may_have_a_uuid(anna):
    post = worlds.staff(anna, worlds.school())
    holder = Role("holder", on="post", can={"post.view"})
    kind = ContextType("post", SchoolStaff, parent="school")
    source = legacy.table(SchoolStaff, user="person__user", context="pk", role=holder)

    found = gather(declared(source, kind, HOLDER=holder), [str(anna.pk)], using="default")[
        str(anna.pk)
    ]

    assert {fact.context for _, fact in found.facts} == {Context("post", str(post.pk))}


def test_a_row_whose_context_is_empty_yields_nothing(anna, algebra):
    worlds.enrol(anna, algebra)
    tutor = Role("tutor", on="person", can={"person.view"})
    kind = ContextType("person", User)
    source = table(context="course__owner", role=tutor)
    registry = declared(source, kind, TUTOR=tutor)

    without = gather(registry, [str(anna.pk)], using="default")[str(anna.pk)]
    Course.objects.update(owner=anna)
    owned = gather(registry, [str(anna.pk)], using="default")[str(anna.pk)]

    assert without.facts == ()
    assert {fact for _, fact in owned.facts} == {tutor.at(anna.pk)}


def test_hidden_rows_are_read_too_since_the_default_manager_is_not_asked(anna):
    north = worlds.school()
    worlds.bursar(anna, north, deleted_at=NOON)

    (facts,) = yielded(legacy.table(Bursar, user="user", context="school", role=HEAD), anna)

    assert not Bursar.objects.exists()
    assert facts == {HEAD.at(north.pk)}
