"""What has to change so that the rows say what the derivation says.

Rows are found by key, so a milestone stays itself when its date moves. An outcome is never touched. What was over
before anybody knew of it is history and becomes no row, however far back a day that is still owed makes us look. A day
that is later only because a calendar changed waits until a person accepts it; an earlier one holds at once (DATES.md
W6).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.milestones.milestone import LIVE, OUTCOMES, Milestone, MilestoneState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from lifecycle.milestones.milestone import Derived


class Cause(StrEnum):
    """Why everything was derived again."""

    FACTS = "facts"  # registered, amended, signed, noticed ...
    TIME = "time"  # a term renewed, the horizon moved on
    CALENDAR = "calendar"  # business days are other ones now
    PLAYBOOK = "playbook"  # another ladder, another buffer


class Pair(NamedTuple):
    """A row and what the derivation says of it now."""

    row: Milestone
    derived: Derived


@dataclass(slots=True)
class Reconciled:
    """Rows to add, move, refresh, hold back, withdraw and reopen."""

    added: list[Derived] = field(default_factory=list)
    moved: list[Pair] = field(default_factory=list)  # what readers were told no longer holds
    refreshed: list[Pair] = field(default_factory=list)  # the same last safe day, other facts beside it
    proposed: list[Pair] = field(default_factory=list)  # a later day that waits for a person
    withdrawn: list[Milestone] = field(default_factory=list)
    reopened: list[Pair] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing has to change."""
        return not (self.added or self.moved or self.refreshed or self.proposed or self.withdrawn or self.reopened)


def reconcile(rows: Iterable[Milestone], derived: Iterable[Derived], *, today: date, cause: Cause) -> Reconciled:
    """Compare *rows* with what was *derived*, key by key."""
    change = Reconciled()
    known = {row.key: row for row in rows}
    for one in derived:
        row = known.pop(one.key, None)
        if row is None:
            if not _was_over(one, today):
                change.added.append(one)
        elif row.state in LIVE:
            _follow(change, Pair(row, one), cause)
        elif _comes_back(row, one, today):
            change.reopened.append(Pair(row, one))
    change.withdrawn.extend(row for row in known.values() if row.state in LIVE and not _is_history(row, today, cause))
    return change


def born(  # noqa: PLR0913 - what the derivation does not say of it
    derived: Derived, row_id: str, *, playbook: str, version: int, armed_on: date, next_step_at: datetime | None
) -> Milestone:
    """The new row of what was derived: open, and nothing raised yet."""
    return Milestone(
        id=row_id,
        key=derived.key,
        state=MilestoneState.OPEN,
        revision=0,
        generation=0,
        armed_on=armed_on,
        playbook=playbook,
        playbook_version=version,
        next_step_at=next_step_at,
        cursor=None,
        owner_id=derived.owner_id,
        **_told_by(derived),
    )


def refreshed(pair: Pair) -> Milestone:
    """The row with what the derivation says of it now, whatever waited; its state, cursor and owner are untouched."""
    return replace(pair.row, **_told_by(pair.derived), proposed=None)


def _told_by(derived: Derived) -> dict[str, Any]:
    """What a row takes from its derivation, by the names of the row."""
    reading = derived.reading
    return {
        "is_deadline": derived.is_deadline,
        "safe_on": reading.safe_on,
        "target_on": derived.target_on,
        "nominal_on": reading.nominal_on,
        "latest_on": reading.latest_on,
        "name": derived.name,
        "side": derived.side,
        "opens_on": derived.opens_on,
        "cutoff": derived.cutoff,
        "then": derived.then,
        "then_on": derived.then_on,
        "over_on": derived.over_on,
        "clause": derived.clause,
        "is_pinned": derived.is_pinned,
    }


def _was_over(derived: Derived, today: date) -> bool:
    """Its subject ended, or its day passed by itself, before *today*."""
    over_on = derived.over_on if derived.is_deadline else derived.safe_on
    return over_on is not None and over_on < today


def _follow(change: Reconciled, pair: Pair, cause: Cause) -> None:
    row, derived = pair
    if cause is Cause.CALENDAR and row.is_deadline and derived.safe_on > row.safe_on:
        if row.proposed is None or row.proposed.safe_on != derived.safe_on:
            change.proposed.append(pair)
    elif row.proposed is not None and derived.safe_on == row.proposed.safe_on:
        return  # still the later day that nobody has accepted yet
    elif derived.safe_on != row.safe_on:
        change.moved.append(pair)
    elif row.proposed is not None or _differs(row, derived):
        change.refreshed.append(pair)


def _differs(row: Milestone, derived: Derived) -> bool:
    told = _told_by(derived)
    return attrgetter(*told)(row) != tuple(told.values())


def _comes_back(row: Milestone, derived: Derived, today: date) -> bool:
    """A withdrawn row whose reason is back; a passed or mooted one whose day lies ahead again."""
    if row.state in OUTCOMES:
        return False
    return row.state is MilestoneState.WITHDRAWN or (derived.safe_on > row.safe_on and derived.safe_on >= today)


def _is_history(row: Milestone, today: date, cause: Cause) -> bool:
    """A row whose day has come is not withdrawn by time: it is passed or mooted where it stands.

    On the day on which a term begins its own ``renewal`` marker belongs to the term before, which is over.
    """
    return cause is not Cause.FACTS and row.safe_on <= today
