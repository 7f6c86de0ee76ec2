"""The connection of one transaction, which sends new rows late and together.

Inserts wait in a buffer and leave as one statement per table, before anything else is asked or at the end. A savepoint
costs nothing until something is sent: what fails while its rows still wait is simply forgotten.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, insert
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from store.types import Instant, to_micros

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, CursorResult, NestedTransaction, Table
    from sqlalchemy.sql.base import Executable

    Row = dict[str, Any]


class Session:
    """Executes statements in order; buffered inserts go before whatever could see them."""

    def __init__(self, connection: Connection) -> None:
        """Speak on *connection*."""
        self._connection = connection
        self._waiting: dict[Table, list[Row]] = {}  # in the order in which tables may refer to one another
        self._marks: dict[Table, int] | None = None  # what waited when the open savepoint began
        self._savepoint: NestedTransaction | None = None
        self.is_sqlite = connection.dialect.name == "sqlite"

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Send a statement, after all that waits."""
        self.flush()
        return self._connection.execute(statement, parameters)

    def stream(self, statement: Executable) -> CursorResult[Any]:
        """Send a question whose rows are read as they are asked for."""
        self.flush()
        return self._connection.execution_options(yield_per=500).execute(statement)

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Keep new rows until the next flush. Tables are sent in the order in which they were first named."""
        self._waiting.setdefault(table, []).extend(rows)

    def waiting(self, table: Table, **where: object) -> Row | None:
        """The newest row of a table that still waits and has these values; it may be changed in place."""
        rows = self._waiting.get(table, ())
        return next((row for row in reversed(rows) if all(row[name] == value for name, value in where.items())), None)

    def flush(self) -> None:
        """Send all that waits; what belongs to an open savepoint goes behind its beginning."""
        if self._marks is not None and self._savepoint is None:
            self._send({table: rows[: self._marks.get(table, 0)] for table, rows in self._waiting.items()})
            self._waiting = {table: rows[self._marks.get(table, 0) :] for table, rows in self._waiting.items()}
            self._savepoint = self._connection.begin_nested()
        self._send(self._waiting)
        self._waiting = {}

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that stands or falls alone."""
        self._marks = {table: len(rows) for table, rows in self._waiting.items()}
        try:
            yield
        except BaseException:
            if self._savepoint is not None:
                self._savepoint.rollback()
                self._waiting = {}
            else:
                self._waiting = {table: rows[: self._marks.get(table, 0)] for table, rows in self._waiting.items()}
            raise
        else:
            if self._savepoint is not None:
                self.flush()
                self._savepoint.commit()
        finally:
            self._marks = self._savepoint = None

    def _send(self, waiting: Mapping[Table, list[Row]]) -> None:
        for table, rows in waiting.items():
            if not rows:
                continue
            if self.is_sqlite:
                writer = _writer(table)
                self._connection.exec_driver_sql(writer.sql, [writer.values(row) for row in rows])
            else:
                self._connection.execute(insert(table), rows)


class _Writer:
    """How rows of a table are given to the driver of SQLite: a third of the time of the general way."""

    def __init__(self, table: Table) -> None:
        names = [column.name for column in table.columns if not _is_counted(table, column.name)]
        places = ", ".join("?" * len(names))
        self.sql = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - our own names
        self._converters = [(name, _converter(table, name)) for name in names]

    def values(self, row: Row) -> tuple[Any, ...]:
        """A row in the order of the statement; what is not named has the column's default."""
        return tuple(convert(row.get(name)) for name, convert in self._converters)


_WRITERS: dict[Table, _Writer] = {}


def _writer(table: Table) -> _Writer:
    if table not in _WRITERS:
        _WRITERS[table] = _Writer(table)
    return _WRITERS[table]


def _is_counted(table: Table, name: str) -> bool:
    """Whether the database itself numbers the rows by this column."""
    return table.autoincrement_column is not None and table.autoincrement_column.name == name


def _converter(table: Table, name: str) -> Callable[[Any], Any]:
    column = table.columns[name]
    if isinstance(column.type, Instant):
        return lambda at: None if at is None else to_micros(at)
    if isinstance(column.type, Date):
        return lambda day: None if day is None else date.isoformat(day)
    default = column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
    if default is None:
        return lambda value: value
    return lambda value: default if value is None else value
