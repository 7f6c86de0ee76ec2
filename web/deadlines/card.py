"""One deadline as its page shows it: what to do by when, the ladder as it will run, why this day, what has happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.delivery.composing import standing_of
from engine.explaining import business_days_left, explained
from engine.incoming.as_shown import asks_of
from engine.incoming.showing import snooze_days
from engine.looking import reminds_nobody
from lifecycle.milestones.deciding import choices
from lifecycle.milestones.milestone import MilestoneState
from lifecycle.obligations.duties import evidence_wanted
from notifiers.wording import (
    assumption_lines,
    capital,
    clause_words,
    counted,
    decision_line,
    label,
    lead_line,
    pin_doubt,
    readings,
    relative,
    sensitivity_line,
    silent_line,
    standing_line,
    why_rows,
)
from web.deadlines import ladder
from web.deadlines.rows import answers, is_quiet, marks, tone, way_of

if TYPE_CHECKING:
    from datetime import date

    from engine.explaining import Explained, Move
    from engine.monitor import Work
    from lifecycle.counting.derivation import DerivationStep, Pin
    from lifecycle.milestones.deciding import Choice
    from lifecycle.milestones.milestone import Milestone, Proposed
    from notifiers.sheet import Deadline
    from notifiers.wording import WhyRow
    from store.queries import DeadlineRow
    from web.frame.viewer import Viewer

_ENDINGS: Final = {
    MilestoneState.DONE: ("Done", "green", "good"),
    MilestoneState.DECIDED: ("Decided", "green", "good"),
    MilestoneState.WAIVED: ("Waived", "green", "good"),
    MilestoneState.WITHDRAWN: ("Withdrawn", "grey", "open"),
    MilestoneState.PASSED: ("Passed", "grey", "open"),
    MilestoneState.MOOTED: ("Missed, and over", "red", "bad"),
}


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
    pin_doubt: str
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
    asks: str
    lead: str
    label: str
    kind: str
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
    way: str | None
    marks: tuple[str, ...]
    silent: str  # why nobody is reminded of it, where that is so
    ending: tuple[str, str, str] | None
    standing: str
    decided: str
    proposed: Proposed | None
    playbook: str
    rungs: tuple[ladder.Rung, ...]
    goes_on: str
    why: Why
    can: frozenset[str]
    choices: list[tuple[str, str]]  # as a form has them
    is_quiet: bool
    snooze_from_on: date | None
    snooze_until_on: date | None
    verified: object
    is_unverified: bool  # nobody has compared it with the document, and there is one


def card(work: Work, viewer: Viewer, row: DeadlineRow) -> Card:
    """The page of a deadline for whoever looks."""
    milestone, agreement = row
    found = explained(work, row)
    facts, today = replace(found.facts, decision=milestone.decision), work.today(agreement)
    messages = work.deliveries.of_milestone(milestone.id)
    first_on, last_on = snooze_days(work, milestone, agreement)
    shown = ladder.rungs(work, agreement, milestone, messages)
    return Card(
        id=milestone.id,
        agreement_id=agreement.id,
        counterparty_id=agreement.counterparty_id,
        reference=agreement.reference,
        revision=milestone.revision,
        generation=milestone.generation,
        asks=asks_of(work, agreement, milestone),
        lead=_lead(facts, today, is_live=milestone.is_live),
        label=label(facts),
        kind=milestone.key.kind.value,
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
        way=way_of(milestone, agreement),
        marks=marks(facts, milestone),
        silent=silent_line() if reminds_nobody(milestone) else "",
        ending=_ENDINGS.get(milestone.state),
        standing=standing_line(standing_of(milestone), agreement.time_zone),
        decided=decision_line(facts) if milestone.is_live else "",
        proposed=milestone.proposed,
        playbook=f"{milestone.playbook}, version {milestone.playbook_version}",
        rungs=shown,
        goes_on=ladder.goes_on(shown, milestone),
        why=_why(found),
        can=answers(work, viewer, milestone, agreement, messages),
        choices=[(one.value, capital(one.value.replace("-", " "))) for one in _choices(milestone)],
        is_quiet=is_quiet(milestone),
        snooze_from_on=first_on,
        snooze_until_on=last_on,
        verified=milestone.verified,
        is_unverified=milestone.is_unverified,
    )


def _choices(milestone: Milestone) -> tuple[Choice, ...]:
    return choices(milestone.key.kind, is_deadline=milestone.is_deadline)


def _lead(facts: Deadline, today: date, *, is_live: bool) -> str:
    """What is to be done, as of today, but without the days that are left: they stand beside it."""
    if is_live and today > facts.safe_on:
        return lead_line(facts, today)
    is_open = facts.opens_on is None or facts.opens_on <= today
    return lead_line(replace(facts, opens_on=None) if is_open else facts)


def _left(number: int) -> str:
    if number < 0:
        return f"{counted(-number, 'business day')} over"
    return f"{counted(number, 'business day')} left" if number else "no business day left"


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
        pin_doubt=pin_doubt(facts),
        moves=found.moves,
        is_held=derived is not None and derived.safe_on == facts.safe_on,
    )


def _is_pin(step: DerivationStep) -> bool:
    return step.rule == "pin"
