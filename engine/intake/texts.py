"""The text of a cell, and what protects it from being taken for something else.

Words that clear a value are told from an empty cell, which says nothing. Text that a spreadsheet would take for a
formula stands behind an apostrophe in what is written, which reading takes off.
"""

import re
from datetime import datetime
from enum import Enum
from typing import Final


class Cleared(Enum):
    """A cell that says: there is none."""

    CLEARED = "cleared"


CLEARED: Final = Cleared.CLEARED
_CLEAR_WORDS: Final = frozenset({"none", "n/a", "n.a.", "-", "\u2013", "\u2014", "--"})
_CELL_ERRORS: Final = re.compile(
    r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|NV|BEZUG!|WERT!|ZAHL!)|Err:\d{3}"
)
_ERRONEOUS: Final = frozenset("#E")
_FORMULAS: Final = frozenset("=+-@")


def as_text(cell: object) -> str:
    """The cell as text, without blanks around it: whole numbers without a point, days as ISO."""
    match cell:
        case str():
            text = cell.strip()
        case bool():
            text = "yes" if cell else "no"
        case float() if cell.is_integer():
            text = str(int(cell))
        case datetime() if cell.time() == datetime.min.time():
            text = cell.date().isoformat()
        case None:
            text = ""
        case _:
            text = str(cell)
    return text


def guarded(text: str) -> str:
    """*text* with an apostrophe before it where a program, or this one, would take it for something else.

    Text that begins with ``=``, ``+``, ``-`` or ``@`` is a formula to a spreadsheet; ``none`` would clear a value here.
    """
    return f"'{text}" if _is_mistaken(text) else text


def unguarded(text: str) -> str:
    """*text* without the apostrophe of ``guarded``."""
    return text[1:] if text[:1] == "'" and _is_mistaken(text[1:]) else text


def _is_mistaken(text: str) -> bool:
    bare = text.lstrip("'")
    return bare[:1] in _FORMULAS or says_none(bare) or is_cell_error(bare) if bare else False


def says_none(text: str) -> bool:
    """Whether *text* is a word that clears a value."""
    return text.casefold() in _CLEAR_WORDS


def is_cell_error(text: str) -> bool:
    """Whether a formula has failed: ``#N/A``, ``#REF!``."""
    return text[:1] in _ERRONEOUS and bool(_CELL_ERRORS.fullmatch(text))
