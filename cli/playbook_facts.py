"""What only the register knows of a playbook: whom its steps reach, and which of its stages are over already."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from config.playbooks import RegisterFacts
from engine.delivery.recipients import resolve
from engine.planning import Planner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.days.calendars import BusinessCalendar
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.playbooks.playbook import Playbook, Stage

_TRIED = 0  # a version that no playbook in force has


class _Followed(NamedTuple):
    playbook: Playbook
    agreement: Agreement
    milestone: Milestone


def register_facts(
    work: Work, new: Sequence[Playbook], *, sees: Callable[[Agreement], bool] = lambda _: True
) -> RegisterFacts:
    """For how many agreements an audience of *new* reaches nobody, for how many milestones a stage is over.

    *sees* says which agreements may be spoken of.
    """
    unreached: dict[tuple[str, str], set[str]] = {}
    past: Counter[tuple[str, str]] = Counter()
    for one in (each for each in _following(work, new) if sees(each.agreement)):
        for audience in _unreached(work, one):
            unreached.setdefault((one.playbook.name, audience), set()).add(one.agreement.id)
        today, calendar = work.today(one.agreement), work.calendar(one.agreement.calendar)
        past.update(
            (one.playbook.name, stage.key)
            for stage in one.playbook.stages
            if _day(stage, one.milestone.safe_on, calendar) < today
        )
    return RegisterFacts(unreached={key: len(ids) for key, ids in unreached.items()}, past=past)


def _following(work: Work, new: Sequence[Playbook]) -> Iterator[_Followed]:
    """The live deadlines that *new* would be for, beside the other playbooks in force."""
    names = {playbook.name for playbook in new}
    others = {place: playbook for place, playbook in work.playbooks.items() if place[0] not in names}
    planner = Planner(work, {**others, **{(playbook.name, _TRIED): playbook for playbook in new}})
    rows = [row for row in work.milestones.live() if row.is_deadline]
    known = work.agreements.many(row.key.holder for row in rows)
    for row in rows:
        playbook, version = planner.playbook(known[row.key.holder], row.key.kind)
        if version == _TRIED:
            yield _Followed(playbook, known[row.key.holder], row)


def _unreached(work: Work, one: _Followed) -> Iterator[str]:
    asked = {audience: step.via for stage in one.playbook.stages for step in stage.steps for audience in step.ask}
    for audience, via in asked.items():
        if not resolve(work, (audience,), via, agreement=one.agreement, milestone=one.milestone):
            yield str(audience)


def _day(stage: Stage, safe_on: date, calendar: BusinessCalendar) -> date:
    if stage.at.is_business:
        return calendar.shift(safe_on, stage.at.number)
    return safe_on + timedelta(days=stage.at.number)
