"""How a deadline stood on the page on which somebody answers it, and what has happened to it since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lifecycle.playbooks.due import required

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone

#: What remains to be done where something has changed meanwhile.
AGAIN: Final = "See how it stands, then say it again."


class AsShown(NamedTuple):
    """How a deadline stood on a page that was shown, as far as the page says: its generation, and ``asks_of``."""

    generation: int | None
    asks: str


def asks_of(work: Work, agreement: Agreement, row: Milestone) -> str:
    """What a page tells of a deadline that no generation says: what its stage asks for, and when it was decided."""
    asks = required(row, work.planner.frame(agreement, row)).value
    return f"{asks} {row.decision.at.isoformat() if row.decision else ''}"


def changed_since(work: Work, agreement: Agreement, row: Milestone, shown: AsShown, *, is_done: bool) -> str:
    """What has happened since a page was shown, for which what is answered there may no longer be meant; "": nothing.

    *is_done*: the answer says that it was done, which holds whatever a stage asks for.
    """
    asks, _, decided_at = asks_of(work, agreement, row).partition(" ")
    asked_then, _, decided_then = shown.asks.partition(" ")
    if shown.generation not in {None, row.generation} or (shown.asks and decided_at != decided_then):
        return "Somebody has answered since you opened this page."
    if shown.asks and asks != asked_then and not is_done:
        return "Another stage has begun since you opened this page."
    return ""
