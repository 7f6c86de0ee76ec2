"""T3: claiming, gating and settling 5,000 messages through a notifier that does nothing, against raw SQL."""

import sqlite3
from pathlib import Path

from bench import t02_raise
from bench.harness import Figure, Target, seconds
from bench.templates import copied, made, opened
from engine import raising
from engine.clock import VirtualClock
from engine.delivery import outbox
from engine.monitor import House, Monitor

SENDERS = House().senders
CLAIMED_AT_ONCE = 4 * SENDERS  # as ours
Said = tuple[str, tuple[str, ...]]
NOW = round(t02_raise.WHEN.timestamp() * 1_000_000)
CLAIM = f"""UPDATE deliveries SET state = 'sending', lease_token = 'token', lease_until = {NOW},
  attempts = attempts + 1, next_attempt_at = NULL WHERE id IN (
  SELECT id FROM deliveries WHERE state IN ('pending', 'in_doubt') AND next_attempt_at <= {NOW}
  ORDER BY priority, next_attempt_at, id LIMIT {CLAIMED_AT_ONCE}) RETURNING id"""  # noqa: S608 - numbers of our own
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


def _ours() -> float:
    with copied(made("t3", raised)) as path, opened(path) as monitor:
        travel(monitor)
        sent: list[int] = []
        spent = seconds(lambda: sent.append(outbox.deliver(monitor)))
        with monitor.look() as work:
            assert work.deliveries.next_at(["pending", "in_doubt", "sending"]) is None, "some are left"
        return spent / sent[0]


def _theirs() -> float:
    """The same three updates in as few transactions, as durable: the least that the protocol asks of a database.

    As ours: what was sent is settled in the transaction in which the next pass their gate, one for each sender.
    """
    with copied(made("t3", raised)) as path:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
        sent: list[int] = []
        spent = seconds(lambda: sent.append(send_all(connection)))
        connection.close()
        return spent / sent[0]


def send_all(connection: sqlite3.Connection) -> int:
    """Claim, gate and settle all that is due; how many."""
    total = 0
    while claimed := _in_transaction(connection, [(CLAIM, ())]):
        settled: list[Said] = []
        for first in range(0, len(claimed), SENDERS):
            some = claimed[first : first + SENDERS]
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


FIGURES = (
    Figure(
        name="T3",
        what="one message claimed, gated and settled without a channel, against the same updates in raw SQL",
        unit="s",
        target=Target("<=", 3),
        ours=_ours,
        theirs=_theirs,
    ),
)
