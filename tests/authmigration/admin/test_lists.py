"""The list pages: there for each table, read-only, and as cheap for many rows as for few."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from authmigration.admin import records
from authmigration.models import (
    Assignment,
    AuditEvent,
    BackfillChunk,
    BackfillRun,
    ChangeMark,
    ContextAccess,
    Counter,
    CounterDelta,
    Epoch,
    MappingVersion,
    Mismatch,
    RefreshFamily,
    RefreshToken,
    ServiceClient,
    SubjectState,
    TokenKey,
)
from tests.architecture.source import files, text

MODELS = list(apps.get_app_config("authmigration").get_models())


def rows_of(model, start: int, count: int) -> list:
    """Return rows of a table, with a run for each chunk."""
    now = timezone.now()
    make = {
        Assignment: lambda n: Assignment(
            subject=str(n), context_type="course", context_id="1", role="ta", valid_from=now
        ),
        AuditEvent: lambda n: AuditEvent(actor="a", action="assign", subject=str(n), reason="r"),
        BackfillRun: lambda n: BackfillRun(mapping_hash=f"h{n}", finished_at=now),
        BackfillChunk: lambda n: BackfillChunk(
            run=BackfillRun.objects.create(mapping_hash=f"c{n}", finished_at=now),
            first="1",
            last="2",
            size=1,
        ),
        ChangeMark: lambda n: ChangeMark(subject=str(n), source="s"),
        Counter: lambda n: Counter(name="n", label=str(n)),
        CounterDelta: lambda n: CounterDelta(name="n", label=str(n), delta=1),
        Epoch: lambda n: Epoch(id=n + 2),
        MappingVersion: lambda n: MappingVersion(mapping_hash=str(n), version=n + 1),
        Mismatch: lambda n: Mismatch(
            fingerprint=str(n), kind="lockout", permission="a.b", context_type="course"
        ),
        SubjectState: lambda n: SubjectState(
            subject=str(n), mapping_hash="h", mapping_version=1, epoch=0
        ),
        RefreshFamily: lambda n: RefreshFamily(subject=str(n), expires_at=now),
        RefreshToken: lambda n: RefreshToken(
            family=RefreshFamily.objects.create(subject="1", expires_at=now),
            number=1,
            digest=f"{n:064}",
        ),
        TokenKey: lambda n: TokenKey(algorithm="Ed25519", key_id=str(n)),
        ServiceClient: lambda n: ServiceClient(name=f"p{n}", audience="gradebook"),
        ContextAccess: lambda n: ContextAccess(
            subject=str(n), context_type="course", context_id="1"
        ),
    }[model]
    return [make(number) for number in range(start, start + count)]


def address(model, page="changelist", *args) -> str:
    return reverse(f"admin:authmigration_{model._meta.model_name}_{page}", args=args)


def queries_of(client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_every_table_has_a_page():
    assert {model for model in MODELS if model not in admin.site._registry} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_a_list_costs_as_many_queries_for_many_rows_as_for_few(boss, model, settings):
    # The menu asks what its reader may do, whose flags a test reads at each question.
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "CEILING": "off"}
    model.objects.bulk_create(rows_of(model, 0, 2))
    boss.get(address(model))
    few = queries_of(boss, address(model))
    model.objects.bulk_create(rows_of(model, 2, 40))

    assert queries_of(boss, address(model)) == few <= 3


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_a_row_is_shown_and_can_be_neither_changed_nor_deleted(boss, model):
    (row,) = model.objects.bulk_create(rows_of(model, 0, 1))
    row = model.objects.get(**({"subject": "0"} if model is Assignment else {}))

    shown = boss.get(address(model, "change", row.pk))
    changed = boss.post(address(model, "change", row.pk), {"subject": "9"})
    deleted = boss.post(address(model, "delete", row.pk), {"post": "yes"})

    assert (shown.status_code, changed.status_code, deleted.status_code) == (200, 403, 403)
    assert b'name="_save"' not in shown.content
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("model", [model for model in MODELS if model is not Assignment])
def test_no_row_is_added_by_hand(boss, model):
    assert boss.get(address(model, "add")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_a_table_is_shown_only_to_whom_django_lets_see_it(browser, model):
    name = model._meta.model_name

    assert browser().get(address(model)).status_code == 403
    assert browser(f"view_{name}").get(address(model)).status_code == 200


@pytest.mark.django_db
def test_the_filters_choose_what_they_say(boss):
    rows = rows_of(Assignment, 0, 2)
    rows[1].role, rows[1].source = "student", "courses.Enrolment"
    Assignment.objects.bulk_create(rows)

    for query, found in [
        ("role=ta", "0"),
        ("role=student", "1"),
        ("source=native", "0"),
        ("context_type=course&role=student", "1"),
        ("q=1&role=student", "1"),
    ]:
        content = boss.get(f"{address(Assignment)}?{query}").content.decode()
        assert '<th class="field-subject">' in content
        assert content.count("field-subject") == 1, query
        assert f">{found}</a></th>" in content, query


RECORDED = re.compile(r'record\(\s*"([a-z_]+)"|"action": "([a-z_]+)"|_store\(wanted, "([a-z]+)"')


def test_the_filter_of_the_trail_knows_every_action_that_is_written():
    found = [RECORDED.findall(text(path)) for path in files("authmigration")]
    written = {action for matches in found for match in matches for action in match if action}

    assert written - {"text"} <= set(records.ACTIONS)
    assert {"stage", "retire", "unassign", "migrate_many"} <= written
