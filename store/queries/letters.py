"""Whether a text has letters beyond ASCII: of their case and width databases know too little to compare them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler


class has_other_letters(FunctionElement[bool]):  # noqa: N801 - reads as a function where it is asked
    """A condition on one text; SQLite and PostgreSQL have different patterns for it."""

    type = Boolean()
    inherit_cache = True


@compiles(has_other_letters, "sqlite")
def _by_glob(element: has_other_letters, compiler: SQLCompiler, **said: Any) -> str:  # noqa: ANN401 - the interface
    return f"({compiler.process(element.clauses, **said)} GLOB '*[^' || char(1) || '-' || char(127) || ']*')"


@compiles(has_other_letters, "postgresql")
def _by_pattern(element: has_other_letters, compiler: SQLCompiler, **said: Any) -> str:  # noqa: ANN401 - the interface
    return f"({compiler.process(element.clauses, **said)} ~ '[^\\x01-\\x7f]')"
