"""T13: four workers raising and sending on one PostgreSQL, against one; all leave the same set of messages."""

import subprocess
import sys
import time
from threading import Thread

from bench import postgres, registers, t02_raise
from bench.harness import Figure, Target, seconds
from bench.templates import made
from engine import raising
from engine.clock import VirtualClock
from engine.delivery import outbox
from engine.monitor import Monitor
from jobs.lease import Lease
from store.database import open_database

WORKERS = 4
NAP = 0.02  # seconds between two looks of a worker for whom nothing was left; in real life it is told
_messages: list[list[str]] = []  # the keys of what the runs so far have left


def work(place: str, name: str) -> None:
    """One worker: says that it is ready, waits for the word, and works until nothing is due anywhere.

    As in real life the holder of the lease raises, in a thread of its own, and everybody sends.
    """
    monitor = registers.house_on(open_database(place), name)
    assert isinstance(monitor.clock, VirtualClock)
    monitor.clock.travel_to(t02_raise.WHEN)
    outbox.due_at(monitor)
    for code in registers.CALENDARS:  # read once in a process, which lasts for weeks
        monitor.calendars(code).is_business_day(t02_raise.WHEN.date())
    print("ready", flush=True)
    sys.stdin.readline()
    if Lease(monitor, name).keep():
        Thread(target=raising.raise_due, args=(monitor,)).start()
    while outbox.deliver(monitor) or _is_due(monitor):
        time.sleep(NAP)
    monitor.database.close()


def _is_due(monitor: Monitor) -> bool:
    dues = (raising.due_at(monitor), outbox.due_at(monitor))
    return any(at is not None and at <= monitor.clock.now() for at in dues)


def _per_second(workers: int) -> float:
    """Messages a second, from the word to the end of the last worker."""
    with postgres.copied(made("t2-ours", t02_raise.register)) as place:
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
        spent = seconds(lambda: _go(processes))
        return _left(place) / spent


def _go(processes: list[subprocess.Popen[bytes]]) -> None:
    for one in processes:
        assert one.stdin is not None
        one.stdin.write(b"go\n")
        one.stdin.flush()
    for one in processes:
        one.communicate()
        assert one.returncode == 0


def _left(place: str) -> int:
    """How many messages there are; they are those of every other run.

    Which of them wait for others to one reader depends on how many had left when they were raised.
    """
    database = open_database(place)
    with database.reading() as connection:
        found = connection.exec_driver_sql("SELECT dedupe_key, state FROM deliveries ORDER BY dedupe_key")
        states = {row.dedupe_key: row.state for row in found}
    database.close()
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
