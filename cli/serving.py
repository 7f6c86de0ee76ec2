"""One process at work: the scheduler in the background, health pages in the foreground, and an orderly end.

A second process on the same register gets no lease: it serves, says so, and takes over when the first one is gone. On
PostgreSQL it sends meanwhile, and hears when another process has made something due.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from cli import bootstrap, first_run
from cli.apart import by_process
from cli.doors import doors, hearing_slack, site
from cli.errors import Failed
from cli.listening import listen, orderly, server_of
from cli.telling import tell
from config.logging import configure_logging
from engine.bulk import patiently
from engine.delivery import shadow
from engine.watcher.calendar_watch import watch
from jobs.catalogue import DELIVER, JOBS, look
from jobs.heap import keep_for_good
from jobs.lease import NAME, Lease
from jobs.scheduler import Scheduler
from store.errors import StoreError
from store.listening import listening
from store.migrate import is_current
from web.health import Watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uvicorn import Server

    from cli.run import Run
    from config.settings import Settings
    from engine.monitor import Monitor

_HERALD: Final = 2.0  # seconds in which the lease is ours, or somebody else's
_MOMENT: Final = 0.05
_UNWRITTEN: Final = "The register cannot be written"


class Part(Enum):
    """What a process does of the work; other processes on the same database may do the rest."""

    ALL = "all"
    JOBS = "jobs"  # no pages
    PAGES = "pages"  # no jobs: what is due waits for a process that has them


@dataclass(frozen=True, slots=True)
class AtWork:
    """A process at work; *ended* is set when somebody asks it to end."""

    monitor: Monitor
    settings: Settings
    ended: threading.Event


@contextmanager
def at_work(run: Run, part: Part = Part.ALL) -> Iterator[AtWork]:
    """Upgrade the register and do this part of the work; at the end what is in flight is brought to an end.

    SIGTERM and Ctrl-C end it in order, whenever they come. Raises NewerDatabase, YamlRefused, OSError.
    """
    ended = threading.Event()
    with orderly(ended), _opened(run, part) as (monitor, settings):
        yield AtWork(monitor, settings, ended)


@contextmanager
def _opened(run: Run, part: Part) -> Iterator[tuple[Monitor, Settings]]:
    settings = run.settings
    level = "error" if run.given.is_quiet else "debug" if run.given.is_verbose else settings.log_level
    configure_logging(form=settings.log_format, level=level)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells each look at the schema
    scheduler = None if part is Part.PAGES else Scheduler(_holder())
    monitor = bootstrap.assembled(settings, wake=scheduler.wake if scheduler else lambda: None)
    monitor = replace(monitor, clock=run.clock, apart=by_process(settings, run.clock))
    before, after = _first_start(monitor, settings)
    monitor = first_run.chosen(monitor, settings)
    if before != after:
        tell(run, f"The database is at {after} now{f', it was at {before}' if before else ''}.", is_news=True)
    with ExitStack() as stack:
        stack.callback(bootstrap.closed, monitor)
        if scheduler is not None:
            stack.enter_context(_scheduling(run, monitor, scheduler))
        if part is not Part.JOBS:
            stack.enter_context(hearing_slack(monitor, settings))
        yield monitor, settings


def _first_start(monitor: Monitor, settings: Settings) -> tuple[str | None, str]:
    """As ``bootstrap.first_start``: where other processes write without a break, some are overtaken for a while."""
    warn = logging.getLogger(__name__).warning
    return patiently(
        lambda: bootstrap.first_start(monitor, settings), lambda: warn("The database is busy; asking again.")
    )


def serve(run: Run, part: Part, *, host: str, port: int | None) -> None:
    """Serve pages until SIGTERM or Ctrl-C; anew, on the same address, once the first run has told what house it is.

    Without *host* or *port* those of the settings. Raises Failed where the address cannot be listened on; then nothing
    was begun.
    """
    settings = run.settings
    warn_of_settings(run)
    with listen(host or settings.host, settings.port if port is None else port) as listening:
        is_told = is_over = False
        while not is_over:
            with at_work(run, part) as work:
                if not is_told:
                    _say_where(run, work, listening)
                    is_told = True
                is_over = serve_pages(work, listening.dup())


def warn_of_settings(run: Run) -> None:
    """Say which settings are none: a slip of the pen leaves a channel silent."""
    for one in bootstrap.settings_problems(run.given):
        if one.level == "warning":
            tell(run, f"Warning: {one}")


def _say_where(run: Run, work: AtWork, listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    place = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    tell(run, f"Longstop serves {place} (/healthz, /readyz). Ctrl-C ends it.", is_news=True)
    first_run.say_how_to_begin(run, work.monitor, place)


@contextmanager
def _scheduling(run: Run, monitor: Monitor, scheduler: Scheduler) -> Iterator[None]:
    watch(monitor)
    if not run.settings.smtp_host and run.settings.slack_mode == "off":
        tell(run, "Neither mail nor Slack is configured (LONGSTOP_SMTP_HOST): messages are written here instead.")
    if monitor.house.shadow_mode:
        restored = "" if run.settings.shadow_mode else " The register was restored; /admin/shadow ends it."
        tell(run, f"Shadow mode: everything is composed and logged, nothing leaves.{restored}")
    keep_for_good()
    scheduler.start(monitor)
    try:
        with listening(monitor.database, scheduler.wake):
            _herald(run, scheduler, is_alone=monitor.database.is_sqlite)
            yield
    finally:
        if not scheduler.stop():
            tell(run, "Some messages were still on their way; what became of them is found out at the next start.")


def serve_pages(work: AtWork, listening: socket.socket) -> bool:
    """Serve until somebody asks for an end; False when it is to begin anew."""
    from web.app import make_app

    monitor, settings = work.monitor, work.settings
    watched = Watched(
        monitor=monitor,
        is_current=lambda: is_current(monitor.database),
        intervals={job.name: job.interval for job in JOBS},
        data_dir=settings.data_dir,
    )
    anew = threading.Event()
    pages = replace(site(monitor, settings), begin_anew=lambda: _begin_anew(anew, server))
    server = server_of(make_app(watched, doors=doors(monitor, settings), site=pages), work.ended)
    keep_for_good()
    server.run(sockets=[listening])
    return work.ended.is_set() or not anew.is_set()


def _begin_anew(anew: threading.Event, server: Server) -> None:
    anew.set()
    server.should_exit = True


def work_off(run: Run) -> dict[str, Any]:
    """As every start, look at the calendars and at what shadow mode held; do what is due and end.

    What is planned next stands in the answer. Where another process schedules: nothing on SQLite, on PostgreSQL what is
    to be sent. Raises Failed where nobody could schedule.
    """
    lease = Lease(run.monitor, _holder())
    try:
        if lease.keep():
            watch(run.monitor)
            with run.monitor.work() as work:
                shadow.release(work)
            return {"is_holder": True, "next_at": look(run.monitor)}
        if not _is_another_there(run.monitor):
            raise Failed(f"{_UNWRITTEN}: nothing was done.", remedy="See what `longstop doctor` says.")
        jobs = () if run.monitor.database.is_sqlite else (DELIVER,)
        return {"is_holder": False, "next_at": look(run.monitor, jobs)}
    finally:
        lease.give_back()


def wait_for_end(work: AtWork) -> None:
    """Wait until SIGTERM or Ctrl-C."""
    while not work.ended.wait(1.0):  # a wait without end would hear no signal on some systems
        pass


def _herald(run: Run, scheduler: Scheduler, *, is_alone: bool) -> None:
    """Say which of several processes this one is; *is_alone*: only one of them may send."""
    known = threading.Event()
    for _ in range(int(_HERALD / _MOMENT)):
        if scheduler.is_holder:
            return
        known.wait(_MOMENT)
    if not _is_another_there(run.monitor):
        tell(run, f"{_UNWRITTEN}: nothing is scheduled until it can. `longstop doctor` says more.")
        return
    meanwhile = "serves" if is_alone else "sends beside it"
    tell(
        run, f"Another process schedules on this register. This one {meanwhile}, and takes over when the other is gone."
    )


def _is_another_there(monitor: Monitor) -> bool:
    """Whether somebody has the lease: one that could not be asked for is not another's."""
    try:
        with monitor.look() as work:
            row = work.keeping.lease(NAME)
            return row is not None and row.until_at > work.now
    except StoreError:
        return False


def _holder() -> str:
    """This process, differently from every other."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
