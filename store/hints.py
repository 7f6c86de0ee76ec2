"""By which index SQLite answers a question, where it would choose another one.

Of two partial indexes that both hold what is asked, SQLite takes the narrower, and then looks at every row for what the
wider one would have told it. ``with_hint`` names the index; PostgreSQL, which knows better, is told nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

if TYPE_CHECKING:
    from sqlalchemy import Engine, FromClause, Select

_SQLITE: Final = "sqlite"


def hear_hints(engine: Engine) -> None:
    """Let the questions of an engine name their index."""
    if engine.dialect.name == _SQLITE:
        engine.dialect.statement_compiler = _Hinted


def by_index(question: Select[Any], table: FromClause, index: str) -> Select[Any]:
    """*question*, answered by this index of *table*."""
    return question.with_hint(table, f"INDEXED BY {index}", _SQLITE)


class _Hinted(SQLiteCompiler):
    """Says after a table what was hinted of it."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:
        """What stands behind the table's name."""
        del table
        return text
