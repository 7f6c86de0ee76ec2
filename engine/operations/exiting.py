"""Leaving an agreement: planned, started, stopped, and rehearsed at a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine import exits
from engine.exits import NoExitPlan
from engine.operations.auditing import Found, record_finding
from engine.operations.checklists import owner_named
from engine.operations.outcomes import done
from lifecycle.days.dates import Period
from lifecycle.errors import LifecycleError
from lifecycle.events import ExitPlanned, ExitTested, ExitTestPlanned
from lifecycle.exits.plan import ExitKind, ExitPlan, ExitTest, held, joined, steps_of
from lifecycle.obligations.audits import Severity
from lifecycle.obligations.duties import Obligation, ObligationKind, Once

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.checklist import Checklist


class ExitRefused(LifecycleError):
    """An exit, or a test of one, that cannot be as it is told."""

    code = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a test at the table has shown; where the plan did not hold, by when that is remedied, and tested again."""

    on: date
    is_passed: bool
    result: str
    remedy_by_on: date | None = None
    retest_by_on: date | None = None
    owner_id: str | None = None  # of the finding; None: the agreement's owner


def plan_exit(
    work: Work,
    agreement: Agreement,
    checklist: Checklist,
    *,
    exit_on: date | None = None,
    kind: ExitKind = ExitKind.PLANNED,
) -> Agreement:
    """Say how *agreement* would be left; what is known of its assets and disclosures joins the steps.

    A plan that is there is replaced; its tests stay, and if it has started the steps move. Raises NoExitTemplate,
    StepsInCircle, ExitRefused for an exit day that is over.
    """
    today = work.today(agreement)
    if exit_on is not None and exit_on < today:
        raise ExitRefused(f"The exit day {exit_on} is over.", remedy="Give today, or a day to come.")
    steps = steps_of(checklist, lambda audience: owner_named(work, agreement, audience))
    old = agreement.exit
    plan = ExitPlan(
        template=checklist.name,
        steps=joined(steps, exits.retrieval(work, agreement)),
        kind=kind,
        exit_on=exit_on,
        tests=old.tests if old else (),
        started_on=old.started_on if old else None,
        because=old.because if old else "",
    )
    found = exits.planned(work, agreement, plan, starts_on=None)
    in_theory = found or exits.planned(work, agreement, replace(plan, exit_on=today), starts_on=None)
    plan = replace(plan, length=Period(days=in_theory.length_days if in_theory else 0))
    changed = _kept(work, agreement, plan)
    work.record(
        ExitPlanned(
            agreement_id=agreement.id,
            kind=kind.value,
            template=checklist.name,
            exit_on=found.exit_on if found else None,
            start_by_on=found.start_by_on if found else None,
            steps=len(plan.steps),
        )
    )
    return changed


def start_exit(work: Work, agreement: Agreement, *, because: str, kind: ExitKind | None = None) -> Agreement:
    """The exit begins today: its steps are deadlines. Raises NoExitPlan, NoExitDay, ExitRefused without a reason."""
    if not because.strip():
        raise ExitRefused("It is not said why the exit starts.", remedy="Say why.", command="--because TEXT")
    return exits.begin(work, agreement, because=because.strip(), kind=kind)


def stop_exit(work: Work, agreement: Agreement, *, because: str) -> Agreement:
    """It is not left after all. Raises NoExitPlan where no exit has started."""
    return exits.stop(work, agreement, because=because)


def plan_test(work: Work, agreement: Agreement, *, due_on: date) -> Agreement:
    """The plan is to be rehearsed by a day; the same day twice is once. Raises NoExitPlan, ExitRefused."""
    plan = _plan(agreement)
    if due_on < work.today(agreement):
        raise ExitRefused(f"{due_on} is over.", remedy="Give today, or a day to come.")
    if any(one.due_on == due_on and one.held_on is None for one in plan.tests):
        return agreement
    test = ExitTest(id=f"t{len(plan.tests) + 1}", due_on=due_on)
    duty = Obligation(
        id=test.subject, kind=ObligationKind.EXIT_TEST, name="", due=Once(due_on), evidence="Minutes of the test"
    )
    changed = replace(
        agreement,
        exit=held(plan, test),
        obligations=(*agreement.obligations, duty),
        version=agreement.version + 1,
    )
    work.agreements.save(changed)
    work.record(ExitTestPlanned(agreement_id=agreement.id, test_id=test.id, due_on=due_on))
    return changed


def record_test(work: Work, agreement: Agreement, told: Held, *, subject: str = "") -> Agreement:
    """The plan was rehearsed: the test of *subject*, else the first that was planned and not held, else a new one.

    1. The deadline of the test is done.
    2. A plan that did not hold is a finding, owed by the day that is told.
    3. Where it is said by when it is tested again, that test is planned.

    Raises NoExitPlan, ExitRefused for a day to come, without a result or without a day for what did not hold.
    """
    plan = _plan(agreement)
    _must_be_recordable(work, agreement, told)
    waiting = [one for one in plan.tests if one.held_on is None and subject in {"", one.subject}]
    test = min(waiting, key=lambda one: one.due_on, default=ExitTest(id=f"t{len(plan.tests) + 1}", due_on=told.on))
    test = replace(test, held_on=told.on, is_passed=told.is_passed, result=told.result.strip())
    _close_test(work, agreement, test)
    changed = replace(agreement, exit=held(plan, test), version=agreement.version + 1)
    work.agreements.save(changed)
    work.record(
        ExitTested(
            agreement_id=agreement.id,
            test_id=test.id,
            held_on=told.on,
            is_passed=told.is_passed,
            result=test.result,
        )
    )
    if told.is_passed or told.remedy_by_on is None:
        return changed
    return _followed_up(work, work.agreements.get(agreement.id), told, told.remedy_by_on)


def _must_be_recordable(work: Work, agreement: Agreement, told: Held) -> None:
    if told.on > work.today(agreement):
        raise ExitRefused(f"{told.on} has not come yet.", remedy="Record a test when it was held.")
    if not told.result.strip():
        raise ExitRefused("A test needs a result.", remedy="Say in a sentence what it has shown, or where it stands.")
    if not told.is_passed and told.remedy_by_on is None:
        raise ExitRefused(
            "The plan did not hold, and nobody knows by when that is remedied.",
            remedy="Say by when.",
            command="--remedy-by DATE",
        )
    if told.is_passed and (told.remedy_by_on or told.retest_by_on):
        raise ExitRefused("The plan held, so there is nothing to remedy.", remedy="Leave the days out.")
    if told.retest_by_on and told.remedy_by_on and told.retest_by_on < told.remedy_by_on:
        raise ExitRefused("It would be tested again before it is remedied.", remedy="Give a later day for the test.")


def _followed_up(work: Work, agreement: Agreement, told: Held, remedy_by_on: date) -> Agreement:
    """What did not hold is owed, and the plan is tested again where that is said."""
    gaps = Found(
        text=f"The exit test of {told.on:%-d %b %Y} failed: {told.result.strip()}",
        severity=Severity.HIGH,
        remedy_by_on=remedy_by_on,
        owner_id=told.owner_id,
    )
    changed, _ = record_finding(work, agreement, gaps)
    if told.retest_by_on is None:
        return changed
    return plan_test(work, work.agreements.get(agreement.id), due_on=told.retest_by_on)


def _plan(agreement: Agreement) -> ExitPlan:
    if agreement.exit is None:
        raise NoExitPlan(agreement.reference)
    return agreement.exit


def _kept(work: Work, agreement: Agreement, plan: ExitPlan) -> Agreement:
    """Saved; of a plan that has started with its steps as they are owed now."""
    planned = replace(agreement, exit=plan)
    if plan.is_started:
        return exits.laid(work, planned)[0]
    planned = replace(planned, version=agreement.version + 1)
    work.agreements.save(planned)
    return planned


def _close_test(work: Work, agreement: Agreement, test: ExitTest) -> None:
    """The deadline of a test that was planned is done, and of that test alone; of others there is none."""
    verdict = "passed" if test.is_passed else "not passed"
    for row in work.milestones.of(agreement.id):
        if row.key.subject == test.subject and row.is_live:
            done(work, row.id, evidence=f"{verdict}: {test.result}", on=test.held_on)
