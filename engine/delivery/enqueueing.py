"""Putting a message into the outbox: its name, its time, its bytes.

A message exists at most once under its ``dedupe_key``. What leaves now is composed now and never changes; what waits
for a digest is composed with it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.delivery import quiet, recipients
from engine.delivery.composing import StepSheets
from engine.zones import midnight, zone
from lifecycle.days.instants import cutoff_at
from lifecycle.delivery import Change, Delivery, DeliveryKind, DeliveryState, step_dedupe_key
from lifecycle.playbooks.playbook import Urgency

if TYPE_CHECKING:
    from engine.delivery.recipients import Told
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.playbooks.ladder import PlannedStep
    from store.deliveries import Body

_A_DAY: Final = timedelta(days=1)
_A_WEEK: Final = timedelta(days=7)
_STILL_OF_USE: Final = timedelta(days=10)  # a message about a missed day, or about no day
_CRITICAL, _ESCALATION, _FIRST, _REST = range(4)


class StepMessage(NamedTuple):
    """A step of a ladder that is being told."""

    agreement: Agreement
    milestone: Milestone
    step: PlannedStep
    is_late: bool = False
    skipped: int = 0
    silent_since_on: date | None = None
    next_at: datetime | None = None  # of the next planned step: nothing is held for longer


def step_deliveries(
    work: Work, message: StepMessage, told: tuple[Told, ...]
) -> list[tuple[Delivery, Body | None]]:  # fmt: skip
    """One message for each recipient, composed if it leaves now; what waits is composed when it leaves."""
    sheets = StepSheets(work, message)
    made: list[tuple[Delivery, Body | None]] = []
    for one in told:
        delivery = step_delivery(work, message, one)
        leaves_now = delivery.state is DeliveryState.PENDING and delivery.next_attempt_at == work.now
        made.append((delivery, sheets.body(one, delivery) if leaves_now else None))
    return made


def again(work: Work, failed: Delivery, told: Told, *, depth: int) -> Delivery:
    """The outbox row that tells somebody else what *failed* could not tell."""
    name = failed.dedupe_key.split(":")
    return replace(
        failed,
        id=work.new_id(),
        dedupe_key=":".join([*name[:-3], told.key, told.channel, str(depth)]),
        state=DeliveryState.PENDING,
        channel=told.channel,
        address=told.address,
        recipient_id=told.person.id if told.person else None,
        recipient_name=told.person.label if told.person else told.address,
        priority=_CRITICAL,
        created_at=work.now,
        expires_at=max(failed.expires_at, work.now + _STILL_OF_USE),
        next_attempt_at=work.now,
        attempts=0,
        failures=0,
        lease_token=None,
        lease_until=None,
        in_doubt_since=None,
        accepted_at=None,
        fallback_of=failed.id,
        ref="",
        why="",
        stands_in_for=told.stands_in_for,
    )


def depth_of(delivery: Delivery) -> int:
    """How many fallbacks lie before a step's message."""
    return int(delivery.dedupe_key.rpartition(":")[2])


def step_delivery(work: Work, message: StepMessage, told: Told) -> Delivery:
    """The outbox row of a step for one recipient: pending, held, or dropped by a silence."""
    agreement, milestone, step = message.agreement, message.milestone, message.step
    is_critical = recipients.is_critical(work, agreement, milestone, step.urgency)
    urgency = Urgency.CRITICAL if is_critical else step.urgency
    about = quiet.About(
        agreement=agreement, milestone=milestone, urgency=urgency, next_at=message.next_at, is_new=step.is_new
    )
    state, at, why = quiet.wait(work, told, about)
    if step.is_new and milestone.revision and work.deliveries.is_known(changed_key(milestone, told)):
        state, why = DeliveryState.CANCELLED, "told already that the day has moved"
    held_until, place = at if state is DeliveryState.HELD else None, step.place
    return Delivery(
        id=work.new_id(),
        dedupe_key=step_dedupe_key(
            milestone_id=milestone.id,
            safe_on=milestone.safe_on.isoformat(),
            place=place,
            recipient=told.key,
            channel=told.channel,
            fallback=0,
        ),
        kind=DeliveryKind.STEP,
        state=state,
        channel=told.channel,
        address=told.address,
        recipient_id=told.person.id if told.person else None,
        recipient_name=told.person.label if told.person else told.address,
        agreement_id=agreement.id,
        milestone_id=milestone.id,
        generation=milestone.generation,
        safe_on=milestone.safe_on,
        place=place,
        urgency=str(urgency),
        priority=_priority(step, urgency),
        created_at=work.now,
        expires_at=_expires_at(work, agreement, milestone, held_until),
        next_attempt_at=None if state is DeliveryState.CANCELLED else at,
        why=why,
        stands_in_for=told.stands_in_for,
    )


def changed_key(milestone: Milestone, told: Told, *, revision: int | None = None) -> str:
    """The name of the message that tells somebody that a day is another one now; *revision*: an earlier move of it."""
    at = milestone.revision if revision is None else revision
    return f"{DeliveryKind.CHANGED.value}:{milestone.id}:{at}:{Change.MOVED}:{told.key}:{told.channel}"


def plain_delivery(  # noqa: PLR0913 - the parts of a message
    work: Work,
    kind: DeliveryKind,
    told: Told,
    *,
    key: str,
    agreement_id: str | None = None,
    at: datetime | None = None,
    expires_at: datetime | None = None,
    urgency: Urgency = Urgency.INTERRUPT,
) -> Delivery:
    """The outbox row of a message that is no step: an incident, a change, a digest, a test; *at* None: at once."""
    return Delivery(
        id=work.new_id(),
        dedupe_key=f"{kind.value}:{key}:{told.key}:{told.channel}",
        kind=kind,
        state=DeliveryState.PENDING,
        channel=told.channel,
        address=told.address,
        recipient_id=told.person.id if told.person else None,
        recipient_name=told.person.label if told.person else told.address,
        agreement_id=agreement_id,
        milestone_id=None,
        generation=0,
        safe_on=None,
        place="",
        urgency=urgency.value,
        priority=_CRITICAL if urgency is Urgency.CRITICAL else _REST,
        created_at=work.now,
        expires_at=expires_at or (at or work.now) + _STILL_OF_USE,
        next_attempt_at=at or work.now,
    )


def put(work: Work, made: list[tuple[Delivery, Body | None]]) -> list[str]:
    """Put messages into the outbox; the ids of those that were not there yet, in their order."""
    kept = work.deliveries.add(made)
    if any(delivery.state is DeliveryState.PENDING for delivery, _ in made if delivery.id in kept):
        work.made_due = True
    return [delivery.id for delivery, _ in made if delivery.id in kept]


def _expires_at(work: Work, agreement: Agreement, milestone: Milestone, held_until: datetime | None) -> datetime:
    """End of the last safe day in the agreement's zone, or the hour until which it counts; after it ten more days.

    Held: its next window at least.
    """
    if milestone.cutoff is not None:
        end = cutoff_at(milestone.safe_on, milestone.cutoff, zone(agreement.time_zone))
    else:
        end = midnight(milestone.safe_on + _A_DAY, agreement.time_zone)
    if end <= work.now:
        end = work.now + _STILL_OF_USE
    return end if held_until is None else max(end, held_until + _A_WEEK)


def _priority(step: PlannedStep, urgency: Urgency) -> int:
    if urgency is Urgency.CRITICAL:
        return _CRITICAL
    if step.step > 0:
        return _ESCALATION
    return _FIRST if step.repeat == 0 else _REST
