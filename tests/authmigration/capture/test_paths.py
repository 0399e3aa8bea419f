"""Users behind other tables, on either engine."""

import pytest

from authmigration.legacy import watch
from monolith.accounts.models import Person, User
from monolith.schools.models import School, SchoolStaff

STAFF = watch(SchoolStaff, user="person__user", columns=["position"])


@pytest.fixture
def school(db):
    return School.objects.create(name="north")


def name(*users):
    return sorted(str(user.pk) for user in users)


def test_the_user_is_found_behind_other_tables(install, marked, anna, school):
    person = Person.objects.create(user=anna, full_name="Anna", staff_number="1")
    install(STAFF)

    staff = SchoolStaff.objects.create(person=person, school=school, position="principal")
    created = marked()
    SchoolStaff.objects.update(position="secretary")
    changed = marked()
    staff.delete()

    assert (created, changed, marked()) == (name(anna), name(anna), name(anna))


@pytest.mark.parametrize("rows", [100, 101])
def test_a_large_statement_finds_everybody_behind_other_tables(install, marked, school, rows):
    people = [
        Person.objects.create(
            user=User.objects.create(username=f"u{n}"), full_name="x", staff_number=str(n)
        )
        for n in range(rows)
    ]
    install(STAFF)

    SchoolStaff.objects.bulk_create(
        SchoolStaff(person=person, school=school, position="principal") for person in people
    )
    created = marked()
    SchoolStaff.objects.update(position="secretary")
    changed = marked()
    SchoolStaff.objects.update(school=School.objects.create(name="south"))

    everybody = sorted(str(person.user_id) for person in people)
    assert (created, changed, marked()) == (everybody, everybody, [])


def test_a_row_of_somebody_without_an_account_marks_nobody(install, marked, school):
    person = Person.objects.create(full_name="Carl", staff_number="2")
    install(STAFF)

    SchoolStaff.objects.create(person=person, school=school, position="principal")

    assert marked() == []


def test_a_person_given_to_another_user_marks_both(install, marked, anna, bert, school):
    person = Person.objects.create(user=anna, full_name="Anna", staff_number="1")
    SchoolStaff.objects.create(person=person, school=school, position="principal")
    install(STAFF)

    Person.objects.filter(pk=person.pk).update(user=bert)

    assert marked() == name(anna, bert)


def test_a_renamed_person_marks_nobody(install, marked, anna):
    Person.objects.create(user=anna, full_name="Anna", staff_number="1")
    install(STAFF)

    Person.objects.update(full_name="Anna B.")

    assert marked() == []


def test_a_row_moved_to_another_person_marks_both(install, marked, anna, bert, school):
    people = [
        Person.objects.create(user=user, full_name=user.username, staff_number=user.username)
        for user in (anna, bert)
    ]
    SchoolStaff.objects.create(person=people[0], school=school, position="principal")
    install(STAFF)

    SchoolStaff.objects.update(person=people[1])

    assert marked() == name(anna, bert)
