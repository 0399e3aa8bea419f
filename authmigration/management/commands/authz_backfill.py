"""The command ``authz_backfill``: migrates all users, and follows those who became stale."""

from __future__ import annotations

import io
import signal
import sys
import threading
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, NoReturn, TextIO

from django.core.management.base import CommandError

from ... import assignments, backfill, conf, registry
from ...backfill import Run
from ...backfill.display import LINE_SECONDS, Display
from ..command import AuthzCommand

WATCH_SECONDS = 0.5
TERMINATED = 128 + signal.SIGTERM
CELERY_WORKERS = 2


class Command(AuthzCommand):
    """Migrate all users, chunk by chunk; interrupted or killed, run it again and it goes on."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--workers",
            type=_positive,
            metavar="N",
            help="how many work at once: threads of this process (1 unless told), or with "
            f"--celery messages ({CELERY_WORKERS} unless told)",
        )
        parser.add_argument(
            "--chunk-size",
            type=_positive,
            metavar="N",
            help="how many users a worker of this process leases at once; "
            "AUTHMIGRATION['CHUNK_SIZE'] unless told",
        )
        parser.add_argument(
            "--celery",
            action="store_true",
            help="let Celery workers do it; this command sends them messages and watches",
        )
        parser.add_argument(
            "--line-every",
            type=float,
            default=LINE_SECONDS,
            metavar="SECONDS",
            help="how often to write a line where no terminal listens; %(default)s unless told",
        )
        _add_stale(parser)

    def handle(self, *, stale: bool, celery: bool, adopt_mapping: bool, **options: Any) -> None:
        """Do what was asked for, and say what came of it."""
        if options["every"] and not stale:
            raise CommandError("--every goes with --stale only.")
        if stale and celery:
            raise CommandError(
                "--stale works in this process; Celery does it where beat sends "
                "authmigration.resync_stale."
            )
        if adopt_mapping:
            self._adopt()
        with _terminable():
            try:
                self._dispatch(stale=stale, celery=celery, **options)
            except KeyboardInterrupt:
                raise CommandError(
                    "Interrupted; nothing is lost. Run it again and it goes on where it stopped.",
                    returncode=130,
                ) from None

    def _dispatch(self, *, stale: bool, celery: bool, **options: Any) -> None:
        if stale:
            self._follow(options["every"])
        elif celery:
            self._by_messages(options["workers"] or CELERY_WORKERS, options)
        else:
            self._here(options["workers"] or 1, options)

    def _adopt(self) -> None:
        mapping_hash = registry.get().mapping_hash
        version = assignments.adopt(mapping_hash, using=conf.get().database)
        self.stdout.write(f"Mapping {mapping_hash} is the newest now (version {version}).")

    def _here(self, workers: int, options: dict[str, Any]) -> None:
        with self._display(options) as display:
            report = backfill.run(
                progress=display.show, workers=workers, chunk_size=options["chunk_size"]
            )
        self._tell(report.counts)
        self.stdout.write(
            f"{report.chunks:,} chunks in {report.seconds:.1f} s, "
            f"{report.users_per_second:,.0f} users/s; "
            f"{report.resynced:,} became stale meanwhile and were brought up to date."
        )

    def _follow(self, every: int | None) -> None:
        while True:
            counts = backfill.resync_stale()
            if counts.total or every is None:
                self._tell(counts)
            if every is None:
                return
            time.sleep(every)

    def _by_messages(self, workers: int, options: dict[str, Any]) -> None:
        if options["chunk_size"]:
            raise CommandError("--chunk-size is for this process; set AUTHMIGRATION['CHUNK_SIZE'].")
        send = _sender()
        using = conf.get().database
        run = backfill.open_run(using=using)
        wave = backfill.start(run, workers, using=using)
        if wave is not None:
            send(run, wave)
        with self._display(options) as display:
            self._watch(run, display, send)
        self._tell(backfill.progress(run).counts)

    def _watch(self, run: Run, display: Display, send: Callable[[Run, int], None]) -> None:
        using = conf.get().database
        while not (seen := backfill.progress(run)).finished:
            display.show(seen)
            wave = backfill.wake(run, using=using)
            if wave is not None:
                display.close()
                self.stderr.write(
                    f"Nothing moved for {conf.get().lease_seconds:g} s, so the messages are sent "
                    "again. Does a worker run? Start one: celery -A <project> worker"
                )
                send(run, wave)
            time.sleep(WATCH_SECONDS)
        display.show(seen)
        backfill.require_whole(run, using=using)

    @contextmanager
    def _display(self, options: dict[str, Any]) -> Iterator[Display]:
        # The wrapper would end each state of the bar with a new line.
        shown: TextIO = self.stderr._out  # type: ignore[assignment]  # noqa: SLF001
        stream = io.StringIO() if options["verbosity"] == 0 else shown
        display = Display(stream, options["line_every"])
        try:
            yield display
        finally:
            display.close()

    def _tell(self, counts: backfill.Counts) -> None:
        numbers = ", ".join(f"{value:,} {name}" for name, value in asdict(counts).items() if value)
        self.stdout.write(f"{counts.total:,} users: {numbers or 'nothing to do'}.")
        if counts.failed + counts.quarantined:
            self.stderr.write(
                f"{counts.failed + counts.quarantined:,} users are not migrated; legacy decides "
                "for them. `manage.py authz_status` says why."
            )


def _add_stale(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--stale",
        action="store_true",
        help="migrate nobody new: bring those up to date whose legacy data changed since",
    )
    parser.add_argument(
        "--every",
        type=_positive,
        metavar="SECONDS",
        help="with --stale: look again and again, so many seconds apart",
    )
    parser.add_argument(
        "--adopt-mapping",
        action="store_true",
        help="first make the sources of this release the newest, after a later release was "
        "taken back for good",
    )


def _sender() -> Callable[[Run, int], None]:
    """Return what sends the messages of a run.

    Raises:
        CommandError: Celery is not installed, or its broker reaches no worker.

    """
    try:
        from celery import current_app
        from kombu.exceptions import OperationalError

        from ...tasks import dispatch
    except ImportError as error:
        raise CommandError(
            f"{error}. Install Celery (pip install celery), or leave --celery away: the backfill "
            "works in this process, too."
        ) from error
    if not current_app.conf.task_always_eager and _in_memory(current_app):
        raise CommandError(
            "Celery's broker is in this process's memory, where no worker sees it. Set the broker "
            "URL, or leave --celery away."
        )

    def send(run: Run, wave: int) -> None:
        try:
            dispatch(run, wave)
        except OperationalError as error:
            raise CommandError(
                f"Celery's broker does not answer: {error}. Start it, or leave --celery away; what "
                "is done stays done."
            ) from error

    return send


def _in_memory(app: Any) -> bool:
    with app.connection_for_write() as connection:
        return bool(connection.transport.driver_type == "memory")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ArgumentTypeError(f"{text} is not a whole number above zero")
    return value


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the command in order, so that its chunk is given back at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(*_: object) -> NoReturn:
    sys.exit(TERMINATED)
