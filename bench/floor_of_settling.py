"""``python -m bench.floor_of_settling``: what of T3 belongs to a transaction, and what to a message alone.

Processor time, the least of four runs in turn: with more senders more messages share a transaction, so that two counts
of senders tell the two parts apart. One JSON line each, in microseconds a message; BENCH_SCALE makes it shorter.
"""

import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench import t03_settle
from bench.templates import copied, made, opened
from engine.delivery import outbox

COUNTS = (1, 4, 16)  # of senders
RUNS = 4


def main() -> None:
    """Measure ours with each count of senders, and the raw updates; the first round warms up."""
    spent: dict[str, list[float]] = {}
    for _ in range(RUNS + 1):
        for count in COUNTS:
            spent.setdefault(f"senders {count}", []).append(_ours(count))
        spent.setdefault("raw updates", []).append(_raw())
    least = {name: min(runs[1:]) * 1e6 for name, runs in spent.items()}
    few, many = (least[f"senders {count}"] for count in (COUNTS[0], COUNTS[-1]))
    share = (few - many) / (1 - 1 / COUNTS[-1])
    for name, micros in {**least, "of a transaction": share, "of a message alone": few - share}.items():
        print(json.dumps({"floor": name, "us a message": round(micros)}), flush=True)


def _ours(senders: int) -> float:
    with copied(made("t3", t03_settle.raised)) as path, opened(path) as bare:
        monitor = replace(bare, house=replace(bare.house, senders=senders))
        t03_settle.travel(monitor)
        return _processor(lambda: outbox.deliver(monitor))


def _raw() -> float:
    with copied(made("t3", t03_settle.raised)) as path:
        return _raw_on(path)


def _raw_on(path: Path) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
    try:
        return _processor(lambda: t03_settle.send_all(connection))
    finally:
        connection.close()


def _processor(send: Callable[[], int]) -> float:
    """Seconds of the processor for one message."""
    start = time.process_time()
    count = send()
    return (time.process_time() - start) / count


if __name__ == "__main__":
    main()
