"""How many statements a first access takes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authmigration import registry
from authmigration.assignments import synchronise
from authmigration.selectors import load
from tests.authmigration import worlds
from tests.authmigration.rows import know_the_mapping, roles

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def everybodys_shapes():
    anna = worlds.user(is_teacher=True, is_superuser=True)
    north = worlds.school()
    algebra = worlds.course(north, owner=anna)
    worlds.enrol(anna, algebra)
    worlds.assist(anna, algebra)
    worlds.staff(anna, north)
    worlds.bursar(anna, north)
    worlds.registrar(anna)
    return anna


def test_a_first_access_with_the_declared_tables_takes_six_statements():
    anna = everybodys_shapes()
    subject = str(anna.pk)
    with registry.override(worlds.tables_only()):
        know_the_mapping()
        with CaptureQueriesContext(connection) as queries:
            known = load([subject], using="default")
            synchronise([subject], using="default", reason="first access", known=known)

    said = [query["sql"] for query in queries]
    assert len(roles(anna)) == 7
    assert len(said) <= 6, said
    assert (said[1], said[-1]) == ("BEGIN", "COMMIT")


def test_a_user_more_in_a_chunk_costs_no_statement_more():
    people = [str(everybodys_shapes().pk) for _ in range(6)]
    with registry.override(worlds.tables_only()):
        know_the_mapping()
        counts = []
        for chunk in (people[:1], people[1:]):
            with CaptureQueriesContext(connection) as queries:
                synchronise(chunk, using="default", reason="backfill", bulk=True)
            counts.append(len(queries))

    assert counts[0] == counts[1] <= 6
