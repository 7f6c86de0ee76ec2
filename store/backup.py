"""The register as one SQLite file, made while everybody works on; and that file looked at before it is trusted.

SQLite copies itself page by page in one consistent view (https://www.sqlite.org/backup.html), never as a file under a
running writer. From PostgreSQL every row is copied in one consistent view: so a backup is looked at, and restored, in
one way only, and `db copy` brings it home again.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import case, func, select, text, update

from lifecycle.milestones.milestone import LIVE
from store.copying import copy_register
from store.database import open_database, sqlite_url
from store.errors import DatabaseForbidden, DatabaseFull, StoreError
from store.events import EventLog
from store.migrate import upgrade
from store.schema import deliveries, milestones, posted

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from store.database import Database

_OPENED_AGAIN: Final = timedelta(days=90)  # what was due longer ago is hardly opened again
_NUMBERS: Final = {"SQLITE_FULL": errno.ENOSPC, "SQLITE_IOERR_WRITE": errno.EIO}  # https://www.sqlite.org/rescode.html


class BackupDamaged(StoreError):
    """A backup is not what it was when it was made."""

    code = "backup-damaged"

    def __init__(self, why: str) -> None:
        super().__init__(f"The backup cannot be trusted: {why}.", remedy="Take another one.")


class Due(NamedTuple):
    """What has become due since a backup was made."""

    steps: int
    messages: int


def copy_to(database: Database, file: Path) -> None:
    """Write the register to a new *file*. Raises OSError of that file, also where its disk is full."""
    try:
        _copied(database, file)
    except DatabaseForbidden:
        raise  # the register's own file, or a new one in a folder that takes none
    except (DatabaseFull, sqlite3.OperationalError) as error:
        number = errno.ENOSPC if isinstance(error, DatabaseFull) else _NUMBERS.get(error.sqlite_errorname)
        if number is None:
            raise
        raise OSError(number, os.strerror(number), str(file)) from error


def _copied(database: Database, file: Path) -> None:
    if not database.is_sqlite:
        target = open_database(sqlite_url(file))
        try:
            upgrade(target)
            copy_register(database, target)
        finally:
            target.close()
        return
    with database.engine.connect() as connection, closing(sqlite3.connect(file)) as copy:
        source = connection.connection.driver_connection
        if isinstance(source, sqlite3.Connection):
            source.backup(copy)


def examine(file: Path) -> tuple[int, str]:
    """Look at a copy: its pages and its log; the head of the chain. Raises BackupDamaged, ChainBroken."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as plain:
        try:
            (said,) = plain.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise BackupDamaged(str(error)) from None
    if said != "ok":
        raise BackupDamaged(said)
    database = open_database(sqlite_url(file))
    try:
        with database.reading() as connection:
            EventLog(connection).verify()
            return EventLog(connection).head()
    finally:
        database.close()


def wake(file: Path, *, made_at: datetime, now: datetime) -> Due:
    """Make a copy ready to be worked on: what was due since *made_at* may have left from elsewhere meanwhile.

    Such a message is in doubt, so that its channel is asked before it is offered. What was posted about what is live,
    or was due not long ago, is shown anew.
    """
    database = open_database(sqlite_url(file))
    try:
        with database.writing() as connection:
            return doubt(connection, made_at=made_at, now=now)
    finally:
        database.close()


def doubt(connection: Connection, *, made_at: datetime, now: datetime) -> Due:
    """The same of the rows of a copy that is open already."""
    steps = milestones.c.next_step_at.is_not(None) & (milestones.c.next_step_at <= now)
    due = connection.execute(select(func.count()).select_from(milestones).where(steps)).scalar_one()
    # What a silence or shadow mode held has left with its end. What waits for a digest leaves under a name that is new.
    held = "state = 'held' AND (why LIKE 'silenced%' OR why = 'shadow mode')"
    waiting = text(f"(state IN ('pending','sending') OR {held})")
    late = func.coalesce(deliveries.c.next_attempt_at, deliveries.c.lease_until) <= now
    in_doubt = {"state": "in_doubt", "in_doubt_since": made_at, "next_attempt_at": now}
    lost = {"lease_token": None, "lease_until": None, "offered_at": None}
    done = connection.execute(update(deliveries).where(waiting, late).values(**in_doubt, **lost))
    _show_again(connection, made_at=made_at, now=now)
    return Due(int(due), done.rowcount)


def _show_again(connection: Connection, *, made_at: datetime, now: datetime) -> None:
    """Nobody knows what was written since over messages about what is live here, or may have been opened again."""
    since_on = made_at.date() - _OPENED_AGAIN
    maybe_live = select(milestones.c.id).where(milestones.c.state.in_(LIVE) | (milestones.c.safe_on >= since_on))
    of_these = posted.c.milestone_id.in_(maybe_live) & ~posted.c.is_gone
    wanted = case((posted.c.wanted < 1, 1), else_=posted.c.wanted)
    lost = {"lease_token": None, "lease_until": None}
    connection.execute(update(posted).where(of_these).values(shown=0, wanted=wanted, next_update_at=now, **lost))
