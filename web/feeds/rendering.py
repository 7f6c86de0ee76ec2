"""From the register to the pieces of a calendar: the settings of a feed, the rights of its reader, the renderer.

``longstop feed render`` and rehearsals render by the same functions as the door, so all of them give the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING
from uuid import UUID

from engine.delivery.composing import facts_of
from engine.zones import zone
from lifecycle.feeds import Detail, Feed, Reminders
from notifiers.calendar import (
    Body,
    Closed,
    FeedEntry,
    FeedView,
    FeedWindow,
    bound,
    entry_of,
    pieces,
    todo_pieces,
)
from store.queries.feeds import FeedScope, feed_entries, span
from store.queries.search import parse_search

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from engine.monitor import Work
    from lifecycle.people import Person
    from notifiers.calendar import Piece
    from store.queries.feeds import FeedRow, FeedSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What the house says of all its feeds: how often apps look again, the most that is told, the cap in bytes."""

    refresh: timedelta = timedelta(hours=6)
    most: Detail = Detail.FULL
    max_bytes: int = 921_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a calendar is: *person* with the rights of now, None the operator; of *owner_id*'s alone, if given."""

    person: Person | None
    owner_id: str | None = None
    is_todo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All that a calendar follows from, but the register."""

    view: FeedView
    scope: FeedScope
    shown: FeedSpan
    detail: Detail
    reminders: Reminders
    is_todo: bool


def shown_of(work: Work, months_ahead: int) -> FeedSpan:
    """The window of a feed today, by the days of the organisation's zone."""
    home = zone(work.house.time_zone)
    return span(work.now.astimezone(home).date(), home, months_ahead=months_ahead)


def scene_of(work: Work, feed: Feed, style: Style, reader: Reader) -> Scene:
    """The scene of a feed for its reader. Raises SearchRefused for words that nobody knows any more."""
    shown = shown_of(work, feed.months_ahead)
    view = FeedView(
        instance=UUID(work.keeping.fact("instance") or str(UUID(int=0))),
        feed_id=feed.id,
        name=feed.name,
        base_url=work.house.base_url,
        window=FeedWindow(shown.first_on, shown.last_on),
        refresh=style.refresh,
        created_on=feed.created_at.astimezone(shown.zone).date(),
        changed_at=feed.changed_at,
        colour=feed.colour,
        timed=feed.timed,
        reminder_days=feed.reminder_days,
        max_bytes=style.max_bytes,
    )
    scope = FeedScope(
        search=parse_search(feed.search), kinds=frozenset(feed.kinds), owner_id=reader.owner_id, person=reader.person
    )  # fmt: skip
    detail = feed.detail.at_most(style.most)
    return Scene(
        view=view, scope=scope, shown=shown, detail=detail, reminders=feed.reminders, is_todo=reader.is_todo
    )  # fmt: skip


def entries_of(work: Work, scene: Scene, holders: Collection[str] | None = None) -> Iterable[FeedEntry]:
    """What the calendar tells; with *holders* what it tells of these agreements."""
    rows = list(feed_entries(work, scene.scope, scene.shown, holders=holders))
    work.people.read(
        one for row in rows for one in (row.milestone.owner_id, row.agreement.owner_id, row.agreement.backup_id)
    )
    for row in rows:
        yield _entry(work, row, scene.detail)


def pieces_of(
    work: Work, scene: Scene, holders: Collection[str] | None = None
) -> dict[str, tuple[Piece, ...]]:  # fmt: skip
    """The calendar's components by the agreement on which they hang."""
    by_holder: defaultdict[str, list[FeedEntry]] = defaultdict(list)
    for entry in entries_of(work, scene, holders):
        by_holder[entry.holder].append(entry)
    return {holder: tuple(_pieces(scene, entries)) for holder, entries in by_holder.items()}


def body_of(scene: Scene, made: Mapping[str, tuple[Piece, ...]]) -> Body:
    """The whole calendar."""
    together = chain.from_iterable(made.values())
    return bound(scene.view, together, detail=scene.detail, is_todo=scene.is_todo)


def rendered(work: Work, scene: Scene) -> Body:
    """The calendar as it is now."""
    return body_of(scene, pieces_of(work, scene))


def _pieces(scene: Scene, entries: Iterable[FeedEntry]) -> Iterable[Piece]:
    if scene.is_todo:
        return todo_pieces(scene.view, entries, detail=scene.detail)
    return pieces(scene.view, entries, detail=scene.detail, reminders=scene.reminders)


def _entry(work: Work, row: FeedRow, detail: Detail) -> FeedEntry:
    closing = row.closing
    closed = Closed(closing.how, closing.at, closing.choice) if closing else None
    is_told = detail is Detail.FULL and not row.agreement.is_restricted
    facts = facts_of(work, row.agreement, row.milestone, with_why=is_told)
    return entry_of(facts, row.milestone.key.subject, changed_at=row.changed_at, closed=closed)
