"""A calendar file of what its reader may see, and what scripts read of feeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.feeds import must_be_possible
from lifecycle.feeds import COLOURS, Detail, Feed, Reminders
from web.feeds.once import UNKEPT, born_at
from web.feeds.rendering import Reader, Style, rendered, scene_of

if TYPE_CHECKING:
    from pathlib import Path

    from cli.run import Run
    from config.settings import Settings
    from engine.monitor import Work
    from lifecycle.milestones.milestone import MilestoneKind
    from lifecycle.people import Person
    from notifiers.calendar import Body
    from store.queries.feeds import FeedSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a feed shall be; *detail* empty is the most that the house allows."""

    name: str = "Deadlines"
    search: str = ""
    kinds: tuple[MilestoneKind, ...] = ()
    detail: str = ""
    reminders: Reminders = Reminders.NONE
    reminder_days: tuple[int, ...] = (30, 7)
    months_ahead: int = 24
    timed: bool = False
    todo: bool = False
    colour: str = COLOURS[0]

    def feed(self, work: Work, most: Detail, *, person_id: str = "", feed_id: str = UNKEPT) -> Feed:
        """As a feed that is as old as the register."""
        at = born_at(work)
        return Feed(
            id=feed_id,
            person_id=person_id,
            name=self.name,
            search=self.search,
            kinds=self.kinds,
            detail=Detail(self.detail or most),
            reminders=self.reminders,
            reminder_days=self.reminder_days,
            timed=self.timed,
            todo=self.todo,
            months_ahead=self.months_ahead,
            colour=self.colour,
            created_at=at,
            changed_at=at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A calendar file, and what is in it."""

    body: Body
    detail: Detail
    window: FeedSpan


def style_of(settings: Settings) -> Style:
    """What the house says of all its feeds."""
    return Style(refresh=settings.feed_refresh, most=Detail(settings.feed_max_detail))


def rendered_now(run: Run, work: Work, wanted: Wanted, *, person: Person | None, owner_id: str | None) -> Rendered:
    """The feed as it would be served now. Raises FeedRefused, TooMuchDetail, SearchRefused."""
    style = style_of(run.settings)
    feed = wanted.feed(work, style.most)
    must_be_possible(feed, style.most)
    scene = scene_of(work, feed, style, Reader(person=person, owner_id=owner_id, is_todo=wanted.todo))
    return Rendered(body=rendered(work, scene), detail=scene.detail, window=scene.shown)


def days_before(given: list[int] | None) -> tuple[int, ...]:
    """The days before a deadline on which a feed reminds, the longest first."""
    return tuple(sorted(set(given or (30, 7)), reverse=True))


def file_document(file: Path | None, made: Rendered) -> dict[str, Any]:
    """A calendar file as scripts read it; its text where it went to no file."""
    import hashlib

    data = made.body.data
    return {
        "file": str(file) if file else None,
        "detail": made.detail,
        "entries": made.body.entries,
        "left_out": made.body.left_out,
        "first_on": made.window.first_on,
        "last_on": made.window.last_on,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "ics": None if file else data.decode(),
    }
