"""Which connection is read over, and what stands apart from the caller's transaction."""

import pytest
from django.db import transaction

from feature_flags import (
    Flag,
    FlagSubject,
    Source,
    current_snapshot,
    evaluate,
    own_connection,
    refresh_now,
    set_percentage,
)
from feature_flags.errors import OwnConnectionImpossible
from feature_flags.models import FlagOptions, Rule

FLAG = Flag("connected")
SOMEONE = FlagSubject("1")
BY = {"actor": "test", "reason": "to see"}


@pytest.mark.django_db(transaction=True)
def test_an_own_connection_stays_apart_from_the_callers_transaction():
    with transaction.atomic():
        with own_connection() as own, own.cursor() as cursor:
            cursor.execute(
                "INSERT INTO feature_flags_flagoptions (flag, prerequisite, salt) "
                "VALUES ('apart', '', '')"
            )
        transaction.set_rollback(True)
    assert FlagOptions.objects.filter(flag="apart").exists()
    assert own.connection is None


def test_a_database_in_memory_is_read_over_the_callers_connection(db, monkeypatch, settings):
    settings.FEATURE_FLAGS = {"SNAPSHOT_SECONDS": 0}
    monkeypatch.setattr("feature_flags.store.in_memory", lambda connection: True)
    monkeypatch.setattr("feature_flags.connections.in_memory", lambda connection: True)

    set_percentage(FLAG, 10_000, **BY)

    assert evaluate(current_snapshot(), FLAG, SOMEONE)
    with pytest.raises(OwnConnectionImpossible, match="lives in memory"), own_connection():
        pass


def test_a_read_over_the_callers_connection_leaves_its_transaction_whole(db, monkeypatch):
    def broken(connection):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    with monkeypatch.context() as patch:
        patch.setattr("feature_flags.store.read_content", broken)
        assert refresh_now().source is Source.SAFE

    assert Rule.objects.count() == 0
    assert refresh_now().source is Source.STORE
