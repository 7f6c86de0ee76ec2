"""A calendar file of what its reader may see: the entries of the register, and the settings of the feed as a view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from cli.errors import UsageRefused
from engine.delivery.composing import facts_of
from engine.zones import zone
from lifecycle.errors import LifecycleError
from lifecycle.words import listed
from notifiers.calendar import (
    Closed,
    Detail,
    FeedEntry,
    FeedView,
    FeedWindow,
    Reminders,
    entry_of,
    feed,
    left_out,
    todo,
)
from store.queries.feeds import MONTHS_AHEAD, FeedRow, FeedScope, feed_entries, span

if TYPE_CHECKING:
    from pathlib import Path

    from cli.run import Run
    from engine.monitor import Work
    from store.queries.feeds import FeedSpan

REMINDER_DAYS: Final = range(1, 366)
MOST_REMINDERS: Final = 5
_FEED_ID: Final = "render"  # of its empty entry's UID; no subscription is called so


class TooMuchDetail(LifecycleError):
    """The house does not let feeds tell so much."""

    code = "feed-detail"

    def __init__(self, asked: str, most: str) -> None:
        super().__init__(
            f"A feed may tell at most {most} here, not {asked}.",
            remedy=f"Say --detail {most}, or change LONGSTOP_FEED_MAX_DETAIL.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a feed shall be; *detail* empty is the most that the house allows."""

    scope: FeedScope
    name: str
    detail: str
    reminders: Reminders
    reminder_days: tuple[int, ...]
    months_ahead: int
    is_timed: bool
    is_todo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The bytes of a feed, and what is in them."""

    data: bytes
    entries: int
    left_out: int
    detail: Detail
    window: FeedSpan


def rendered(run: Run, work: Work, wanted: Wanted) -> Rendered:
    """The feed as it would be served now. Raises SearchRefused, TooMuchDetail, UsageRefused."""
    if wanted.months_ahead not in MONTHS_AHEAD:
        raise UsageRefused(
            f"--months-ahead is {wanted.months_ahead}.", remedy=f"Say {MONTHS_AHEAD[0]} to {MONTHS_AHEAD[-1]}."
        )
    detail = _allowed(wanted.detail, run.settings.feed_max_detail)
    shown = span(run.today, zone(work.house.time_zone), months_ahead=wanted.months_ahead)
    entries = [_entry(work, row, detail) for row in feed_entries(work, wanted.scope, shown)]
    view = _view(run, work, wanted, shown)
    if wanted.is_todo:
        entries = [entry for entry in entries if entry.is_deadline]
        data, dropped = todo(view, entries, detail=detail), 0
    else:
        data = feed(view, entries, detail=detail, reminders=wanted.reminders)
        dropped = left_out(view, entries, detail=detail, reminders=wanted.reminders)
    return Rendered(data=data, entries=len(entries), left_out=dropped, detail=detail, window=shown)


def reminder_days(given: list[int] | None) -> tuple[int, ...]:
    """The days before a deadline on which a feed reminds. Raises UsageRefused."""
    days = tuple(sorted(set(given or (30, 7)), reverse=True))
    if len(days) > MOST_REMINDERS or any(day not in REMINDER_DAYS for day in days):
        raise UsageRefused(
            f"--reminder-days: {listed(map(str, days))} cannot be.",
            remedy=f"Say at most {MOST_REMINDERS} times {REMINDER_DAYS[0]} to {REMINDER_DAYS[-1]} days.",
        )
    return days


def write(file: Path, data: bytes) -> None:
    """Let *file* be *data* at once: a calendar program that reads it meanwhile sees the old one or the new one."""
    draft = file.with_name(f".{file.name}.new")
    draft.write_bytes(data)
    draft.replace(file)


def feed_document(file: Path | None, made: Rendered) -> dict[str, Any]:
    """A feed as scripts read it; its text where it went to no file."""
    import hashlib

    return {
        "file": str(file) if file else None,
        "detail": made.detail,
        "entries": made.entries,
        "left_out": made.left_out,
        "first_on": made.window.first_on,
        "last_on": made.window.last_on,
        "bytes": len(made.data),
        "sha256": hashlib.sha256(made.data).hexdigest(),
        "ics": None if file else made.data.decode(),
    }


def _allowed(asked: str, most: str) -> Detail:
    """Each detail tells all that the one before it tells, so their order decides."""
    order = list(Detail)
    if order.index(Detail(asked or most)) > order.index(Detail(most)):
        raise TooMuchDetail(asked, most)
    return Detail(asked or most)


def _view(run: Run, work: Work, wanted: Wanted, shown: FeedSpan) -> FeedView:
    """The feed's own settings. It was made with the register, so that no day of today is in its bytes (F1)."""
    born_at = next((one.at for one in work.log.after(0, 1)), work.now)
    return FeedView(
        instance=UUID(work.keeping.fact("instance") or str(UUID(int=0))),
        feed_id=_FEED_ID,
        name=wanted.name,
        base_url=work.house.base_url,
        window=FeedWindow(shown.first_on, shown.last_on),
        refresh=run.settings.feed_refresh,
        created_on=born_at.astimezone(shown.zone).date(),
        changed_at=born_at,
        timed=wanted.is_timed,
        reminder_days=wanted.reminder_days,
    )


def _entry(work: Work, row: FeedRow, detail: Detail) -> FeedEntry:
    closing = row.closing
    closed = Closed(closing.how, closing.at, closing.choice) if closing else None
    facts = facts_of(work, row.agreement, row.milestone, with_why=detail is Detail.FULL)
    return entry_of(facts, row.milestone.key.subject, changed_at=row.changed_at, closed=closed)
