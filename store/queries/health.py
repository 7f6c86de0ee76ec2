"""What a health page, a doctor and a gap list ask of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, inspect, select, text

from store.schema import agreements, deliveries, job_runs, leases, milestones, people

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from store.database import Database

_LIVE = text("state IN ('open','acknowledged','snoozed')")


class LastRun(NamedTuple):
    """A job's last run."""

    job: str
    at: datetime
    took_ms: int
    did: int
    error: str


class Counts(NamedTuple):
    """How much there is."""

    agreements: int
    people: int
    live_milestones: int


def is_made(database: Database) -> bool:
    """Whether there is a register, whatever its version."""
    with database.reading() as connection:
        return bool(inspect(connection).has_table("meta"))


def oldest_due_at(connection: Connection) -> datetime | None:
    """Since when the delivery that is due longest waits; None where none waits."""
    waiting = text("state IN ('pending','in_doubt')")
    return connection.execute(select(func.min(deliveries.c.next_attempt_at)).where(waiting)).scalar()


def last_runs(connection: Connection) -> list[LastRun]:
    """The last run of each job, by name."""
    rows = connection.execute(select(job_runs).order_by(job_runs.c.job))
    return [LastRun(row.job, row.at, row.took_ms, row.did, row.error) for row in rows]


def lease_until(connection: Connection, name: str) -> tuple[str, datetime] | None:
    """Who holds a lease and until when; None where nobody ever did."""
    row = connection.execute(select(leases).where(leases.c.name == name)).one_or_none()
    return None if row is None else (row.holder, row.until_at)


def milestones_by_state(connection: Connection) -> dict[str, int]:
    """How many milestones are in each state. Reads them all."""
    statement = select(milestones.c.state, func.count()).group_by(milestones.c.state)
    return {row[0]: row[1] for row in connection.execute(statement)}


def deliveries_by_state(connection: Connection) -> dict[tuple[str, str], int]:
    """How many messages of each channel are in each state. Reads them all."""
    by = (deliveries.c.channel, deliveries.c.state)
    return {(row[0], row[1]): row[2] for row in connection.execute(select(*by, func.count()).group_by(*by))}


def counts(connection: Connection) -> Counts:
    """How much there is."""

    def number(statement: Select[int]) -> int:
        return connection.execute(statement).scalar_one()

    return Counts(
        number(select(func.count()).select_from(agreements).where(~agreements.c.is_archived)),
        number(select(func.count()).select_from(people).where(~people.c.is_disabled)),
        number(select(func.count()).select_from(milestones).where(_LIVE)),
    )
