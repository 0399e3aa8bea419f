"""Snapshots and subjects made by hand, for what needs no database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

from feature_flags import FlagSubject, Snapshot, Source, Traits
from feature_flags.content import Content, OptionsRow, SwitchRow, WaffleRow

EMPTY = Snapshot(Content(), monotonic(), Source.STORE)


def with_content(snapshot: Snapshot = EMPTY, **parts: Mapping[str, object]) -> Snapshot:
    return replace(snapshot, content=replace(snapshot.content, **parts), plans={})


def with_waffle(flag: object, snapshot: Snapshot = EMPTY, **columns: object) -> Snapshot:
    return with_content(snapshot, waffle={str(flag): WaffleRow(**columns)})


def with_options(flag: object, snapshot: Snapshot = EMPTY, **options: object) -> Snapshot:
    return with_content(snapshot, options={str(flag): OptionsRow(**options)})


def killed(switch: str, snapshot: Snapshot = EMPTY) -> Snapshot:
    now = datetime.now(UTC)
    return with_content(snapshot, switches={switch: SwitchRow(True, "a fire", "ops", now, now)})


def subject(name: str = "1", *units: str, **traits: object) -> FlagSubject:
    return FlagSubject(name, lambda: units, lambda: Traits(**traits))
