import pytest

from feature_flags import admit, change_cohort, cohort_of, create_cohort, delete_cohort, remove
from feature_flags.errors import CohortExists, CohortInUse, InvalidCohort, UnknownCohort
from feature_flags.models import Cohort, FlagEvent

pytestmark = pytest.mark.django_db
BY = {"actor": "anna", "reason": "a pilot"}
PILOT = {"units": ["school:7", "school:8"]}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("everyone", "everyone"),
        ("25%", "percentage"),
        ("unit:school:7", "unit"),
        ("group:registrars", "group"),
        ("subject:123", "subjects"),
    ],
)
def test_a_form_that_needs_no_row_gets_one_and_keeps_it(text, kind):
    row = cohort_of(text)

    assert (row.name, row.kind) == (text, kind)
    assert cohort_of(text).pk == row.pk


def test_an_unknown_name_is_refused_with_the_names_that_exist():
    create_cohort("pilot-schools", "unit", PILOT, **BY)

    with pytest.raises(UnknownCohort, match=r"Did you mean 'pilot-schools'.*unit:<type>:<id>"):
        cohort_of("pilot-school")
    assert cohort_of("pilot-schools").parameters == PILOT


def test_a_cohort_is_made_changed_and_deleted_with_its_history():
    create_cohort("pilot", "unit", PILOT, **BY)
    change_cohort("pilot", {"units": ["school:9"]}, **BY)
    delete_cohort("pilot", **BY)

    events = FlagEvent.objects.order_by("id")
    assert [event.action for event in events] == ["create", "change", "delete"]
    assert [event.target_type for event in events] == ["cohort"] * 3
    assert events[1].before == {"kind": "unit", "parameters": PILOT}
    assert events[1].after == {"kind": "unit", "parameters": {"units": ["school:9"]}}
    assert events[2].after == {}


def test_a_cohort_that_rules_use_stays_and_says_where():
    create_cohort("pilot", "unit", PILOT, **BY)
    admit("first", "pilot", **BY)
    admit("second", "pilot", **BY)

    with pytest.raises(CohortInUse, match="used by rules of first, second") as raised:
        delete_cohort("pilot", **BY)
    assert raised.value.flags == ["first", "second"]

    remove("first", "pilot", **BY)
    remove("second", "pilot", **BY)
    delete_cohort("pilot", **BY)
    assert not Cohort.objects.exists()


def test_a_name_is_given_once():
    create_cohort("pilot", "unit", PILOT, **BY)

    with pytest.raises(CohortExists):
        create_cohort("pilot", "everyone", **BY)


def test_what_cannot_be_read_is_not_written():
    with pytest.raises(InvalidCohort):
        create_cohort("pilot", "unit", {"units": "school:7"}, **BY)
    create_cohort("pilot", "unit", PILOT, **BY)
    with pytest.raises(InvalidCohort):
        change_cohort("pilot", {"groups": ["a"]}, **BY)
    with pytest.raises(UnknownCohort):
        change_cohort("pilots", PILOT, **BY)
    with pytest.raises(UnknownCohort):
        delete_cohort("pilots", **BY)

    assert Cohort.objects.get().parameters == PILOT
    assert FlagEvent.objects.count() == 1
