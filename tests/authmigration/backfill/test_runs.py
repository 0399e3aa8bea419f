"""One run for a mapping; its chunks cover everybody once, whoever cuts them."""

import threading

import pytest
from django.db import connection

from authmigration import assignments, registry
from authmigration.backfill import OlderMapping, keys, runs
from authmigration.models import BackfillChunk, BackfillRun, MappingVersion
from tests.authmigration import worlds

from .crowds import crowd, subjects

pytestmark = pytest.mark.django_db(transaction=True)


def opened():
    return runs.open_run(using="default")


def cut_all(run, size):
    while runs.lease(run, using="default", size=size):
        pass


def covered():
    """Return everybody in every chunk, in the order of the chunks."""
    chunks = BackfillChunk.objects.order_by("id")
    found = [keys.between("", c.first, c.last, using="default", most=10_000) for c in chunks]
    assert [len(each) for each in found] == [c.size for c in chunks]
    return [subject for each in found for subject in each]


@pytest.mark.parametrize("size", [1, 7, 25, 50, 51])
def test_the_chunks_cover_everybody_once(size):
    crowd(50)
    run = opened()

    cut_all(run, size)

    run.refresh_from_db()
    assert covered() == subjects()
    assert (run.cut_all, run.total) == (True, 50)


def test_a_platform_without_users_has_no_chunks():
    run = opened()

    cut_all(run, 10)

    assert runs.finish(run, using="default")
    assert BackfillChunk.objects.count() == 0


def test_of_two_planners_that_saw_the_same_cursor_one_cuts():
    crowd(50)
    one, other = opened(), opened()
    assert one.cursor == other.cursor
    found = keys.after(one.cursor, using="default", most=10)

    assert runs._moved(one, found, 10, "default")
    assert not runs._moved(other, found, 10, "default")


@pytest.mark.postgres
def test_many_planners_at_once_cut_no_range_twice():
    crowd(300)
    run, start = opened(), threading.Barrier(6)

    def plan():
        own = BackfillRun.objects.get(pk=run.pk)
        start.wait()
        cut_all(own, 7)
        connection.close()

    threads = [threading.Thread(target=plan) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(covered(), key=int) == subjects()


def test_whoever_comes_second_joins_the_open_run():
    assert opened().pk == opened().pk


@pytest.mark.postgres
def test_of_many_who_begin_at_once_all_have_the_same_run():
    start, found = threading.Barrier(6), []

    def begin():
        start.wait()
        found.append(opened().pk)
        connection.close()

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(found) == 6
    assert set(found) == {BackfillRun.objects.get().pk}


def test_a_run_is_finished_once_its_last_chunk_is_done():
    crowd(20)
    run = opened()
    first, second = (runs.lease(run, using="default", size=10) for _ in range(2))
    assert not runs.finish(run, using="default")
    runs.leases.complete(second, using="default")
    assert runs.lease(run, using="default", size=10) is None
    assert not runs.finish(run, using="default")

    runs.leases.complete(first, using="default")

    assert runs.finish(run, using="default")
    assert not runs.finish(run, using="default")
    assert runs.is_finished(run, using="default")


def test_a_newer_release_ends_the_run_of_an_older_one():
    crowd(20)
    old = opened()
    held = runs.lease(old, using="default", size=10)
    with registry.override(worlds.tables_only()):
        new = opened()

    assert new.pk != old.pk
    assert runs.lease(old, using="default", size=10) is None
    with pytest.raises(OlderMapping, match="was ended before all users were through"):
        runs.require_whole(old, using="default")
    runs.leases.complete(held, using="default")


def test_an_older_release_is_refused_and_told_what_to_do():
    opened()
    with registry.override(worlds.tables_only()):
        opened()

    with pytest.raises(OlderMapping, match="authz_backfill --adopt-mapping"):
        opened()

    assignments.adopt(registry.get().mapping_hash, using="default")
    assert opened().mapping_hash == registry.get().mapping_hash
    assert MappingVersion.objects.get(mapping_hash=registry.get().mapping_hash).version == 3
