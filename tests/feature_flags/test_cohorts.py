import pytest

from feature_flags.cohort_forms import parse_cohort, read_cohort
from tests.feature_flags.worlds import subject

SALT = "s"


@pytest.mark.parametrize(
    ("cohort", "member", "stranger"),
    [
        (parse_cohort("everyone"), subject("1"), None),
        (parse_cohort("subject:1"), subject("1"), subject("2")),
        (parse_cohort("unit:school:7"), subject("1", "school:7"), subject("1", "school:8")),
        (parse_cohort("unit:school:7"), subject("1", "school:8", "school:7"), subject("1")),
        (parse_cohort("unit:subject:1"), subject("1"), subject("1", "school:7")),
        (parse_cohort("group:a"), subject(groups=["a", "b"]), subject(groups=["b"])),
        (parse_cohort("100%"), subject("1"), subject("")),
        (parse_cohort("100%"), subject("1", "school:7"), None),
    ],
)
def test_a_cohort_has_its_members_and_nobody_else(cohort, member, stranger):
    assert cohort.has(member, SALT)
    assert stranger is None or not cohort.has(stranger, SALT)


@pytest.mark.parametrize(
    ("value", "inside"),
    [("DE", True), (["FR", "DE"], True), ({"AT"}, True), ("FR", False), (None, False), ([], False)],
)
def test_an_attribute_cohort_takes_one_value_or_one_of_several(value, inside):
    cohort = read_cohort("dach", "attribute", {"name": "country", "values": ["DE", "AT", "CH"]})

    assert cohort.has(subject(attributes={"country": value}), SALT) is inside


def test_an_attribute_that_the_host_does_not_give_is_nobodys():
    cohort = read_cohort("dach", "attribute", {"name": "country", "values": ["DE"]})

    assert not cohort.has(subject(), SALT)


def test_a_number_is_compared_by_its_text():
    cohort = read_cohort("first", "attribute", {"name": "year", "values": ["1"]})

    assert cohort.has(subject(attributes={"year": 1}), SALT)
