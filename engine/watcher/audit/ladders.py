"""Whether each deadline is looked at when its ladder says: the nearest each time, of the others a part each time.

An instant that is later than the ladder's is a message that comes too late. An earlier one does no harm.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.bulk import LATER
from engine.watcher.watching import Finding
from lifecycle.milestones.milestone import MilestoneState
from lifecycle.playbooks.due import next_look
from store.queries.audit import live_ids

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.milestones.milestone import Milestone

_NEAR: Final = timedelta(days=14)
_MOST_NEAR: Final = 50
_PART: Final = 25


class Place(NamedTuple):
    """How far the walk came: the last safe day and the id of the last one that was looked at."""

    safe_on: date
    id: str


def misplaced(work: Work, before: Place | None) -> tuple[list[Finding], Place | None]:
    """What is looked at too late, and how far the walk came; None when it begins anew."""
    today = work.now.date()
    near = live_ids(work.connection, (today - _NEAR, ""), _MOST_NEAR, until_on=today + _NEAR)
    part = live_ids(work.connection, before or (date.min, ""), _PART)
    ids = list(dict.fromkeys(one for _, one in (*near, *part)))
    late, unreadable = _looked_through(work, ids)
    found = []
    if late:
        told = f"{len(late)} deadlines are looked at later than their ladder says, one is {late[0]}. "
        found.append(Finding("later_than_ladder", len(late), f"{told}Amend their agreement, which plans it anew."))
    if unreadable:
        told = f"{len(unreadable)} deadlines cannot be read, one is {unreadable[0]}. Restore a backup."
        found.append(Finding("unreadable", len(unreadable), told))
    return found, Place(*part[-1]) if len(part) == _PART else None


def _looked_through(work: Work, ids: list[str]) -> tuple[list[str], list[str]]:
    """The ids of those that are looked at too late, and of those that cannot be read."""
    rows, unreadable = _read(work, ids)
    work.agreements.fetch({one.key.holder for one in rows})
    work.milestones.fetch_raised([one.id for one in rows])
    late = []
    for row in rows:
        try:
            if _is_late(work, row):
                late.append(row.id)
        except Exception:  # noqa: BLE001 - whatever is wrong with one, the others are looked at
            unreadable.append(row.id)
    return late, unreadable


def _read(work: Work, ids: list[str]) -> tuple[list[Milestone], list[str]]:
    try:
        return list(work.milestones.many(ids).values()), []
    except Exception:  # noqa: BLE001 - one of them cannot be read: see which
        rows, unreadable = [], []
    for one in ids:
        try:
            rows.append(work.milestones.get(one))
        except Exception:  # noqa: BLE001 - it is told, and the others are looked at
            unreadable.append(one)
    return rows, unreadable


def _is_late(work: Work, row: Milestone) -> bool:
    """An open deadline whose next instant lies behind the next step; one that made trouble is put off for an hour."""
    if row.state is not MilestoneState.OPEN or not row.is_deadline or row.next_step_at is None:
        return False
    frame = work.planner.frame(work.agreements.get(row.key.holder), row)
    look = next_look(row, frame, work.now, raised=work.milestones.places_raised(row))
    return look is not None and look.step is not None and row.next_step_at > max(look.at, work.now + LATER)
