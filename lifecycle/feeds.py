"""What a calendar feed is: whose it is, which milestones it shows, how much it tells of them (CALENDAR.md F6 to F8).

A feed is a projection that somebody subscribes to, never a delivery. Its address is no part of it: addresses come and
go, the feed stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from lifecycle.errors import LifecycleError
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.words import listed, shown

MONTHS_AHEAD: Final = range(3, 61)
REMINDER_DAYS: Final = range(1, 366)
MOST_REMINDERS: Final = 5
NAME_LIMIT: Final = 60
SEARCH_LIMIT: Final = 500
MOST_FEEDS: Final = 20  # that are open, of one person
MINE: Final = "owner:me"
#: Names of CSS3, as RFC 7986 5.9 wants them; that all apps know.
COLOURS: Final = (
    "steelblue", "crimson", "darkorange", "goldenrod", "seagreen", "teal", "slateblue", "mediumvioletred", "sienna",
    "slategray",
)  # fmt: skip


class Detail(StrEnum):
    """How much a feed tells; each tells all that the one before it tells."""

    BUSY = "busy"
    REDACTED = "redacted"
    FULL = "full"

    def at_most(self, most: Detail) -> Detail:
        """This, or *most* where that tells less."""
        return min(self, most, key=list(Detail).index)


class Reminders(StrEnum):
    """What a feed adds before an open deadline."""

    NONE = "none"
    EVENTS = "events"
    ALARMS = "alarms"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed and its settings. *search* are the words of lists; no *kinds*: all deadlines, and last days in force."""

    id: str
    person_id: str
    name: str
    created_at: datetime
    changed_at: datetime
    search: str = MINE
    kinds: tuple[MilestoneKind, ...] = ()
    detail: Detail = Detail.FULL
    reminders: Reminders = Reminders.NONE
    reminder_days: tuple[int, ...] = (30, 7)
    timed: bool = False  # a deadline with a cut-off is the half hour before it
    todo: bool = False  # with a side feed of things to do
    months_ahead: int = 24
    colour: str = COLOURS[0]


class FeedRefused(LifecycleError):
    """A setting that no feed can have; *field* is the setting's name."""

    code = "usage"

    def __init__(self, field: str, sentence: str, *, remedy: str) -> None:
        super().__init__(sentence, remedy=remedy)
        self.field = field


class TooMuchDetail(FeedRefused):
    """The house does not let feeds tell so much."""

    code: ClassVar[str] = "feed-detail"

    def __init__(self, asked: Detail, most: Detail) -> None:
        super().__init__(
            "detail",
            f"A feed may tell at most {most.value} here, not {asked.value}.",
            remedy=f"Say {most.value}, or change LONGSTOP_FEED_MAX_DETAIL.",
        )


def must_be_possible(feed: Feed, most: Detail) -> None:
    """Raises FeedRefused for a setting that no feed can have, TooMuchDetail above *most*."""
    name = feed.name.strip()
    if not name or len(name) > NAME_LIMIT:
        told = f"{shown(feed.name)} has {len(name)} characters." if name else "A feed needs a name."
        raise FeedRefused("name", told, remedy=f"Give it one of at most {NAME_LIMIT} characters.")
    if len(feed.search) > SEARCH_LIMIT:
        raise FeedRefused("search", "The search is too long.", remedy=f"Use at most {SEARCH_LIMIT} characters.")
    if feed.months_ahead not in MONTHS_AHEAD:
        remedy = f"Say {MONTHS_AHEAD[0]} to {MONTHS_AHEAD[-1]}."
        raise FeedRefused("months_ahead", f"A feed cannot look {feed.months_ahead} months ahead.", remedy=remedy)
    if feed.colour not in COLOURS:
        raise FeedRefused("colour", f"{shown(feed.colour)} is no colour of feeds.", remedy=f"Use {listed(COLOURS)}.")
    _must_remind(feed.reminder_days)
    if feed.detail.at_most(most) is not feed.detail:
        raise TooMuchDetail(feed.detail, most)


def _must_remind(days: tuple[int, ...]) -> None:
    if not days or len(days) > MOST_REMINDERS or any(day not in REMINDER_DAYS for day in days):
        raise FeedRefused(
            "reminder_days",
            f"A feed cannot remind {listed(map(str, days)) or 'no'} days before.",
            remedy=f"Give at most {MOST_REMINDERS} numbers from {REMINDER_DAYS[0]} to {REMINDER_DAYS[-1]}.",
        )
