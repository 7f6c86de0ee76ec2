"""T13: four workers on one PostgreSQL, against one; all leave the same set of messages.

They are at work as ``longstop worker`` is: each with its scheduler, woken by the others' commits. The holder of the
lease raises, and everybody sends.
"""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

from bench import postgres, registers, t02_raise
from bench.harness import Figure, Target, seconds
from bench.templates import made
from engine.clock import VirtualClock
from jobs.catalogue import DELIVER, RAISE
from jobs.heap import keep_for_good
from jobs.scheduler import Scheduler
from store.database import Database, open_database
from store.listening import listening

WORKERS = 4
NAP = 0.02  # seconds between two looks whether all is done
_messages: list[list[str]] = []  # the keys of what the runs so far have left
_WHEN = round(t02_raise.WHEN.timestamp() * 1_000_000)
_AT_ONCE = f"UPDATE milestones SET next_step_at = {_WHEN} WHERE next_step_at <= {_WHEN}"  # noqa: S608 - a number of ours
_IS_DUE = f"""SELECT EXISTS (SELECT FROM milestones WHERE next_step_at <= {_WHEN}) OR EXISTS (
  SELECT FROM deliveries WHERE state = 'sending' OR state = 'pending' AND next_attempt_at <= {_WHEN})"""  # noqa: S608 - as above


def work(place: str, name: str) -> None:
    """One worker, a second before the steps are due: at work until it hears on stdin, first to go on, then to end."""
    database = open_database(place)
    scheduler = Scheduler(name, jobs=(RAISE, DELIVER), watch=())
    clock = VirtualClock(t02_raise.WHEN - timedelta(seconds=1))
    monitor = replace(registers.house_on(database, name), clock=clock, wake=scheduler.wake)
    for code in registers.CALENDARS:  # read once in a process, which lasts for weeks
        monitor.calendars(code).is_business_day(t02_raise.WHEN.date())
    keep_for_good()
    scheduler.start(monitor)
    with listening(database, scheduler.wake):
        print("ready", flush=True)
        sys.stdin.readline()
        clock.travel_to(t02_raise.WHEN)
        scheduler.wake()
        sys.stdin.readline()
        assert scheduler.stop()
    database.close()


def _per_second(workers: int) -> float:
    """Messages a second, from the word to the last that was written down."""
    with postgres.copied(made("t2-ours", t02_raise.register)) as place:
        database = open_database(place)
        with database.writing() as connection:
            connection.exec_driver_sql(_AT_ONCE)
        code = f"import {__name__} as figure, sys; figure.work(*sys.argv[1:])"
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", code, place, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            for number in range(workers)
        ]
        for one in processes:
            assert one.stdout is not None
            assert one.stdout.readline() == b"ready\n"
        time.sleep(1)  # the first looks are over
        spent = seconds(lambda: _until_done(database, processes))
        for one in processes:
            one.communicate(b"end\n")
            assert one.returncode == 0
        found = _left(database) / spent
        database.close()
        return found


def _until_done(database: Database, processes: list[subprocess.Popen[bytes]]) -> None:
    for one in processes:
        assert one.stdin is not None
        one.stdin.write(b"go\n")
        one.stdin.flush()
    is_due = True
    while is_due:
        time.sleep(NAP)
        with database.reading() as connection:
            is_due = connection.exec_driver_sql(_IS_DUE).scalar_one()


def _left(database: Database) -> int:
    """How many messages there are; they are those of every other run.

    Which of them wait for others to one reader depends on how many had left when they were raised.
    """
    with database.reading() as connection:
        found = connection.exec_driver_sql("SELECT dedupe_key, state FROM deliveries ORDER BY dedupe_key")
        states = {row.dedupe_key: row.state for row in found}
    assert set(states.values()) <= {"accepted", "held"}
    messages = list(states)
    _messages.append(messages)
    assert messages == _messages[0], "another set of messages than in the run before"
    return len(messages)


FIGURES = (
    Figure(
        name="T13",
        what="messages raised and sent a second on PostgreSQL by four workers, against one",
        unit="per s",
        target=Target(">=", 1.6),
        ours=lambda: _per_second(WORKERS),
        theirs=lambda: _per_second(1),
    ),
)
