"""What has happened, as reports tell it: steps raised, answers, messages that failed, terms that went by undecided.

All of it is of agreements that somebody may see, within a span of instants. What was raised and what was answered
is one question each, whatever it is about.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select

from lifecycle.delivery import DeliveryKind, DeliveryState
from store.queries.agreement_lists import seen_by
from store.schema import agreements, deliveries, events, incidents, milestones, raised

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.sql import ColumnElement

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

ANSWERS: Final = (
    "MilestoneAcknowledged", "MilestoneSnoozed", "MilestoneDecided", "MilestoneDone", "MilestoneWaived",
)  # fmt: skip
#: The incidents of a term that went by while somebody should have decided, or done what was decided.
UNDECIDED: Final = (
    "renewed_without_decision", "lapsed_without_decision", "renewed_against_decision", "lapsed_against_decision",
)  # fmt: skip
_LOST: Final = (DeliveryState.FAILED.value, DeliveryState.EXPIRED.value)
_AT_ONCE: Final = 500


class Span(NamedTuple):
    """From one instant to another, which is outside."""

    from_at: datetime
    until_at: datetime


class RaisedStep(NamedTuple):
    """A step that was taken."""

    milestone_id: str
    agreement_id: str
    kind: str
    safe_on: date
    stage: str
    step: int
    repeat: int
    at: datetime


class Answered(NamedTuple):
    """What somebody answered; *how* is the name of the event."""

    milestone_id: str
    at: datetime
    how: str


class Lost(NamedTuple):
    """A message that reached nobody."""

    at: datetime
    channel: str
    to: str
    kind: str
    place: str
    state: str
    why: str
    agreement: Agreement | None


class Undecided(NamedTuple):
    """A term that went by; *renewed*: the agreement went on, else it lapsed."""

    opened_at: datetime
    renewed: bool
    is_open: bool
    text: str
    agreement: Agreement


def steps_raised(work: UnitOfWork, person: Person | None, span: Span) -> list[RaisedStep]:
    """Steps in the order in which they were taken."""
    found = work.session.execute(_raised(work, person, span).order_by(raised.c.at, raised.c.id))
    return [_step(row) for row in found]


def escalated(work: UnitOfWork, person: Person | None, span: Span, *, limit: int) -> list[RaisedStep]:
    """Steps behind the first of their stage, and all that were taken after the last safe day; the newest first."""
    # What is called by its days before the last safe one is not looked at; a name says nothing.
    may_be = or_(raised.c.step > 0, raised.c.repeat > 0, raised.c.stage.not_like("-%"))
    found = work.session.execute(_raised(work, person, span).where(may_be).order_by(raised.c.at.desc(), raised.c.id))
    return [_step(row) for row in islice(filter(_is_escalation, found), limit)]


def _raised(work: UnitOfWork, person: Person | None, span: Span) -> Select[Any]:
    columns = (raised.c.milestone_id, milestones.c.agreement_id, milestones.c.kind, raised.c.safe_on, raised.c.stage)
    return (
        select(*columns, raised.c.step, raised.c.repeat, raised.c.at, agreements.c.time_zone)
        .join(milestones, milestones.c.id == raised.c.milestone_id)
        .join(agreements, agreements.c.id == milestones.c.agreement_id)
        .where(raised.c.at >= span.from_at, raised.c.at < span.until_at, *seen_by(work, person))
    )


def _is_escalation(row: Any) -> bool:  # noqa: ANN401 - a row of _raised
    on = row.at.astimezone(ZoneInfo(row.time_zone)).date()
    return bool(row.step > 0 or row.repeat > 0 or on > row.safe_on)


def _step(row: Any) -> RaisedStep:  # noqa: ANN401 - a row of _raised
    return RaisedStep(
        row.milestone_id, row.agreement_id, row.kind, row.safe_on, row.stage, row.step, row.repeat, row.at
    )


def answers(work: UnitOfWork, person: Person | None, span: Span) -> list[Answered]:
    """What was answered, in order."""
    statement = (
        select(events.c.milestone_id, events.c.at, events.c.type)
        .join(agreements, agreements.c.id == events.c.agreement_id)
        .where(events.c.type.in_(ANSWERS), events.c.at >= span.from_at, events.c.at < span.until_at)
        .where(*seen_by(work, person))
        .order_by(events.c.position)
    )
    return [Answered(row.milestone_id, row.at, row.type) for row in work.session.execute(statement)]


def told(work: UnitOfWork, steps: Sequence[RaisedStep]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Who was told of each step, by milestone and place."""
    ids = list(dict.fromkeys(one.milestone_id for one in steps))
    found: dict[tuple[str, str], list[str]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        statement = (
            select(deliveries.c.milestone_id, deliveries.c.place, deliveries.c.recipient_name, deliveries.c.address)
            .where(deliveries.c.milestone_id.in_(ids[start : start + _AT_ONCE]))
            .where(deliveries.c.kind == DeliveryKind.STEP.value)
            .order_by(deliveries.c.created_at, deliveries.c.id)
        )
        for row in work.session.execute(statement):
            found.setdefault((row.milestone_id, row.place), []).append(row.recipient_name or row.address)
    return {place: tuple(dict.fromkeys(names)) for place, names in found.items()}


def lost_messages(
    work: UnitOfWork, person: Person, span: Span, *, only_own: bool, limit: int | None = None
) -> list[Lost]:
    """Messages that failed or came too late, newest first; *only_own*: of agreements that *person* answers for."""
    statement = (
        select(deliveries)
        .outerjoin(agreements, agreements.c.id == deliveries.c.agreement_id)
        .where(deliveries.c.state.in_(_LOST))
        .where(deliveries.c.created_at >= span.from_at, deliveries.c.created_at < span.until_at)
        .where(_of_log(work, person, only_own=only_own))
        .order_by(deliveries.c.created_at.desc(), deliveries.c.id)
        .limit(limit)
    )
    rows = work.session.execute(statement).all()
    known = work.agreements.many(row.agreement_id for row in rows if row.agreement_id)
    return [
        Lost(
            row.created_at,
            row.channel,
            row.recipient_name or row.address,
            row.kind,
            row.place,
            row.state,
            row.why,
            known.get(row.agreement_id),
        )
        for row in rows
    ]


def undecided(work: UnitOfWork, person: Person | None, span: Span) -> list[Undecided]:
    """Terms that renewed or lapsed without a decision, newest first."""
    statement = (
        select(incidents)
        .join(agreements, agreements.c.id == incidents.c.agreement_id)
        .where(incidents.c.kind.in_(UNDECIDED), *seen_by(work, person))
        .where(incidents.c.opened_at >= span.from_at, incidents.c.opened_at < span.until_at)
        .order_by(incidents.c.opened_at.desc(), incidents.c.id)
    )
    rows = work.session.execute(statement).all()
    known = work.agreements.many(row.agreement_id for row in rows)
    found = ((row, row.kind.startswith("renewed"), known[row.agreement_id]) for row in rows)
    return [
        Undecided(row.opened_at, renewed, row.closed_at is None, row.text, agreement)
        for row, renewed, agreement in found
    ]


def _of_log(work: UnitOfWork, person: Person, *, only_own: bool) -> ColumnElement[bool]:
    """Whoever reads the log reads what is about nothing in particular too; others what they answer for."""
    if only_own:
        mine = or_(agreements.c.owner_id == person.id, agreements.c.backup_id == person.id)
        return and_(deliveries.c.agreement_id.is_not(None), mine)
    return or_(
        deliveries.c.agreement_id.is_(None), and_(deliveries.c.agreement_id.is_not(None), *seen_by(work, person))
    )
