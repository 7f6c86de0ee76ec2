"""Which one of its kind a milestone is, in words, and what it is called within a sentence.

The key of a milestone counts from 0 and keeps that for ever; people say "the first term" and "renewal 2".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from notifiers.words.text import one_line

if TYPE_CHECKING:
    from lifecycle.milestones.milestone import Milestone

_OF_A_TERM: Final = frozenset(
    {"notice", "option", "renewal-agreement", "notice-opens", "term-end", "confirm-end", "exit-start"}
)


def cycle_words(kind: str, cycle: str) -> str:
    """``first term``, ``renewal 2``, ``number 3``, ``2026-11``, ``2026-06-30``.

    Empty for the first or only one of an obligation.
    """
    if kind in _OF_A_TERM:
        return "first term" if cycle == "0" else f"renewal {cycle}"
    if kind != "renewal" and cycle in {"0", "1", ""}:
        return ""
    return f"number {cycle}" if cycle.isdigit() else cycle


def milestone_words(row: Milestone) -> str:
    """``notice, first term``, ``Access rights, 2026-Q4``."""
    kind = row.key.kind.value
    called = one_line(row.name) if row.name else kind.replace("-", " ")
    return ", ".join(filter(None, (called, cycle_words(kind, row.key.cycle))))
