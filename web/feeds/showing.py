"""Feeds as their pages show them: what they hold, who reads them, and three entries of one that is not made yet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.zones import day_at
from web.feeds.bodies import Which
from web.feeds.rendering import Reader, entries_of, scene_of

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.feeds import Feed
    from lifecycle.people import Person
    from store.feeds import FeedAddress
    from web.feeds.bodies import Bodies
    from web.feeds.rendering import Style

SAMPLES: Final = 3
_UNREAD: Final = timedelta(days=30)


class Sample(NamedTuple):
    """An entry as a calendar will show it."""

    on: date
    title: str
    text: str


class Line(NamedTuple):
    """A feed in a list. *entries* and *left_out* are None where nobody but its reader may know."""

    feed: Feed
    address: FeedAddress
    person: Person
    is_unread: bool
    is_over: bool
    entries: int | None = None
    left_out: int | None = None


def samples(work: Work, feed: Feed, style: Style, person: Person) -> list[Sample]:
    """The next entries that the feed would have, as they would read. Raises SearchRefused."""
    from notifiers.calendar.texts import description, detail_of, link, summary

    scene, today = scene_of(work, feed, style, Reader(person=person)), day_at(work.now, work.house.time_zone)
    ahead = sorted(
        (one for one in entries_of(work, scene) if one.safe_on >= today), key=lambda one: (one.safe_on, one.name)
    )
    found = []
    for one in ahead[:SAMPLES]:
        detail = detail_of(one, scene.detail)
        found.append(Sample(one.safe_on, summary(one, detail), description(one, detail, link(scene.view, one))))
    return found


def mine(work: Work, person: Person) -> list[Line]:
    """A person's feeds."""
    return [_line(work, feed, address) for feed, address in work.feeds.listed(person.id)]


def counted(bodies: Bodies, line: Line) -> Line:
    """A feed with how much is in it; nothing is being read meanwhile."""
    ready, _ = bodies.fresh(Which(line.feed.id, is_todo=False))
    return line._replace(entries=ready.body.entries, left_out=ready.body.left_out)


def everybodys(work: Work) -> list[Line]:
    """All feeds, for who administers; what is in them is their readers' business."""
    listed = work.feeds.listed()
    work.people.read(feed.person_id for feed, _ in listed)
    return [_line(work, feed, address) for feed, address in listed]


def _line(work: Work, feed: Feed, address: FeedAddress) -> Line:
    read_at = address.last_fetched_at or address.issued_at
    return Line(
        feed,
        address,
        work.people.get(feed.person_id),
        is_unread=work.now - read_at >= _UNREAD,
        is_over=not address.is_open(day_at(work.now, work.house.time_zone)),
    )
