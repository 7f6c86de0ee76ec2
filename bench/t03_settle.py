"""T3: claiming, gating and settling 5,000 messages through a notifier that does nothing, against raw SQL.

With one sender each message has its own transactions; with the default senders as many messages as these share one. The
raw updates are shared out to as many transactions each time.
"""

import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench import t02_raise
from bench.harness import Figure, Target, seconds
from bench.templates import copied, made, opened
from engine import raising
from engine.clock import VirtualClock
from engine.delivery import outbox
from engine.monitor import House, Monitor

DEFAULT_SENDERS = House().senders
_CLAIMED_AT_ONCE = 4  # for each sender, as ours
Said = tuple[str, tuple[str | int, ...]]
NOW = round(t02_raise.WHEN.timestamp() * 1_000_000)
CLAIM = f"""UPDATE deliveries SET state = 'sending', lease_token = 'token', lease_until = {NOW},
  attempts = attempts + 1, next_attempt_at = NULL WHERE id IN (
  SELECT id FROM deliveries WHERE state IN ('pending', 'in_doubt') AND next_attempt_at <= {NOW}
  ORDER BY priority, next_attempt_at, id LIMIT ?) RETURNING id"""  # noqa: S608 - numbers of our own
GATE = f"UPDATE deliveries SET offered_at = {NOW} WHERE id = ? AND lease_token = 'token'"  # noqa: S608 - as above
SETTLE = f"""UPDATE deliveries SET state = 'accepted', accepted_at = {NOW}, lease_token = NULL, lease_until = NULL,
  offered_at = NULL WHERE id = ? AND lease_token = 'token' AND state = 'sending'"""  # noqa: S608 - as above


def raised(path: Path) -> None:
    """The register of T2 with its steps raised: their messages wait, scattered over all the tables."""
    t02_raise.register(path)
    with opened(path) as monitor:
        travel(monitor)
        raising.raise_due(monitor)


def travel(monitor: Monitor) -> None:
    """To the day on which the steps are due."""
    assert isinstance(monitor.clock, VirtualClock)
    monitor.clock.travel_to(t02_raise.WHEN)


def with_senders(bare: Monitor, senders: int) -> Monitor:
    """With so many senders, on the day on which the messages are due."""
    monitor = replace(bare, house=replace(bare.house, senders=senders))
    travel(monitor)
    return monitor


def _ours(senders: int) -> float:
    with copied(made("t3", raised)) as path, opened(path) as bare:
        monitor = with_senders(bare, senders)
        sent: list[int] = []
        spent = seconds(lambda: sent.append(outbox.deliver(monitor)))
        with monitor.look() as work:
            assert work.deliveries.next_at(["pending", "in_doubt", "sending"]) is None, "some are left"
        return spent / sent[0]


def _theirs(senders: int) -> float:
    """The same three updates in as few transactions, as durable: the least that the protocol asks of a database.

    As ours: what was sent is settled in the transaction in which the next pass their gate, one for each sender.
    """
    with copied(made("t3", raised)) as path:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
        sent: list[int] = []
        spent = seconds(lambda: sent.append(send_all(connection, senders)))
        connection.close()
        return spent / sent[0]


def send_all(connection: sqlite3.Connection, senders: int = DEFAULT_SENDERS) -> int:
    """Claim, gate and settle all that is due; how many."""
    total = 0
    while claimed := _in_transaction(connection, [(CLAIM, (senders * _CLAIMED_AT_ONCE,))]):
        settled: list[Said] = []
        for first in range(0, len(claimed), senders):
            some = claimed[first : first + senders]
            _in_transaction(connection, [*settled, *((GATE, one) for one in some)])
            settled = [(SETTLE, one) for one in some]
        _in_transaction(connection, settled)
        total += len(claimed)
    return total


def _in_transaction(connection: sqlite3.Connection, said: list[Said]) -> list[tuple[str]]:
    connection.execute("BEGIN IMMEDIATE")
    rows: list[tuple[str]] = []
    for statement, parameters in said:
        rows += connection.execute(statement, parameters).fetchall()
    connection.execute("COMMIT")
    return rows


def _figure(name: str, how_many: str, senders: int) -> Figure:
    return Figure(
        name=name,
        what=f"one message claimed, gated and settled by {how_many} without a channel, against the updates in raw SQL",
        unit="s",
        target=Target("<=", 3),
        ours=partial(_ours, senders),
        theirs=partial(_theirs, senders),
    )


FIGURES = (_figure("T3a", "one sender", 1), _figure("T3b", "the default senders", DEFAULT_SENDERS))
