"""Until when something is protected, in a cell of a table."""

from __future__ import annotations

from typing import Any


def protected_words(protected: dict[str, Any] | None) -> str:
    """``2031-06-30 by NDA-1``; *no end* where nobody knows one."""
    if protected is None:
        return "by nothing"
    return f"{protected['until_on'] or 'no end'} by {protected['by']}"
