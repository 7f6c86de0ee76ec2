"""The history of an agreement in words, newest first, and what was known of it on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from engine import known
from notifiers.wording import event_details, event_words, milestone_words
from web.agreements.missing import Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.events import Actor
    from lifecycle.milestones.milestone import Milestone
    from store.events import Recorded

SHOWN: Final = 100  # events on a page
_CHANNELS: Final[Mapping[str, str]] = {
    "clock": "by itself",
    "cli": "command line",
    "web": "page",
    "mail": "link in a mail",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event."""

    at: datetime
    words: str
    details: tuple[str, ...]
    who: str
    through: str


def told(history: Sequence[Recorded], rows: Sequence[Milestone]) -> list[Happened]:
    """Events as sentences, newest first; at most ``SHOWN``."""
    names = {row.id: milestone_words(row) for row in rows}

    def about(milestone_id: str) -> str:
        return names.get(milestone_id, "a date that is gone")

    return [
        Happened(
            at=one.at,
            words=event_words(one.event, about),
            details=event_details(one.event, about),
            who=one.actor.name,
            through=through_words(one.actor),
        )
        for one in reversed(history[-SHOWN:])
    ]


def through_words(actor: Actor) -> str:
    """Through what somebody acted; empty where that says no more than their name."""
    return "" if actor.channel == actor.name else _CHANNELS.get(actor.channel, actor.channel)


def known_on(work: Work, now: Agreement, on: date) -> Agreement:
    """The facts as they were known at the end of a day, in the agreement's zone. Raises Missing."""
    then = known.known_on(work, now, on)
    if then is None:
        remedy = "It was not in the register yet; ask for a later day."
        raise Missing(f"{now.reference} as of that day", remedy)
    return then
