"""When time next changes an agreement: its status, or one of its milestones."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from engine.zones import midnight
from lifecycle.agreements.passage import next_change_on

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone


def next_passage_at(
    agreement: Agreement, live: Iterable[Milestone], today: date, extend_on: date | None
) -> datetime | None:  # fmt: skip
    """Midnight, in the agreement's zone, of the first day on which time changes something."""
    change_on = next_change_on(agreement, today)
    days = [] if change_on is None else [max(change_on, today)]
    days += [] if extend_on is None or extend_on <= today else [extend_on]
    days += [on for row in live if (on := next_time_on(row, today)) is not None]
    return midnight(min(days), agreement.time_zone) if days else None


def next_time_on(row: Milestone, today: date) -> date | None:
    """The day on which time alone changes a row: it passes, it is missed, or its subject is over."""
    after = date.fromordinal(row.safe_on.toordinal() + 1)
    if not row.is_deadline or row.missed_at is None:
        return max(after, today)
    return None if row.over_on is None else max(date.fromordinal(row.over_on.toordinal() + 1), today)


def schedule(work: Work, agreement: Agreement, live: list[Milestone], today: date, extend_on: date | None) -> None:
    """Keep when time next changes the agreement; *live* are its milestones now, *extend_on* when more follow."""
    at = next_passage_at(agreement, live, today, extend_on)
    work.agreements.schedule(agreement.id, at)
    if at is not None and at <= work.now:
        work.made_due = True
