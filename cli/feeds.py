"""A calendar file of what whoever asks may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from engine.composing import facts_of
from lifecycle.milestones import LIVE, OUTCOMES
from notifiers.calendar import Closed, Detail, FeedEntry, FeedView, FeedWindow, Reminders, entry_of, feed, todo
from store.queries import DeadlineFilter, DeadlineRow, Queries
from store.queries.search import parse_search

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work

_BACK: Final = timedelta(days=90)
_AHEAD: Final = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a feed shall be."""

    search: str
    name: str
    detail: str
    reminders: str
    with_markers: bool
    is_todo: bool


def rendered(run: Run, work: Work, wanted: Wanted) -> tuple[bytes, int]:
    """The bytes of the feed, and how many entries are in it. Raises SearchRefused."""
    window = FeedWindow(run.today - _BACK, run.today + _AHEAD)
    rows = Queries.of(work).deadlines(
        DeadlineFilter(
            search=parse_search(wanted.search),
            from_on=window.first_on,
            until_on=window.last_on,
            states=LIVE | OUTCOMES,
            with_markers=wanted.with_markers,
        ),
        run.today,
    )
    entries = [_entry(work, row) for row in rows]
    changed_at = max((entry.changed_at for entry in entries), default=_day_start(run))
    view = FeedView(
        instance=UUID(work.keeping.fact("instance") or str(UUID(int=0))),
        feed_id="cli",
        name=wanted.name,
        base_url=work.house.base_url,
        window=window,
        refresh=run.settings.feed_refresh,
        created_on=run.today,
        changed_at=changed_at,
    )
    if wanted.is_todo:
        return todo(view, entries, detail=Detail(wanted.detail)), sum(entry.is_deadline for entry in entries)
    return feed(view, entries, detail=Detail(wanted.detail), reminders=Reminders(wanted.reminders)), len(entries)


def _entry(work: Work, row: DeadlineRow) -> FeedEntry:
    milestone, agreement = row
    outcome = milestone.outcome
    closed = Closed(outcome.kind.value, outcome.at, outcome.reason) if outcome else None
    history = work.log.of_agreement(agreement.id)
    changed_at = history[-1].at if history else work.now
    facts = facts_of(work, agreement, milestone)
    return entry_of(facts, milestone.key.subject, changed_at=changed_at, closed=closed)


def _day_start(run: Run) -> datetime:
    return datetime.combine(run.today, time.min, UTC)
