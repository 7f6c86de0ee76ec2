"""Whether Longstop is alive, and whether it is ready (INTERFACE.md H8).

Alive is whoever answers. Ready is a register that can be read, at this version's form, whose jobs have run lately,
whose messages leave, on a disk with room. What is not ready says why, without any fact of an agreement.

A database that takes a question and gives no answer holds every thread that asks it. So one thread asks for all who
want to know, and nobody waits for it longer than *PATIENCE*.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

from engine.watcher.ahead import SKEW, lies_ahead
from engine.watcher.audit import EVERY, last_report
from store.queries.health import last_runs, oldest_due_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.monitor import Monitor, Work

LATE: Final = timedelta(minutes=15)  # a delivery that is due so long does not leave
LEAST_FREE: Final = 100 * 1024 * 1024  # bytes
PATIENCE: Final = 5.0  # seconds; a container's own question gives up after eight
_INTERVALS: Final = 2  # a job that was not asked for so many intervals has stopped


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer; *detail* says what was found."""

    check: str
    is_ok: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What readiness is judged by. *intervals* are how long each job may go without being asked."""

    monitor: Monitor
    is_current: Callable[[], bool]
    intervals: Mapping[str, timedelta]
    data_dir: Path


def readiness(watched: Watched) -> tuple[Check, ...]:
    """Every check; ready is who has no bad one."""
    try:
        current = Check("migrations", watched.is_current(), "at this version's form")
        with watched.monitor.look() as work:
            found = [*_jobs(watched, work), _deliveries(work), _audit(work)]
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, the page says so and stays up
        return (Check("database", False, type(error).__name__), _disk(watched.data_dir))  # noqa: FBT003
    return (Check("database", True, "readable"), current, *found, _disk(watched.data_dir))  # noqa: FBT003


class Readiness:
    """Await it for every check; for the event loop alone, so that it needs no thread that may be held already."""

    def __init__(self, watched: Watched, *, patience: float = PATIENCE) -> None:
        self._watched, self._patience = watched, patience
        self._asked: Future[tuple[Check, ...]] | None = None
        self._since = 0.0

    async def __call__(self) -> tuple[Check, ...]:
        """As ``readiness``, or that the database keeps silent."""
        elapsed = self._watched.monitor.clock.elapsed
        if self._asked is None or self._asked.done():
            self._asked, self._since = Future(), elapsed()
            # It keeps no process alive that is to end.
            Thread(target=_answer, args=(self._watched, self._asked), name="readiness", daemon=True).start()
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._asked)), self._patience)
        except TimeoutError:
            silent = f"has not answered for {elapsed() - self._since:.0f} seconds"
            return (Check("database", False, silent),)  # noqa: FBT003


def _answer(watched: Watched, asked: Future[tuple[Check, ...]]) -> None:
    try:
        asked.set_result(readiness(watched))
    except BaseException as error:  # noqa: BLE001 - whoever waits for the answer hears of it
        asked.set_exception(error)


def _jobs(watched: Watched, work: Work) -> Iterator[Check]:
    runs = {run.job: run for run in last_runs(work.connection)}
    for name, interval in watched.intervals.items():
        run = runs.get(name)
        if run is None:
            yield Check(f"job {name}", False, "has not run yet")  # noqa: FBT003
            continue
        age = work.now - run.at
        told = f"ran {round(age.total_seconds())} seconds ago" + (f", failed: {run.error}" if run.error else "")
        if age < -SKEW:
            told = f"ran at {run.at:%Y-%m-%d %H:%M}Z, which is to come: the clock was set back"
        is_ok = -SKEW <= age <= interval * _INTERVALS and not run.error
        yield Check(f"job {name}", is_ok, told)


def _deliveries(work: Work) -> Check:
    at = oldest_due_at(work.connection)
    waits = work.now - at if at is not None and at < work.now else timedelta()
    return Check("deliveries", waits <= LATE, f"the longest due one waits {round(waits.total_seconds())} seconds")


def _audit(work: Work) -> Check:
    """What was found twice counts; an audit that is not made any more as well. Details stand in the incident."""
    report = last_report(work)
    if report is None:
        return Check("audit", True, "there was none yet")  # noqa: FBT003
    if work.now - report.at > EVERY * _INTERVALS or lies_ahead(report.at, work.now):
        return Check("audit", False, f"the last one was at {report.at:%Y-%m-%d %H:%M}Z")  # noqa: FBT003
    told = ", ".join(sorted(report.confirmed)) or "clean"
    return Check("audit", not report.confirmed, told)


def _disk(data_dir: Path) -> Check:
    try:
        free = shutil.disk_usage(data_dir).free
    except OSError as error:
        return Check("disk", False, error.strerror or "cannot be asked")  # noqa: FBT003
    return Check("disk", free >= LEAST_FREE, f"{free // (1024 * 1024)} MB free")
