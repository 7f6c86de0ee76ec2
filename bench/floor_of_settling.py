"""``python -m bench.floor_of_settling``: what of T3 belongs to a transaction, to a message alone, and to SQLite.

Processor time, the least of four runs in turn: with more senders more messages share a transaction, so that two counts
of senders tell the two parts apart. *bare* is every statement that ours says, with its parameters and in its
transactions, said again by the driver alone: gates, tries and the log cost as much in any language. One JSON line each,
in microseconds a message; BENCH_SCALE makes it shorter.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bench import t03_settle
from bench.templates import copied, made, opened
from engine.delivery import outbox

Said = tuple[str, Sequence[Any], bool]  # a statement, its parameters, whether these are many
COUNTS = (1, 4, 16)  # of senders
RUNS = 4


def main() -> None:
    """Measure ours with each count of senders, and the raw updates; the first round warms up."""
    spent: dict[str, list[float]] = {}
    for _ in range(RUNS + 1):
        for count in COUNTS:
            spent.setdefault(f"senders {count}", []).append(_ours(count))
            spent.setdefault(f"senders {count}, bare", []).append(_bare(count))
        spent.setdefault("raw updates", []).append(_raw())
    least = {name: min(runs[1:]) * 1e6 for name, runs in spent.items()}
    few, many = (least[f"senders {count}"] for count in (COUNTS[0], COUNTS[-1]))
    share = (few - many) / (1 - 1 / COUNTS[-1])
    for name, micros in {**least, "of a transaction": share, "of a message alone": few - share}.items():
        print(json.dumps({"floor": name, "us a message": round(micros)}), flush=True)


def _ours(senders: int) -> float:
    with copied(made("t3", t03_settle.raised)) as path, opened(path) as bare:
        monitor = t03_settle.with_senders(bare, senders)
        return _processor(lambda: outbox.deliver(monitor))


def _bare(senders: int) -> float:
    said, count = _said(senders)
    with copied(made("t3", t03_settle.raised)) as path:
        return _processor_on(path, lambda connection: _say(connection, said, count))


@cache
def _said(senders: int) -> tuple[list[Said], int]:
    """Every statement of ours in its order, and how many messages leave by them."""
    said: list[Said] = []
    with copied(made("t3", t03_settle.raised)) as path, opened(path) as bare:
        monitor = t03_settle.with_senders(bare, senders)
        engine = monitor.database.engine
        event.listen(engine, "before_cursor_execute", lambda *heard: said.append((heard[2], heard[3], heard[5])))
        event.listen(engine, "commit", lambda _: said.append(("COMMIT", (), False)))
        count = outbox.deliver(monitor)
    return said, count


def _say(connection: sqlite3.Connection, said: list[Said], count: int) -> int:
    for statement, parameters, is_many in said:
        if is_many:
            connection.executemany(statement, parameters)
        else:
            connection.execute(statement, parameters).fetchall()
    return count


def _raw() -> float:
    with copied(made("t3", t03_settle.raised)) as path:
        return _processor_on(path, t03_settle.send_all)


def _processor_on(path: Path, send: Callable[[sqlite3.Connection], int]) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
    try:
        return _processor(lambda: send(connection))
    finally:
        connection.close()


def _processor(send: Callable[[], int]) -> float:
    """Seconds of the processor for one message."""
    start = time.process_time()
    count = send()
    return (time.process_time() - start) / count


if __name__ == "__main__":
    main()
