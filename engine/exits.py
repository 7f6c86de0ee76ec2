"""The way out of an agreement: laid, begun, followed and stopped.

The steps of a started exit are obligations of their agreement, so everything that is done for a deadline is done for
them. They are laid anew whenever what they hang on has changed: the exit day, the kind of exit, what is to be
retrieved. Only steps that are owed differently are touched; what was done stays done.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.closing import close_as_done
from lifecycle.agreements.agreement import terms_of
from lifecycle.assets import returning
from lifecycle.assets.asset import Ownership
from lifecycle.days.dates import Period
from lifecycle.errors import LifecycleError
from lifecycle.events import ExitStarted, ExitStopped
from lifecycle.exits.plan import ExitKind, ExitPlan, ExitStep, is_of_exit, joined
from lifecycle.exits.schedule import Schedule, duties, schedule
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.milestones.of_duties import anchors_of
from lifecycle.obligations.duties import Direction, ObligationKind, OffsetFrom

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.agreements.disclosures import Disclosure
    from lifecycle.assets.asset import Asset

NOTICE: Final = "notice was given"
TERMINATION: Final = "it was terminated"
EXPIRY: Final = "it expired"
_GETTING_BACK: Final = Period(business_days=5)


class NoExitPlan(LifecycleError):
    """Nobody has said how an agreement would be left."""

    code = "no-exit-plan"

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"{reference} has no exit plan.",
            remedy="Make one.",
            command=f"longstop exit plan {reference} --template exit-bpo",
        )


class NoExitDay(LifecycleError):
    """The steps have no day to be counted from."""

    code = "no-exit-day"

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"It is not known on which day the exit from {reference} has to be over.",
            remedy="Give the exit day, or amend the agreement's term.",
        )


def exit_day(work: Work, agreement: Agreement) -> date | None:
    """The day on which the exit has to be over: the plan's, else the agreement's last day."""
    anchors = anchors_of(agreement, terms_of(agreement), work.today(agreement))
    return anchors.day(OffsetFrom.EXIT)


def planned(work: Work, agreement: Agreement, plan: ExitPlan, *, starts_on: date | None) -> Schedule | None:
    """The days of *plan*; None while its exit day is not known."""
    on = exit_day(work, replace(agreement, exit=plan))
    if on is None:
        return None
    return schedule(plan.steps, on, starts_on=starts_on, calendar=work.calendar(agreement.calendar))


def begin(work: Work, agreement: Agreement, *, because: str, kind: ExitKind | None = None) -> Agreement:
    """The steps become deadlines; begun twice is once. Raises NoExitPlan, NoExitDay.

    1. What is to be retrieved by now joins the steps.
    2. The steps are laid, pressed together where time is short.
    3. The deadline by which the exit had to start is done.
    """
    plan = agreement.exit
    if plan is None:
        raise NoExitPlan(agreement.reference)
    if plan.is_started:
        return agreement
    plan = replace(
        plan,
        steps=_not_asked_already(agreement, joined(plan.steps, retrieval(work, agreement))),
        kind=kind or plan.kind,
        started_on=work.today(agreement),
        because=because,
    )
    agreement, found = laid(work, replace(agreement, exit=plan))
    _start_is_done(work, agreement)
    late = tuple(one.step.id for one in found.late)
    work.record(
        ExitStarted(
            agreement_id=agreement.id, because=because, exit_on=found.exit_on, steps=len(found.steps), late=late
        )
    )
    return agreement


def laid(work: Work, agreement: Agreement) -> tuple[Agreement, Schedule]:
    """The agreement with the steps of its started exit as they are owed now. Raises NoExitPlan, NoExitDay."""
    plan = agreement.exit
    if plan is None:
        raise NoExitPlan(agreement.reference)
    found = planned(work, agreement, plan, starts_on=plan.started_on)
    if found is None:
        raise NoExitDay(agreement.reference)
    others = tuple(one for one in agreement.obligations if not is_of_exit(one))
    changed = replace(agreement, obligations=(*others, *duties(plan, found)), version=agreement.version + 1)
    work.agreements.save(changed)
    return changed, found


def stop(work: Work, agreement: Agreement, *, because: str) -> Agreement:
    """It is not left after all: open steps are withdrawn, the plan stays. Raises NoExitPlan."""
    plan = agreement.exit
    if plan is None or not plan.is_started:
        raise NoExitPlan(agreement.reference)
    changed = replace(
        agreement,
        exit=replace(plan, started_on=None, because=""),
        obligations=tuple(one for one in agreement.obligations if not is_of_exit(one)),
        version=agreement.version + 1,
    )
    work.agreements.save(changed)
    work.record(ExitStopped(agreement_id=agreement.id, because=because))
    return changed


def follow_end(work: Work, agreement_id: str, because: str) -> None:
    """The agreement ends: a planned exit starts by itself, one that has started moves with the last day.

    An exit day that was planned holds only where the agreement does not end before it. Whoever needs longer, for
    transition services, says so anew, once the end is known.
    """
    agreement = work.agreements.get(agreement_id)
    plan = agreement.exit
    if plan is None:
        return
    agreement = replace(agreement, exit=replace(plan, exit_on=_not_after_the_end(agreement, plan)))
    if plan.is_started:
        _laid_anew(work, agreement, plan)
    elif exit_day(work, agreement) is not None:
        kind = ExitKind.STRESSED if because == TERMINATION else None
        begin(work, agreement, because=because, kind=kind)


def follow_day(work: Work, agreement_id: str) -> None:
    """Facts have changed: the steps of a started exit are laid anew where they are owed differently."""
    agreement = work.agreements.get(agreement_id)
    plan = agreement.exit
    if plan is None or not plan.is_started:
        return
    _laid_anew(work, agreement, plan)


def _laid_anew(work: Work, agreement: Agreement, before: ExitPlan) -> None:
    """Lay the steps of *agreement* unless they are owed as they stand; *before* is its plan as it is kept."""
    plan = agreement.exit or before
    found = planned(work, agreement, plan, starts_on=plan.started_on)
    owed = tuple(one for one in agreement.obligations if is_of_exit(one))
    if found is not None and (plan != before or owed != duties(plan, found)):
        laid(work, agreement)


def follow_revocation(work: Work, agreement_id: str) -> None:
    """The notice was taken back: an exit that had started with it stops."""
    plan = work.agreements.get(agreement_id).exit
    if plan is not None and plan.is_started and plan.because == NOTICE:
        stop(work, work.agreements.get(agreement_id), because="the notice was revoked")


def retrieval(work: Work, agreement: Agreement) -> tuple[ExitStep, ...]:
    """What has to come back, or to be given back, by the registers of assets and disclosures."""
    steps = [step for asset in work.assets.covered_by([agreement.id]) for step in _of_asset(asset)]
    given = (one for one in agreement.disclosures if one.counts and not returning.has_duty(agreement, one))
    return (*steps, *(_of_disclosure(one) for one in given))


def _not_asked_already(agreement: Agreement, steps: Iterable[ExitStep]) -> tuple[ExitStep, ...]:
    """Without what has to come back by a duty of its own."""
    asked = {returning.step_of(one) for one in agreement.disclosures if returning.has_duty(agreement, one)}
    return tuple(one for one in steps if one.id not in asked)


def _of_disclosure(one: Disclosure) -> ExitStep:
    return ExitStep(
        id=returning.step_of(one),
        name=returning.asked(one),
        period=returning.WITHIN,
        direction=Direction.AFTER,
        kind=ObligationKind.RETURN,
        evidence=returning.CERTIFICATE,
    )


def _of_asset(asset: Asset) -> Iterator[ExitStep]:
    if asset.ownership is Ownership.THEM:
        name, evidence = f"Give it back, or agree to go on using it: {asset.name}", "Receipt or agreement"
    elif asset.is_shared:
        name, evidence = f"Settle who may use it from now on: {asset.name}", "Agreement with all who own it"
    else:
        whom = f" from {', '.join(asset.holders)}" if asset.holders else ""
        name, evidence = f"Get it back{whom}: {asset.name}", "Receipt"
    yield ExitStep(
        id=f"asset-{asset.id}", name=name[:200], takes=_GETTING_BACK, kind=ObligationKind.RETURN, evidence=evidence
    )


def _not_after_the_end(agreement: Agreement, plan: ExitPlan) -> date | None:
    """A planned day holds only as long as the agreement does not end before it."""
    ended = agreement.provisions.ended
    if plan.exit_on is not None and ended is not None and ended.last_on < plan.exit_on:
        return None
    return plan.exit_on


def _start_is_done(work: Work, agreement: Agreement) -> None:
    starts = [row for row in work.milestones.of(agreement.id) if row.key.kind is MilestoneKind.EXIT_START]
    first = next((row for row in starts if row.is_live), None)
    if first is not None:
        today = work.today(agreement)
        evidence = f"the exit started on {today}"
        close_as_done(
            work, agreement, {MilestoneKind.EXIT_START}, on=today, evidence=evidence, cycle=first.key.cycle
        )  # fmt: skip
