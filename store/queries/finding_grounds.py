"""What findings rest on beside the facts: milestones and their moves, asked for many agreements in few questions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from lifecycle.milestones.milestone import LIVE, MilestoneKind
from store.events import recorded
from store.milestone_rows import milestone_of
from store.schema import events, milestones
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from lifecycle.milestones.milestone import Milestone
    from store.events import Recorded
    from store.unit_of_work import UnitOfWork

#: The events in which a day was moved.
_MOVES: Final = ("MilestonesReplanned", "MoveAccepted")
_IS_LIVE: Final = milestones.c.state.in_(sorted(LIVE))


def live_audits(work: UnitOfWork, agreement_ids: Sequence[str]) -> dict[str, list[Milestone]]:
    """The audits of each of these agreements that are not over, earliest first; of none where it has none."""
    return _by_holder(work, agreement_ids, _IS_LIVE & (milestones.c.kind == MilestoneKind.AUDIT))


def every_milestone(work: UnitOfWork, agreement_ids: Sequence[str]) -> dict[str, list[Milestone]]:
    """The milestones of each of these agreements, ended ones too, earliest first."""
    return _by_holder(work, agreement_ids)


def nearest(work: UnitOfWork, agreement_ids: Sequence[str]) -> list[Milestone]:
    """Of each agreement the first live deadline that follows each playbook, earliest last safe day first."""
    place = func.row_number().over(
        partition_by=(milestones.c.agreement_id, milestones.c.playbook),
        order_by=(milestones.c.safe_on, milestones.c.id),
    )
    found: list[Milestone] = []
    for chunk in chunks(agreement_ids):
        mine = milestones.c.agreement_id.in_(chunk) & milestones.c.is_deadline & _IS_LIVE
        numbered = select(milestones.c.id, place.label("place")).where(mine).subquery()
        first = select(numbered.c.id).where(numbered.c.place == 1)
        found += _read(work, milestones.c.id.in_(first))
    return found


def moves_logged(work: UnitOfWork, agreement_ids: Sequence[str]) -> dict[str, list[Recorded]]:
    """The events of each of these agreements in which a day was moved, oldest first."""
    found: defaultdict[str, list[Recorded]] = defaultdict(list)
    for chunk in chunks(agreement_ids):
        where = events.c.agreement_id.in_(chunk) & events.c.type.in_(_MOVES)
        for row in work.session.execute(select(events).where(where).order_by(events.c.position)):
            found[row.agreement_id].append(recorded(row))
    return found


def _by_holder(
    work: UnitOfWork, agreement_ids: Sequence[str], *also: ColumnElement[bool]
) -> dict[str, list[Milestone]]:  # fmt: skip
    found: defaultdict[str, list[Milestone]] = defaultdict(list)
    for chunk in chunks(agreement_ids):
        for one in _read(work, milestones.c.agreement_id.in_(chunk), *also):
            found[one.key.holder].append(one)
    return found


def _read(work: UnitOfWork, *where: ColumnElement[bool]) -> list[Milestone]:
    ordered = select(milestones).where(*where).order_by(milestones.c.safe_on, milestones.c.id)
    return [milestone_of(row) for row in work.session.execute(ordered)]
