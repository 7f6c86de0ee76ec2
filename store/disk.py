"""The end of a transaction on PostgreSQL: said at once, and waiting for the disk together.

1. Whoever writes the log holds its head until commit. If that commit waited for the disk, all who write the log next
   would wait for it one after the other, however many connections there are.
2. So the last rows go in one message with the commit (a pipeline), and the commit does not wait, which hands the head
   on: between taking it and handing it on lies one journey to the server.
3. Before anything follows from the commit, the same connection waits until the disk has all that was said so far; those
   who wait at the same time wait once.

Nothing is promised earlier than before: ``Database.writing`` ends when the disk has it. What others saw and wrote in
between lies behind it in the server's own log (WAL), and so is never kept without it.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func

from store.prepared import is_heard, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Label

_ENDING: Final = "longstop_ending"
#: Said in a transaction, lets its commit not wait for the disk.
WITHOUT_WAITING: Final[Label[Any]] = func.set_config("synchronous_commit", "off", True).label("waits")  # noqa: FBT003 - the server's own order
# A message to nobody: a commit that wrote something waits until the disk has all that was written before it.
_WAIT: Final = "SELECT pg_logical_emit_message(true, 'longstop', '')"


@dataclass(slots=True)
class _Ending:
    """How a transaction ends: what is open until then, and whether it is ended here."""

    open: ExitStack
    is_mine: bool = False


def end_at_once(connection: Connection) -> None:
    """From here on a transaction is only told what to write, and hears what is wrong with it at its end at the latest.

    Its commit does not wait for the disk: ``ended`` does, after it. On SQLite nothing of this is needed.
    """
    ending: _Ending | None = connection.info.get(_ENDING)
    if ending is None:
        return
    ending.is_mine = True
    if not is_heard(connection):  # who listens has every statement answered by itself
        driver: Any = connection.connection.driver_connection
        ending.open.enter_context(driver.pipeline())


@contextmanager
def ended(connection: Connection) -> Iterator[None]:
    """To be within a transaction. What began to end at once is committed here, and the disk has it.

    Whatever goes wrong, nothing is under way any more when the transaction is rolled back. Raises DBAPIError.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    info = connection.info
    driver: Any = connection.connection.driver_connection
    with told(connection, _WAIT), ExitStack() as still_open:
        ending = info[_ENDING] = _Ending(still_open)
        try:
            yield
        finally:
            del info[_ENDING]
        if ending.is_mine:
            driver.commit()
            driver.execute(_WAIT)
