"""APScheduler 3 as many use it: one job per reminder in an SQLAlchemy job store on SQLite.

WAL and ``synchronous=FULL`` as ours; ``misfire_grace_time=None``, since its default of one second drops jobs that are
due together (5 to 84 % of 5,000) and all that came due while the process was down.
"""

import random
import subprocess
import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_REMOVED
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine, create_engine, event

from bench.harness import seconds
from engine.clock import SystemClock

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
FAR = datetime(2100, 1, 1, tzinfo=UTC)


def nothing(reminder: int) -> None:
    """The job: a reminder that tells nobody."""


def engine_for(path: Path) -> Engine:
    """SQLite with the durability that ours has."""
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _durable(connection: object, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    return engine


ran_at: list[datetime] = []  # when ``noting`` ran


def noting() -> None:
    """The job of T17: it says when it was called."""
    ran_at.append(SystemClock().now())


def scheduler_on(path: Path) -> BackgroundScheduler:
    """A scheduler over a job store at *path*, not yet started."""
    return BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=engine_for(path))},
        job_defaults={"misfire_grace_time": None, "coalesce": True},
        timezone=UTC,
    )


def add(scheduler: BackgroundScheduler, instants: Iterable[datetime]) -> None:
    """One job per instant, each committed by itself, as ``add_job`` does."""
    for number, instant in enumerate(instants):
        scheduler.add_job(f"{__name__}:nothing", "date", run_date=instant, args=[number], id=f"reminder-{number}")


def scattered(total: int, due: int) -> list[datetime]:
    """*total* instants of which *due* are past, at random places."""
    chance = random.Random(14)
    past = set(chance.sample(range(total), due))
    return [EPOCH + timedelta(seconds=n) if n in past else FAR + timedelta(seconds=n) for n in range(total)]


def added_per_second(path: Path, count: int) -> float:
    """T1: reminders stored per second."""
    scheduler = scheduler_on(path)
    scheduler.start(paused=True)
    try:
        return count / seconds(lambda: add(scheduler, scattered(count, 0)))
    finally:
        scheduler.shutdown(wait=False)


def fill(path: Path, total: int, due: int) -> None:
    """A store of *total* jobs of which *due* are past, to be copied for each run.

    In a process of its own that ends without a word: a paused scheduler fires what is due when it is shut down.
    """
    code = f"import os, {__name__} as peer; peer.fill_and_vanish({str(path)!r}, {total}, {due}); os._exit(0)"
    subprocess.run([sys.executable, "-c", code], check=True)


def fill_and_vanish(path: str, total: int, due: int) -> None:
    """The work of ``fill``; the caller ends the process at once."""
    scheduler = scheduler_on(Path(path))
    scheduler.start(paused=True)
    add(scheduler, scattered(total, due))


def fired_per_second(path: Path, due: int) -> float:
    """T2: jobs fired per second, from the scheduler's start until the last due one has run and left the store."""
    scheduler, left = scheduler_on(path), threading.Semaphore(0)
    scheduler.add_listener(lambda _event: left.release(), EVENT_JOB_EXECUTED | EVENT_JOB_REMOVED)

    def _fire() -> None:
        scheduler.start()
        for _ in range(2 * due):
            assert left.acquire(timeout=600), "the peer did not fire all its jobs"

    try:
        return due / seconds(_fire)
    finally:
        scheduler.shutdown()
