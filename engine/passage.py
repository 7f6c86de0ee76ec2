"""What time alone brings about, once a day for whom it concerns.

1. One indexed question finds the agreements whose next passage has come (midnight in their own zone).
2. Markers whose day is over pass; deadlines whose last safe day is over are missed, once; a missed one whose subject
   is over is mooted, with an incident.
3. The agreement comes into force, renews, expires, or its survival ends.
4. Its milestones are derived up to the horizon, which has moved on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from engine.bulk import LATER, Bulk, until_done
from engine.incidents import open_incident
from engine.next_passage import next_time_on
from engine.replanning import ended, replan
from engine.zones import zone
from lifecycle.agreements.passage import evolve, passage
from lifecycle.events import MilestoneMissed, MilestoneMooted
from lifecycle.milestones.milestone import MOOTED_BY_TERM, MilestoneKind, MilestoneState
from lifecycle.milestones.reconciling import Cause
from lifecycle.words import spoken

if TYPE_CHECKING:
    from datetime import datetime

    from engine.monitor import Monitor, Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone


def advance(monitor: Monitor) -> int:
    """Let time pass for everybody whom it concerns; how many agreements were looked at."""
    at = due_at(monitor)
    return 0 if at is None or at > monitor.clock.now() else until_done(monitor, Bulk(_advance_some, _put_off))


def due_at(monitor: Monitor) -> datetime | None:
    """When time next changes an agreement."""
    with monitor.look() as work:
        return work.agreements.next_due_at()


def _advance_some(monitor: Monitor, most: int) -> int:
    with monitor.work() as work:
        ids = work.agreements.due(work.now, most)
        work.agreements.fetch(ids)
        for agreement_id in ids:
            with work.alone(agreement_id) as stood:
                pass_time(work, work.agreements.get(agreement_id))
            if not stood:
                work.agreements.schedule(agreement_id, work.now + LATER)
    return len(ids)


def _put_off(work: Work) -> str:
    (agreement_id,) = work.agreements.due(work.now, 1)
    work.agreements.schedule(agreement_id, work.now + LATER)
    return agreement_id


def pass_time(work: Work, agreement: Agreement) -> None:
    """Steps 2 to 4 for one agreement."""
    today = work.today(agreement)
    _pass_rows(work, agreement, today)
    events = passage(agreement, today)
    for event in events:
        agreement = evolve(agreement, event, today)
        work.record(event)
    if events:
        work.agreements.save(agreement)
    else:
        replan(work, agreement, because="time", cause=Cause.TIME)


def _pass_rows(work: Work, agreement: Agreement, today: date) -> None:
    changed: list[Milestone] = []
    for row in work.milestones.of(agreement.id):
        if row.is_live and (on := next_time_on(row, today)) is not None and on <= today:
            after = _after_its_day(work, agreement, row, today)
            if after is not row:
                changed.append(after)
    work.milestones.save(changed)


def _after_its_day(work: Work, agreement: Agreement, row: Milestone, today: date) -> Milestone:
    if row.safe_on >= today:
        return row
    if not row.is_deadline:
        return ended(row, MilestoneState.PASSED)
    if row.missed_at is None:
        row = replace(row, missed_at=work.now)
        work.record(
            MilestoneMissed(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, safe_on=row.safe_on)
        )
    if row.over_on is not None and row.over_on < today:
        return _mooted(work, agreement, row, row.over_on)
    return row


def _chance_after(work: Work, missed: Milestone) -> str:
    """By when the same can be decided next; "" where it cannot any more."""
    rows = work.milestones.of(missed.key.holder)
    days = [row.safe_on for row in rows if row.is_live and row.key.kind is missed.key.kind and row.id != missed.id]
    return f" The next such day is {spoken(min(days))}." if days else ""


def _mooted(work: Work, agreement: Agreement, row: Milestone, over_on: date) -> Milestone:
    """Nobody can act any more: said once to all who answer for it, and it nags no more."""
    row = ended(row, MilestoneState.MOOTED)
    work.deliveries.cancel_of_milestone(row.id, "its term is over")
    work.record(MilestoneMooted(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, over_on=over_on))
    if row.key.kind in MOOTED_BY_TERM:
        _say_what_came(work, agreement, row, over_on)
    return row


def _say_what_came(work: Work, agreement: Agreement, row: Milestone, over_on: date) -> None:
    """It renewed or lapsed, and nobody had decided that, or what was decided was never done."""
    what = "renewed" if row.key.kind is MilestoneKind.NOTICE else "lapsed"
    how, said = "without", "without a decision"
    if row.decision is not None:
        on = row.decision.at.astimezone(zone(agreement.time_zone)).date()
        how, said = "against", f"although “{row.decision.choice}” was decided on {spoken(on)}, and never done"
    open_incident(
        work,
        kind=f"{what}_{how}_decision",
        subject=row.id,
        agreement_id=agreement.id,
        text=f"{agreement.reference} {what} {said}: its last safe day was {spoken(row.safe_on)}, "
        f"its term ended on {spoken(over_on)}.{_chance_after(work, row)}",
    )
