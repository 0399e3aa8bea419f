"""Turn off at once everything that names a kill switch; nothing else changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from . import conf
from .content import Content, SwitchRow
from .declarations import declared_switches
from .errors import StoreUnreachable, UnknownKillSwitch
from .history import Actor, State, Target, recorded, who
from .models import KillSwitch
from .outside import STARTED, KillFile, variable_of
from .plans import killers
from .snapshot import Snapshot
from .store import current_snapshot


@dataclass(frozen=True, slots=True)
class KillState:
    """Whether a kill switch is on, and what holds it on; true while it kills.

    Attributes:
        name: of the switch.
        on: whether it kills.
        by: what holds it on: ``environment``, ``file``, ``row``; each suffices.
        reason: why, in words; empty while it is off.
        since: when the first of them began to kill; None while it is off.
        changed_at: when the row was last turned; it only ever grows. None without a row.

    """

    name: str
    on: bool
    by: tuple[str, ...]
    reason: str
    since: datetime | None
    changed_at: datetime | None

    def __bool__(self) -> bool:
        return self.on

    def __str__(self) -> str:
        if not self.on:
            return f"{self.name} is not killed"
        return f"{self.name} is killed by {', '.join(self.by)}: {self.reason}"


def kill(name: str, *, actor: Actor, reason: str, channel: str = "code") -> KillState:
    """Turn every flag of this switch off, for everybody, in every process within a second.

    Args:
        name: of the switch, as flags declare it.
        actor: who kills.
        reason: why.
        channel: by which way.

    Raises:
        UnknownKillSwitch: no flag declares it.
        MissingActor: nobody is named.
        MissingReason: the reason is blank.
        StoreUnreachable: the database cannot be written; the message names the ways without it.

    """
    try:
        return _turn(name, actor, reason, channel, on=True)
    except StoreUnreachable as error:
        path = conf.get().kill_file or "FEATURE_FLAGS['KILL_FILE']"
        raise StoreUnreachable(
            f"{error} To kill without it, create the file {path}, or start the processes with "
            f"{variable_of(name)}=1."
        ) from error


def lift(name: str, *, actor: Actor, reason: str, channel: str = "code") -> KillState:
    """Take the row's kill back. The state returned says whether something else still kills.

    Args:
        name: of the switch, as flags declare it.
        actor: who lifts it.
        reason: why.
        channel: by which way.

    Raises:
        UnknownKillSwitch: no flag declares it.
        MissingActor: nobody is named.
        MissingReason: the reason is blank.
        StoreUnreachable: the database cannot be written; nothing was changed.

    """
    return _turn(name, actor, reason, channel, on=False)


def kill_state(name: str, snapshot: Snapshot | None = None) -> KillState:
    """Return whether a switch kills, by a snapshot; works without the database.

    Args:
        name: of the switch.
        snapshot: None: the current one.

    """
    seen = snapshot or current_snapshot()
    rows = seen.content or Content()
    return _state(name, rows.switches.get(name), seen.kill_file)


def _turn(name: str, actor: Actor, reason: str, channel: str, *, on: bool) -> KillState:
    by = who(actor, reason, channel)
    rows = KillSwitch.objects.using(conf.get().database).filter(name=name)
    target = Target(
        "kill_switch", name, lambda: rows.update(name=F("name")), lambda: _row_state(name)
    )
    with recorded(by, "kill" if on else "lift", target):
        row = _write_row(name, by.reason, by.actor, on=on)
    return _state(name, row, current_snapshot().kill_file)


def _write_row(name: str, reason: str, actor: str, *, on: bool) -> SwitchRow:
    switches = KillSwitch.objects.using(conf.get().database)
    row = switches.filter(name=name).first()
    if row is None and name not in declared_switches():
        known = switches.values_list("name", flat=True)
        raise UnknownKillSwitch(name, declared_switches().union(known))
    now = timezone.now()
    if row is None or row.on is not on:
        later = max(now, row.changed_at + timedelta(microseconds=1)) if row else now
        turned = {"on": on, "at": now, "changed_at": later}
    else:
        turned = {}
    row, _ = switches.update_or_create(
        name=name, defaults={**turned, "reason": reason, "actor": actor}
    )
    return SwitchRow(row.on, row.reason, row.actor, row.at, row.changed_at)


def _row_state(name: str) -> State:
    row = KillSwitch.objects.using(conf.get().database).filter(name=name).first()
    return {"on": row.on, "reason": row.reason} if row else {"on": False}


def _state(name: str, row: SwitchRow | None, kill_file: KillFile | None) -> KillState:
    rows = Content(switches={name: row} if row else {})
    by = killers(name, rows, kill_file)
    why = {
        "environment": (f"the environment holds {variable_of(name)}", STARTED),
        "file": (f"the file {kill_file.path} exists", kill_file.since) if kill_file else None,
        "row": (row.reason, row.at) if row else None,
    }
    causes = [cause for cause in map(why.get, by) if cause]
    return KillState(
        name=name,
        on=bool(by),
        by=by,
        reason="; ".join(words for words, _ in causes),
        since=min((since for _, since in causes), default=None),
        changed_at=row.changed_at if row else None,
    )
