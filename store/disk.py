"""Waiting for the disk together, on PostgreSQL.

1. Whoever writes the log holds its head until commit. If that commit waited for the disk, all who write the log next
   would wait for it one after the other, however many connections there are.
2. So such a commit is said without waiting, which hands the head on.
3. Before anything follows from the commit, the same connection waits until the disk has all that was said so far; those
   who wait at the same time wait once.

Nothing is promised earlier than before: ``Database.writing`` ends when the disk has it. What others saw and wrote in
between lies behind it in the server's own log (WAL), and so is never kept without it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func

from store.prepared import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Label

_OWED: Final = "longstop_owes_the_disk"
#: Said in a transaction, lets its commit not wait for the disk.
WITHOUT_WAITING: Final[Label[Any]] = func.set_config("synchronous_commit", "off", True).label("waits")  # noqa: FBT003 - the server's own order
# A message to nobody: a commit that wrote something waits until the disk has all that was written before it.
_WAIT: Final = "SELECT pg_logical_emit_message(true, 'longstop', '')"


def owe(connection: Connection) -> None:
    """This transaction's commit does not wait for the disk: somebody has to, after it."""
    connection.info[_OWED] = True


@contextmanager
def waited_for(connection: Connection) -> Iterator[None]:
    """At the end the disk has what was committed within. Raises DBAPIError where the server is gone meanwhile."""
    try:
        yield
        if connection.info.get(_OWED):
            driver: Any = connection.connection.driver_connection
            with told(connection, _WAIT):
                driver.execute(_WAIT)
    finally:
        connection.info.pop(_OWED, None)
