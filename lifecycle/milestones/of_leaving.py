"""Milestones of a right to leave on set days: by when to give notice for each coming end.

They are deadlines as those of a term that renews by itself are: whoever says nothing is bound until the next end. Once
nobody can argue any more that an end is reached, its milestone is over, as the next one is there. Theirs are markers;
so are those of each month's end, as nobody has to act where another end comes a month later (ADR 48).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from lifecycle.milestones.milestone import Derived, MilestoneKey, MilestoneKind
from lifecycle.terms.leaving_days import SET_DAYS, ways_out
from lifecycle.terms.provisions import EndsAt, Side

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.of_terms import Basis
    from lifecycle.terms.leaving_days import WayOut
    from lifecycle.terms.provisions import ForConvenience, Terms
    from lifecycle.terms.reckoning import Reckoning

_LONG_AGO: Final = timedelta(days=400)


def of_leaving(agreement: Agreement, terms: Terms, basis: Basis, *, from_on: date) -> Iterator[Iterator[list[Derived]]]:
    """A series for each right to leave on set days: one milestone for each end that can still be reached."""
    by = basis.reckoning(MilestoneKind.LEAVING)
    for index, leave in enumerate(terms.for_convenience):
        if leave.ends in SET_DAYS:
            yield _series(agreement, f"l{index + 1}", terms, leave, from_on, by)


def _series(  # noqa: PLR0913, PLR0917 - one right of many, from a day on
    agreement: Agreement, subject: str, terms: Terms, leave: ForConvenience, from_on: date, by: Reckoning
) -> Iterator[list[Derived]]:
    """Also an end that nobody can reach any more, while a later day that somebody has pinned is ahead."""
    pinned = {one.cycle: one.pin.on for one in agreement.pins if one.subject == subject and one.pin.on >= from_on}
    for way in ways_out(terms, leave, from_on - _LONG_AGO if pinned else from_on, by):
        over_on = max(way.reading.latest_on, pinned.get(way.cycle, way.reading.latest_on))
        if over_on >= from_on:
            yield [_milestone(agreement, subject, leave, way)._replace(over_on=over_on)]


def _milestone(agreement: Agreement, subject: str, leave: ForConvenience, way: WayOut) -> Derived:
    is_ours = leave.side is not Side.THEIRS
    is_deadline = is_ours and leave.ends is not EndsAt.MONTH_END
    return Derived(
        key=MilestoneKey(agreement.id, subject, MilestoneKind.LEAVING, way.cycle),
        is_deadline=is_deadline,
        reading=way.reading,
        target_on=way.target_on if is_deadline else way.reading.safe_on,
        side=(Side.OURS if is_ours else Side.THEIRS).value,
        cutoff=way.cutoff,
        then_on=way.expires_on,
        clause=way.clause,
    )
