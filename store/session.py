"""The connection of one transaction, which sends new rows and changes late and together.

They wait in a buffer and leave as one statement per table, before anything else is asked or at the end. A savepoint
costs nothing until something is sent: what fails while its rows still wait is simply forgotten.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Update
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from store.errors import Overtaken
from store.prepared import Prepared, PreparedAmong, PreparedWrite, is_heard, written
from store.types import Instant, to_micros

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, CursorResult, NestedTransaction, Result, Table
    from sqlalchemy.sql.base import Executable

    from store.prepared import Rows

    Row = dict[str, Any]
    Waiting = dict[Table | Update, list[Row]]


class Session:
    """Executes statements in order; what waits goes before whatever could see it: new rows first, then changes."""

    def __init__(self, connection: Connection) -> None:
        """Speak on *connection*."""
        self._connection = connection
        self._waiting: Waiting = {}  # new rows and changes, in the order in which tables may refer to one another
        self._marks: dict[Table | Update, int] | None = None  # what waited when the open savepoint began
        self._savepoint: NestedTransaction | None = None
        self._sure: set[Update] = set()
        self.is_sqlite = connection.dialect.name == "sqlite"
        self.is_reading = connection.get_execution_options().get("longstop_kind") == "reads"

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Send a statement, after all that waits."""
        self.flush()
        return self._connection.execute(statement, parameters)

    def ask(self, question: Executable | Prepared, parameters: Mapping[str, Any] | None = None) -> Result[Any] | Rows:
        """Send a question to which nothing that waits can be an answer, so that all of it may go on waiting."""
        if isinstance(question, Prepared):
            return question.ask(self._connection, parameters)
        return self._connection.execute(question, parameters)

    def find(self, question: Prepared, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Send a question, after all that waits."""
        self.flush()
        return question.ask(self._connection, parameters)

    def among(
        self, question: PreparedAmong, values: Iterable[str], parameters: Mapping[str, Any] | None = None
    ) -> Iterable[Any]:  # fmt: skip
        """Send a question about these values, after all that waits."""
        self.flush()
        return question.ask(self._connection, list(values), parameters)

    def ask_among(self, question: PreparedAmong, values: Iterable[str]) -> Iterable[Any]:
        """As ``among``, where nothing that waits can be an answer."""
        return question.ask(self._connection, list(values))

    def stream(self, statement: Executable) -> CursorResult[Any]:
        """Send a question whose rows are read as they are asked for."""
        self.flush()
        return self._connection.execute(statement, execution_options={"yield_per": 500})

    def insert(self, table: Table, rows: Iterable[Row]) -> None:
        """Keep new rows until the next flush. Tables are sent in the order in which they were first named."""
        self._waiting.setdefault(table, []).extend(rows)

    def insert_missing(self, table: Table, rows: Iterable[Row], key: str) -> None:
        """Write new rows now, but those whose *key* another row has already."""
        self.flush()
        writer = _writer(table, is_sqlite=self.is_sqlite)
        _insert(self._connection, writer, rows, f"{writer.sql} ON CONFLICT ({key}) DO NOTHING")

    def change(self, statement: Update, parameters: Iterable[Row]) -> None:
        """Keep changes of single rows until the next flush; changes by one statement stay in their order."""
        self._waiting.setdefault(statement, []).extend(parameters)

    def change_surely(self, statement: Update, parameters: Iterable[Row]) -> None:
        """As ``change``; the flush raises Overtaken where a row is not there. For SQLite, which tells at once."""
        self._sure.add(statement)
        self.change(statement, parameters)

    def flush(self) -> None:
        """Send all that waits; what belongs to an open savepoint goes behind its beginning."""
        if self._marks is not None and self._savepoint is None:
            self._send(self._before_marks())
            self._waiting = {what: rows[self._marks.get(what, 0) :] for what, rows in self._waiting.items()}
            self._savepoint = self._connection.begin_nested()
        self._send(self._waiting)
        self._waiting = {}

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that stands or falls alone."""
        self._marks = {what: len(rows) for what, rows in self._waiting.items()}
        try:
            yield
            if self._savepoint is not None:
                self.flush()
                self._savepoint.commit()
        except BaseException:
            if self._savepoint is not None:
                self._savepoint.rollback()
                self._waiting = {}
            else:
                self._waiting = self._before_marks()
            raise
        finally:
            self._marks = self._savepoint = None

    def _before_marks(self) -> Waiting:
        marks = self._marks or {}
        return {what: rows[: marks.get(what, 0)] for what, rows in self._waiting.items()}

    def _send(self, waiting: Waiting) -> None:
        for what, rows in sorted(waiting.items(), key=_changes_last):
            if not rows:
                continue
            if isinstance(what, Update):
                changed = _change(what).send(self._connection, rows)
                if what in self._sure and changed != len(rows):
                    raise Overtaken
            else:
                writer = _writer(what, is_sqlite=self.is_sqlite)
                _insert(self._connection, writer, rows, writer.sql)


def chunks(names: Sequence[str], size: int = 500) -> Iterable[Sequence[str]]:
    """So many names as may be asked for in one question."""
    return (names[start : start + size] for start in range(0, len(names), size))


def _changes_last(waiting: tuple[Table | Update, list[Row]]) -> bool:
    return isinstance(waiting[0], Update)


class _Writer:
    """How rows of a table are given to the driver: a fifth of the time of the general way."""

    def __init__(self, table: Table, *, is_sqlite: bool) -> None:
        names = [column.name for column in table.columns if not _is_counted(table, column.name)]
        places = ", ".join(["?" if is_sqlite else "%s"] * len(names))
        self.sql = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - our own names
        self._defaults = {name: _default(table, name) for name in names}
        self._in_order = itemgetter(*names)
        self._converters = [(place, to) for place, name in enumerate(names) if (to := _converter(table, name))]

    def values(self, row: Row) -> tuple[Any, ...]:
        """A row in the order of the statement; what is not named has the column's default."""
        whole = row if len(row) == len(self._defaults) else self._defaults | row
        values = list(self._in_order(whole))
        for place, convert in self._converters:
            if values[place] is not None:
                values[place] = convert(values[place])
        return tuple(values)


@cache
def _change(statement: Update) -> PreparedWrite:
    """Those that wait are few, and each of them is made once for all."""
    return PreparedWrite(statement)


def _insert(connection: Connection, writer: _Writer, rows: Iterable[Row], sql: str) -> None:
    values = [writer.values(row) for row in rows]
    if is_heard(connection):
        connection.exec_driver_sql(sql, values)
    else:
        written(connection, sql, values)


@cache
def _writer(table: Table, *, is_sqlite: bool) -> _Writer:
    return _Writer(table, is_sqlite=is_sqlite)


def _is_counted(table: Table, name: str) -> bool:
    """Whether the database itself numbers the rows by this column."""
    return table.autoincrement_column is not None and table.autoincrement_column.name == name


def _converter(table: Table, name: str) -> Callable[[Any], Any] | None:
    kind = table.columns[name].type
    if isinstance(kind, Instant):
        return to_micros
    return date.isoformat if isinstance(kind, Date) else None


def _default(table: Table, name: str) -> Any:  # noqa: ANN401 - whatever the column holds
    default = table.columns[name].default
    return default.arg if isinstance(default, ScalarElementColumnDefault) else None
