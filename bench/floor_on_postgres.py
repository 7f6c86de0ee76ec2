"""``python -m bench.floor_on_postgres``: what of T16 PostgreSQL and its driver take, whoever asks.

*bare* is every statement that ours says, with its parameters and in its transactions, said again by the driver alone:
what writes leaves with the commit in one message, as ours does. Time by the clock, the least of four runs in turn; one
JSON line each, in microseconds a message. BENCH_SCALE makes it shorter.
"""

import json
from collections.abc import Sequence
from typing import Any

import psycopg
from sqlalchemy import event

from bench import postgres, registers, t02_raise, t16_queue
from bench.harness import seconds
from bench.templates import made
from engine.clock import VirtualClock
from engine.delivery import outbox
from engine.monitor import Monitor
from store.database import open_database

Said = tuple[str, Sequence[Any], bool]  # a statement, its parameters, whether these are many
COMMIT: Said = ("COMMIT", (), False)
RUNS = 4


def main() -> None:
    """Measure both in turn; the first round warms up."""
    said, count = _said()
    spent: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(RUNS + 1):
        spent["ours"].append(_ours())
        spent["bare"].append(_bare(said) / count)
    for name, runs in spent.items():
        print(json.dumps({"floor": name, "us a message": round(min(runs[1:]) * 1e6)}), flush=True)


def _house(place: str) -> Monitor:
    monitor = registers.house_on(open_database(place), "t16")
    assert isinstance(monitor.clock, VirtualClock)
    monitor.clock.travel_to(t02_raise.WHEN)
    outbox.due_at(monitor)
    return monitor


def _ours() -> float:
    with postgres.copied(made("t16", t16_queue.waiting)) as place:
        monitor = _house(place)
        sent: list[int] = []
        spent = seconds(lambda: sent.append(outbox.deliver(monitor)))
        monitor.database.close()
        return spent / sent[0]


def _said() -> tuple[list[Said], int]:
    """Every statement of ours in its order, and how many messages leave by them."""
    said: list[Said] = []
    with postgres.copied(made("t16", t16_queue.waiting)) as place:
        monitor = _house(place)
        engine = monitor.database.engine
        event.listen(engine, "before_cursor_execute", lambda *heard: said.append((heard[2], heard[3], heard[5])))
        event.listen(engine, "commit", lambda _: said.append(COMMIT))
        count = outbox.deliver(monitor)
        monitor.database.close()
    return said, count


def _bare(said: Sequence[Said]) -> float:
    with postgres.copied(made("t16", t16_queue.waiting)) as place, psycopg.connect(place, autocommit=True) as driver:
        return seconds(lambda: _say(driver, said))


def _say(driver: psycopg.Connection, said: Sequence[Said]) -> None:
    writes: list[Said] = []
    for one in said:
        if one == COMMIT:
            with driver.pipeline():
                for each in (*writes, COMMIT):
                    _tell(driver, *each)
            writes = []
        elif one[0].startswith(("INSERT", "UPDATE")):
            writes.append(one)
        else:
            _tell(driver, *one)


def _tell(driver: psycopg.Connection, statement: str, parameters: Sequence[Any], is_many: bool) -> None:  # noqa: FBT001
    cursor = driver.cursor()
    if is_many:
        cursor.executemany(statement.encode(), parameters)
    else:
        cursor.execute(statement.encode(), parameters or None)
    if cursor.description and not is_many:
        cursor.fetchall()


if __name__ == "__main__":
    main()
