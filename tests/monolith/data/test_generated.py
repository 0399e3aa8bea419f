from collections import Counter

import pytest

from monolith.data import OULAD_STUDENTS, generate


@pytest.fixture(scope="module")
def full_size():
    return generate()


def test_at_full_size_the_figures_are_those_of_oulad(full_size):
    registrations = full_size.registrations
    assert len(full_size.students) == OULAD_STUDENTS == 28_785
    assert len(full_size.presentations) == 22
    assert len(registrations) == 32_593
    assert sum(row.withdrawn for row in registrations) == 10_072
    assert sum(row.registered_on is None for row in registrations) == 45


def test_at_full_size_one_student_has_five_registrations(full_size):
    by_student = Counter(row.student for row in full_size.registrations)
    assert Counter(by_student.values()) == {1: 25_247, 2: 3_293, 3: 221, 4: 23, 5: 1}


def test_every_presentation_has_hundreds_of_registrations_and_a_code_of_its_own(full_size):
    sizes = Counter(row.presentation for row in full_size.registrations)
    assert set(sizes) == set(range(22))
    assert min(sizes.values()) > 300
    assert len({presentation.code for presentation in full_size.presentations}) == 22


def test_nobody_registers_twice_for_one_presentation(full_size):
    pairs = {(row.student, row.presentation) for row in full_size.registrations}
    assert len(pairs) == len(full_size.registrations)


def test_usernames_are_unique(full_size):
    assert len({student.username for student in full_size.students}) == OULAD_STUDENTS


def test_the_same_number_of_users_gives_the_same_intake():
    assert generate(300) == generate(300)


@pytest.mark.parametrize("users", [1, 2, 10, 300, 60_000])
def test_the_figures_scale_with_the_users(users):
    intake = generate(users)
    assert len(intake.students) == users
    assert {row.student for row in intake.registrations} == set(range(users))
    assert max(Counter(row.student for row in intake.registrations).values()) == 5
    share = len(intake.registrations) / users
    assert share == pytest.approx(32_593 / 28_785, rel=0.05) or users < 300
    withdrawn = sum(row.withdrawn for row in intake.registrations)
    assert withdrawn == len(intake.registrations) * 10_072 // 32_593


@pytest.mark.parametrize("users", [0, -5])
def test_a_platform_without_students_is_refused(users):
    with pytest.raises(ValueError, match=f"users={users}: a platform wants"):
        generate(users)
