"""One deadline as its page shows it: what to do by when, the ladder as it will run, why this day, what has happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final

from engine.delivery import recipients
from engine.delivery.composing import standing_of
from engine.explaining import business_days_left, explained
from engine.incoming.showing import snooze_days
from lifecycle.milestones.deciding import choices
from lifecycle.milestones.milestone import Cursor, MilestoneState
from lifecycle.obligations.duties import evidence_wanted
from lifecycle.playbooks.ladder import steps
from notifiers.wording import (
    asked_words,
    assumption_lines,
    capital,
    clause_words,
    consequence,
    counted,
    decision_line,
    label,
    lead_line,
    readings,
    relative,
    sensitivity_line,
    stage_words,
    standing_line,
    why_rows,
)
from web.deadlines.rows import TOLD, Reached, answers, is_quiet, marks, tone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from engine.explaining import Explained, Move
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.counting.derivation import DerivationStep, Pin
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.deciding import Choice
    from lifecycle.milestones.milestone import Milestone, Proposed
    from lifecycle.playbooks.ladder import PlannedStep
    from notifiers.wording import WhyRow
    from store.queries import DeadlineRow
    from web.frame.viewer import Viewer

_LONGEST: Final = 60  # steps of a ladder that are shown
_NEAR: Final = 3  # of them that a small page shows first
_FEW: Final = _NEAR + 1  # are shown at once: a fold would be as long as what it hides
_AHEAD: Final = frozenset({"next", "planned", "quiet"})
_VIAS: Final = {"best": "first channel", "all": "every channel"}
_ENDINGS: Final = {
    MilestoneState.DONE: ("Done", "green", "good"),
    MilestoneState.DECIDED: ("Decided", "green", "good"),
    MilestoneState.WAIVED: ("Waived", "green", "good"),
    MilestoneState.WITHDRAWN: ("Withdrawn", "grey", "open"),
    MilestoneState.PASSED: ("Passed", "grey", "open"),
    MilestoneState.MOOTED: ("Missed, and over", "red", "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step of the ladder: when, what, whom, through what, and what became of it; *is_near*: first on a small page."""

    at: datetime
    stage: str
    step: str
    people: str
    channels: str
    state: str
    tone: str
    reached: tuple[Reached, ...]
    is_near: bool = True


@dataclass(frozen=True, slots=True)
class Folded:
    """A step of the derivation that leads nowhere else; told on demand."""

    number: int
    on: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why this day. *derived_on* is what was computed where a person pinned another day."""

    rows: tuple[WhyRow, ...]
    folded: tuple[Folded, ...]
    readings: str
    sensitivity: str
    assumptions: tuple[str, ...]
    calendars: tuple[str, ...]
    pin: Pin | None
    derived_on: date | None
    moves: tuple[Move, ...]
    is_held: bool  # the facts as they are now still give this day


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that the page shows."""

    id: str
    agreement_id: str
    counterparty_id: str
    reference: str
    revision: int
    generation: int
    lead: str
    label: str
    kind: str
    what_else: str
    proof: str  # what proves that it was done, where that is said
    safe_on: date
    target_on: date | None
    near: str
    left: str
    tone: str
    time_zone: str
    cutoff: str
    owner: str
    backup: str
    value: object
    clause: str
    marks: tuple[str, ...]
    ending: tuple[str, str, str] | None
    standing: str
    decided: str
    proposed: Proposed | None
    playbook: str
    rungs: tuple[Rung, ...]
    goes_on: str
    why: Why
    can: frozenset[str]
    choices: list[tuple[str, str]]  # as a form has them
    is_quiet: bool
    snooze_from_on: date | None
    snooze_until_on: date | None
    verified: object


def card(work: Work, viewer: Viewer, row: DeadlineRow) -> Card:
    """The page of a deadline for whoever looks."""
    milestone, agreement = row
    found = explained(work, row)
    facts, today = replace(found.facts, decision=milestone.decision), work.today(agreement)
    messages = work.deliveries.of_milestone(milestone.id)
    first_on, last_on = snooze_days(work, milestone, agreement)
    rungs = _nearest(tuple(islice(_rungs(work, agreement, milestone, messages), _LONGEST)))
    return Card(
        id=milestone.id,
        agreement_id=agreement.id,
        counterparty_id=agreement.counterparty_id,
        reference=agreement.reference,
        revision=milestone.revision,
        generation=milestone.generation,
        lead=lead_line(facts),
        label=label(facts),
        kind=milestone.key.kind.value,
        what_else=consequence(facts),
        proof=evidence_wanted(agreement.obligations, milestone.key.subject),
        safe_on=milestone.safe_on,
        target_on=milestone.target_on if milestone.target_on != milestone.safe_on else None,
        near=relative(milestone.safe_on, today),
        left=_left(business_days_left(work, milestone, agreement, today)),
        tone=tone(milestone, today),
        time_zone=agreement.time_zone,
        cutoff=f"{milestone.cutoff:%H:%M}" if milestone.cutoff else "",
        owner=facts.owner,
        backup=facts.backup,
        value=agreement.value,
        clause=clause_words(milestone.clause),
        marks=marks(facts),
        ending=_ENDINGS.get(milestone.state),
        standing=standing_line(standing_of(milestone), agreement.time_zone),
        decided=decision_line(facts) if milestone.is_live else "",
        proposed=milestone.proposed,
        playbook=f"{milestone.playbook}, version {milestone.playbook_version}",
        rungs=rungs,
        goes_on="" if not milestone.is_live else _goes_on(rungs, is_deadline=milestone.is_deadline),
        why=_why(found),
        can=answers(work, viewer, milestone, agreement, messages),
        choices=[(one.value, capital(one.value.replace("-", " "))) for one in _choices(milestone)],
        is_quiet=is_quiet(milestone),
        snooze_from_on=first_on,
        snooze_until_on=last_on,
        verified=milestone.verified,
    )


def _choices(milestone: Milestone) -> tuple[Choice, ...]:
    return choices(milestone.key.kind, is_deadline=milestone.is_deadline)


def _left(number: int) -> str:
    if number < 0:
        return f"{counted(-number, 'business day')} over"
    return f"{counted(number, 'business day')} left" if number else "no business day left"


def _goes_on(rungs: tuple[Rung, ...], *, is_deadline: bool) -> str:
    if not is_deadline:
        return ""
    return "After that they are asked every 5 business days until there is an outcome." if rungs else ""


def _rungs(work: Work, agreement: Agreement, milestone: Milestone, messages: list[Delivery]) -> Iterator[Rung]:
    """Every step: those that were raised with what became of them, and those to come."""
    frame = work.planner.frame(agreement, milestone)
    said = {Cursor(one.stage, one.step, one.repeat): one for one in work.milestones.raised_of(milestone.id)
            if one.safe_on == milestone.safe_on}  # fmt: skip
    keys = [rung.key for rung in frame.rungs(milestone)]
    ahead = list(islice(takewhile(lambda step: not step.is_final, steps(milestone, frame)), _LONGEST))
    is_next = milestone.is_live
    for step in ahead:
        raised = said.get(step.cursor)
        if raised is None and not milestone.is_live:
            continue
        about = [one for one in messages if one.place == step.place and one.safe_on == milestone.safe_on]
        state, tint = _state(work, milestone, step, is_raised=raised is not None, is_next=is_next)
        is_next = is_next and state != "next"
        meant = [one.kind.value for one in step.audience]
        yield Rung(
            at=raised.at if raised else step.at,
            stage=f"{keys.index(step.stage) + 1} of {len(keys)}: {stage_words(step.stage)}",
            step=_step_words(step),
            people=capital(asked_words(recipients.words(work, step.audience, agreement, milestone), meant)),
            channels=_VIAS.get(step.channels, "") if isinstance(step.channels, str) else ", ".join(step.channels),
            state=state,
            tone=tint,
            reached=tuple(sorted(_reached(about))),
        )


def _nearest(rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """What was done last and the two that come next are near; of a short ladder all."""
    if len(rungs) <= _FEW:
        return rungs
    ahead = next((place for place, one in enumerate(rungs) if one.state in _AHEAD), len(rungs))
    first = min(max(ahead - 1, 0), len(rungs) - _NEAR)
    return tuple(replace(one, is_near=first <= place < first + _NEAR) for place, one in enumerate(rungs))


def _state(work: Work, milestone: Milestone, step: PlannedStep, *, is_raised: bool, is_next: bool) -> tuple[str, str]:
    if is_raised:
        return "said", "green"
    quiet_until_at = milestone.acknowledged_until_at or milestone.snoozed_until_at
    if step.at <= work.now:
        return "passed over", "grey"
    if quiet_until_at is not None and step.at < quiet_until_at:
        return "quiet", "grey"
    return ("next", "blue") if is_next else ("planned", "grey")


def _step_words(step: PlannedStep) -> str:
    if step.repeat:
        return f"asked again ({step.repeat})"
    return "first message" if step.step == 0 else f"escalation {step.step}"


def _reached(messages: list[Delivery]) -> Iterator[Reached]:
    for one in messages:
        if one.state in TOLD:
            name = f"{one.recipient_name or one.address} by {one.channel}"
            yield Reached(name, TOLD[one.state], TOLD[one.state] in {"not delivered", "not certain"})


def _why(found: Explained) -> Why:
    facts, derived = found.facts, found.derived
    rows = why_rows(facts)
    shown = {row.number for row in rows}
    folded = tuple(
        Folded(number, step.on, step.text) for number, step in enumerate(facts.why, 1) if number not in shown
    )
    calendars = derived.reading.calendars if derived else ()
    return Why(
        rows=rows,
        folded=folded,
        readings=readings(facts),
        sensitivity=sensitivity_line(facts.sensitivities),
        assumptions=assumption_lines(facts),
        calendars=tuple(f"{one.code} ({one.source} {one.version or one.digest[:8]})" for one in calendars),
        pin=found.pin,
        derived_on=next((step.was_on for step in reversed(facts.why) if _is_pin(step)), None),
        moves=found.moves,
        is_held=derived is not None and derived.safe_on == facts.safe_on,
    )


def _is_pin(step: DerivationStep) -> bool:
    return step.rule == "pin"
