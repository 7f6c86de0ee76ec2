"""What the drivers say about room, locks and constraints, as our errors."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

from store.errors import (
    DatabaseAway,
    DatabaseBusy,
    DatabaseForbidden,
    DatabaseFull,
    RowRefused,
    ServerForbids,
    StoreError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_FULL: Final = "53100"  # disk_full
_BUSY: Final = frozenset({"40001", "40P01", "55P03", "57014", "53200", "53300"})  # serialization to connections
_FORBIDS: Final = frozenset({"25006", "42501"})  # read_only_sql_transaction, insufficient_privilege
# There is no room to open it: https://www.sqlite.org/rescode.html#ioerr_shmsize
_NO_ROOM: Final = "SQLITE_IOERR_SHMSIZE"
_FORBIDDEN: Final = ("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_READONLY")  # and what they are said to be extended by
_AWAY: Final = frozenset({"25P03", "57P01", "57P02", "57P03", "57P05"})  # ended by the server; class 08: by the network


def told_clearly() -> _Clearly:
    """In a ``with``: turn what the driver says into DatabaseFull, DatabaseBusy (also: away) and RowRefused.

    DatabaseForbidden is a DatabaseFull: whoever waits for room waits for the right to write as well.

    A full SQLite ends the whole transaction by itself, so that going back to a savepoint fails as well: what it said
    first is what counts (https://www.sqlite.org/lang_transaction.html, section 3).
    """
    return _CLEARLY


def told_before() -> _Clearly:
    """The same around what comes before a transaction, or keeps nothing: DatabaseAway says that nothing was kept."""
    return _BEFORE


class _Clearly(AbstractContextManager[None]):
    """Around every transaction: a generator would take twice as long."""

    def __init__(self, *, nothing_began: bool) -> None:
        self._nothing_began = nothing_began

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, DBAPIError):
            return
        if isinstance(error, IntegrityError | DataError):
            raise RowRefused from error
        told = [one for one in map(_told, _reasons(error)) if one is not None]
        for wanted in (DatabaseFull, DatabaseBusy):
            for one in told:
                if isinstance(one, wanted):
                    is_known = self._nothing_began and isinstance(one, DatabaseAway)
                    raise (DatabaseAway(nothing_began=True) if is_known else one) from error


_CLEARLY: Final = _Clearly(nothing_began=False)
_BEFORE: Final = _Clearly(nothing_began=True)


def _told(error: BaseException) -> StoreError | None:
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", "")
    return _of_sqlite(error.orig) if state == "" else _of_postgres(error, state)


def _of_sqlite(error: BaseException | None) -> StoreError | None:
    text, name = str(error), getattr(error, "sqlite_errorname", "")
    if "full" in text or "No space left" in text or name == _NO_ROOM:
        return DatabaseFull()
    if name.startswith(_FORBIDDEN):
        return DatabaseForbidden()
    return DatabaseBusy() if "locked" in text or "busy" in text else None


def _of_postgres(error: DBAPIError, state: str | None) -> StoreError | None:
    """*state* is None where the server said nothing any more."""
    if state == _FULL:
        return DatabaseFull()
    if state in _FORBIDS:
        return ServerForbids()
    if state in _BUSY:
        return DatabaseBusy()
    is_away = state in _AWAY or state.startswith("08") if state else isinstance(error, OperationalError)
    return DatabaseAway() if is_away or error.connection_invalidated else None


def _reasons(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that were being handled when it came."""
    while error is not None:
        yield error
        error = error.__context__
