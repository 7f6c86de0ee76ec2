"""An exit plan as scripts and people read it: its days, its steps with what has become of them, its tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine import exits
from engine.documents.deadlines import person_document
from engine.findings.register import our_notice
from lifecycle.agreements.agreement import terms_of
from lifecycle.exits.plan import ExitKind, ExitPlan, open_needs
from lifecycle.exits.start_by import ExitStart, exit_start
from lifecycle.milestones.milestone import OUTCOMES, MilestoneState
from store.queries.exits import rows_of_exits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.counting.derivation import Reading
    from lifecycle.exits.plan import ExitStep, ExitTest
    from lifecycle.exits.schedule import Schedule, Scheduled
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person

_OVER = OUTCOMES | {MilestoneState.PASSED, MilestoneState.MOOTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """An exit plan with its days and rows. *found* is None while the exit day is not known."""

    agreement: Agreement
    plan: ExitPlan
    today: date
    found: Schedule | None
    start: ExitStart | None
    notice: Reading | None
    rows: Mapping[str, Milestone]  # by the subject

    @property
    def ended(self) -> dict[str, Milestone]:
        """The steps that are over, by their ids."""
        rows = {step.id: self.rows.get(self.plan.subject(step)) for step in self.plan.steps}
        return {key: row for key, row in rows.items() if row is not None and row.state in _OVER}

    @property
    def state(self) -> str:
        """planned, started or finished."""
        if not self.plan.is_started:
            return "planned"
        return "finished" if len(self.ended) == len(self.plan.steps) else "started"


def leaving(work: Work, found: Sequence[Agreement]) -> list[Leaving]:
    """The exit plans of these agreements, in a few questions for all."""
    rows = rows_of_exits(work, [one.id for one in found if one.exit])
    return [_leaving(work, one, one.exit, rows.get(one.id, ())) for one in found if one.exit]


def exit_documents(work: Work, found: Sequence[Agreement]) -> list[dict[str, Any]]:
    """What ``exit status`` lists."""
    return [_headed(one) for one in leaving(work, found)]


def exit_document(work: Work, agreement: Agreement) -> dict[str, Any]:
    """One plan with all its steps and tests. Raises NoExitPlan."""
    known = leaving(work, [agreement])
    if not known:
        raise exits.NoExitPlan(agreement.reference)
    (one,) = known
    owners = {step.id: step.owner_id or agreement.owner_id for step in one.plan.steps}
    work.people.read(owners.values())
    people = {key: work.people.get(key) for key in set(owners.values()) if key}
    days = {each.step.id: each for each in one.found.steps} if one.found else {}
    return {
        **_headed(one),
        "critical_path": list(one.found.critical) if one.found else [],
        "steps": [_step(one, step, days.get(step.id), people.get(owners[step.id] or "")) for step in one.plan.steps],
        "tests": [_test(one, test) for test in one.plan.tests],
    }


def _leaving(work: Work, agreement: Agreement, plan: ExitPlan, rows: Sequence[Milestone]) -> Leaving:
    today = work.today(agreement)
    starts_on = plan.started_on or (today if plan.kind is ExitKind.STRESSED else None)
    found = exits.planned(work, agreement, plan, starts_on=starts_on)
    terms = terms_of(agreement)
    notice = our_notice(work, agreement, terms, today) if terms else None
    start = None
    if found is not None:
        calendar = work.calendar(agreement.calendar)
        start = exit_start(found.exit_on, plan.length, notice=notice, calendar=calendar)
        if not plan.is_started and starts_on is None and start.start_by_on < today:
            found = exits.planned(work, agreement, plan, starts_on=today)  # it is late: as it would be from today on
    return Leaving(
        agreement=agreement,
        plan=plan,
        today=today,
        found=found,
        start=start,
        notice=notice,
        rows={row.key.subject: row for row in rows},
    )


def _headed(one: Leaving) -> dict[str, Any]:
    start, found = one.start, one.found
    return {
        "id": one.agreement.id,
        "reference": one.agreement.reference,
        "title": one.agreement.title,
        "counterparty": one.agreement.counterparty,
        "kind": one.plan.kind,
        "template": one.plan.template,
        "state": one.state,
        "exit_on": found.exit_on if found else None,
        "days_left": (found.exit_on - one.today).days if found else None,
        "start_by_on": start.start_by_on if start else None,
        "notice_safe_on": one.notice.safe_on if one.notice else None,
        "shortfall_days": start.shortfall_days if start else None,
        "alarm": start.alarm if start else False,
        "started_on": one.plan.started_on,
        "because": one.plan.because or None,
        "done": len(one.ended),
        "total": len(one.plan.steps),
        "late": [each.step.id for each in found.late if each.step.id not in one.ended] if found else [],
    }


def _step(one: Leaving, step: ExitStep, days: Scheduled | None, owner: Person | None) -> dict[str, Any]:
    row = one.rows.get(one.plan.subject(step))
    is_owed = row is not None and row.state is not MilestoneState.WITHDRAWN
    outcome = row.outcome if row else None
    return {
        "id": step.id,
        "name": step.name,
        "kind": step.kind,
        "when": _when(step),
        "takes": step.takes,
        "due_on": row.safe_on if row and is_owed else days and days.due_on,
        "begin_by_on": _begins_on(one, days),
        "earliest_on": days and days.earliest_on,
        "slack_days": days and days.slack_days,
        "late_days": days.late_days if days and step.id not in one.ended else 0,
        "is_critical": one.found is not None and step.id in one.found.critical,
        "needs": list(step.needs),
        "waits_for": [] if step.id in one.ended else [each.id for each in open_needs(one.plan, step, one.ended)],
        "owner": person_document(owner),
        "evidence": step.evidence or None,
        "state": row.state if row and is_owed else None,
        "deadline": row.id if row and is_owed else None,
        "proof": outcome and (outcome.evidence or outcome.reason or None),
        "done_on": outcome and outcome.on,
    }


def _begins_on(one: Leaving, days: Scheduled | None) -> date | None:
    """By when a step has to begin; nothing that is pressed begins before the exit does."""
    if days is None or one.found is None:
        return None
    return max(days.begins_on, one.found.begins_on) if days.is_pressed else days.begins_on


def _when(step: ExitStep) -> str:
    return "on the exit day" if step.period.is_zero else f"{step.period} {step.direction.value} the exit day"


def _test(one: Leaving, test: ExitTest) -> dict[str, Any]:
    """What was said of it as a deadline counts as well: done with evidence is held."""
    row = one.rows.get(test.subject)
    outcome = row.outcome if row else None
    if test.held_on is None and outcome is not None:
        test = replace(test, held_on=outcome.on, result=outcome.evidence or outcome.reason)
    return {
        "id": test.id,
        "due_on": test.due_on,
        "held_on": test.held_on,
        "is_passed": test.is_passed,
        "result": test.result or None,
        "deadline": row.id if row else None,
    }
