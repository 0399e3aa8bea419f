import pytest

from feature_flags import Kind
from feature_flags.cohort_forms import check_cohort_name, parse_cohort, percentage, read_cohort
from feature_flags.errors import InvalidCohort


@pytest.mark.parametrize(
    ("text", "kind", "name", "parameters"),
    [
        ("everyone", Kind.EVERYONE, "everyone", {}),
        ("25%", Kind.PERCENTAGE, "25%", {"basis_points": 2_500}),
        ("25.0%", Kind.PERCENTAGE, "25%", {"basis_points": 2_500}),
        ("0.01%", Kind.PERCENTAGE, "0.01%", {"basis_points": 1}),
        ("100%", Kind.PERCENTAGE, "100%", {"basis_points": 10_000}),
        ("unit:school:7", Kind.UNIT, "unit:school:7", {"units": ["school:7"]}),
        (
            "group:The registrars",
            Kind.GROUP,
            "group:The registrars",
            {"groups": ["The registrars"]},
        ),
        ("subject:123", Kind.SUBJECTS, "subject:123", {"subjects": ["123"]}),
        (
            "subject:service:payments",
            Kind.SUBJECTS,
            "subject:service:payments",
            {"subjects": ["service:payments"]},
        ),
    ],
)
def test_a_text_is_read_as_a_cohort_and_stored_so_that_it_reads_the_same(
    text, kind, name, parameters
):
    cohort = parse_cohort(text)

    assert (cohort.kind, cohort.name, cohort.parameters()) == (kind, name, parameters)
    assert read_cohort(cohort.name, cohort.kind, cohort.parameters()) == cohort


def test_a_plain_word_can_only_be_the_name_of_a_row():
    assert parse_cohort("pilot-schools") is None


@pytest.mark.parametrize(
    "text",
    ["-1%", "100.01%", "101%", "1.234%", "x%", "%", "unit:", "user:7", ":7", "group:" + "x" * 200],
)
def test_a_text_that_goes_on_wrongly_is_refused(text):
    with pytest.raises(InvalidCohort):
        parse_cohort(text)


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        ("school", {}, "unknown kind 'school'. Known: everyone, unit"),
        ("unit", {}, r"wants the parameters \['units'\]"),
        ("unit", {"units": ["a"], "more": 1}, r"wants the parameters \['units'\]"),
        ("unit", ["a"], r"wants the parameters \['units'\]"),
        ("everyone", {"units": ["a"]}, "wants the parameters none"),
        ("unit", {"units": []}, "at least one text"),
        ("unit", {"units": "school:7"}, "is a list"),
        ("subjects", {"subjects": [1]}, "1 is no text"),
        ("subjects", {"subjects": [str(n) for n in range(1_001)]}, "at most 1000"),
        ("percentage", {"basis_points": 10_001}, "from 0 to 10000"),
        ("percentage", {"basis_points": True}, "from 0 to 10000"),
        ("percentage", {"basis_points": 2.5}, "from 0 to 10000"),
        ("attribute", {"values": ["DE"]}, r"\['name', 'values'\]"),
        ("attribute", {"name": "", "values": ["DE"]}, "is no text"),
    ],
)
def test_parameters_of_another_form_are_refused_by_name(kind, parameters, message):
    with pytest.raises(InvalidCohort, match=message):
        read_cohort("pilot", kind, parameters)


@pytest.mark.parametrize(
    "name", ["everyone", "25%", "unit:school:7", "", "a b", "-a", "x" * 201, None]
)
def test_a_name_that_could_be_taken_for_a_form_is_refused(name):
    with pytest.raises(InvalidCohort, match="cannot name a cohort"):
        check_cohort_name(name)


@pytest.mark.parametrize("size", [-1, 10_001, 2.5, "25", None, True])
def test_a_percentage_is_whole_basis_points(size):
    with pytest.raises(InvalidCohort, match="basis points"):
        percentage(size)
