"""Putting a message into the outbox: its name, its time, its bytes.

A message exists at most once under its ``dedupe_key``. What leaves now is composed now and never changes; what waits
for a digest is composed with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine.composing import StepSheets
from engine.zones import midnight, zone
from lifecycle.delivery import Delivery, DeliveryKind, DeliveryState, step_dedupe_key
from lifecycle.playbook import Urgency

if TYPE_CHECKING:
    from engine.monitor import Work
    from engine.recipients import Told
    from lifecycle.agreement import Agreement
    from lifecycle.ladder import PlannedStep
    from lifecycle.milestones import Milestone
    from store.deliveries import Body

_STILL_OF_USE: Final = timedelta(days=10)  # a message about a missed day, or about no day
_CRITICAL, _ESCALATION, _FIRST, _REST = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMessage:
    """A step of a ladder that is being told."""

    agreement: Agreement
    milestone: Milestone
    step: PlannedStep
    is_late: bool = False
    skipped: int = 0
    silent_since_on: date | None = None


def step_deliveries(
    work: Work, message: StepMessage, told: tuple[Told, ...]
) -> list[tuple[Delivery, Body | None]]:  # fmt: skip
    """One message for each recipient, composed unless it waits for a digest."""
    sheets = StepSheets(work, message)
    made: list[tuple[Delivery, Body | None]] = []
    for one in told:
        delivery = step_delivery(work, message, one)
        waits = delivery.state is DeliveryState.HELD
        made.append((delivery, None if waits else sheets.body(one, delivery)))
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
    )


def depth_of(delivery: Delivery) -> int:
    """How many fallbacks lie before a step's message."""
    return int(delivery.dedupe_key.rpartition(":")[2])


def step_delivery(work: Work, message: StepMessage, told: Told) -> Delivery:
    """The outbox row of a step for one recipient: pending, or held for the recipient's digest."""
    agreement, milestone, step = message.agreement, message.milestone, message.step
    held_until = _held_until(work, message, told)
    return Delivery(
        id=work.new_id(),
        dedupe_key=step_dedupe_key(
            milestone_id=milestone.id,
            safe_on=milestone.safe_on.isoformat(),
            place=step.place,
            recipient=told.key,
            channel=told.channel,
            fallback=0,
        ),
        kind=DeliveryKind.STEP,
        state=DeliveryState.PENDING if held_until is None else DeliveryState.HELD,
        channel=told.channel,
        address=told.address,
        recipient_id=told.person.id if told.person else None,
        recipient_name=told.person.label if told.person else told.address,
        agreement_id=agreement.id,
        milestone_id=milestone.id,
        generation=milestone.generation,
        safe_on=milestone.safe_on,
        place=step.place,
        urgency=step.urgency.value,
        priority=_priority(step),
        created_at=work.now,
        expires_at=_expires_at(work, agreement, milestone, held_until),
        next_attempt_at=held_until or work.now,
    )


def plain_delivery(
    work: Work, kind: DeliveryKind, told: Told, *, key: str, agreement_id: str | None = None
) -> Delivery:
    """The outbox row of a message that is no step: an incident, a change, a digest, a test."""
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
        urgency=Urgency.INTERRUPT.value,
        priority=_REST,
        created_at=work.now,
        expires_at=work.now + _STILL_OF_USE,
        next_attempt_at=work.now,
    )


def put(work: Work, made: list[tuple[Delivery, Body | None]]) -> list[str]:
    """Put messages into the outbox; the ids of those that were not there yet, in their order."""
    kept = work.deliveries.add(made)
    if any(delivery.state is DeliveryState.PENDING for delivery, _ in made if delivery.id in kept):
        work.made_due = True
    return [delivery.id for delivery, _ in made if delivery.id in kept]


def next_window(work: Work, zone_name: str, after_at: datetime) -> datetime:
    """The next digest window: the organisation's weekday and hour, in the recipient's zone."""
    local = zone(zone_name or work.house.time_zone)
    day = after_at.astimezone(local).date()
    ahead = (work.house.digest_weekday - day.weekday()) % 7
    windows = (
        datetime.combine(day + timedelta(days=days), work.house.digest_at, local).astimezone(UTC)
        for days in (ahead, ahead + 7)
    )
    return next(at for at in windows if at > after_at)


def _held_until(work: Work, message: StepMessage, told: Told) -> datetime | None:
    step = message.step
    if step.urgency is Urgency.CRITICAL:
        return None
    if step.is_new:
        return _quiet_start(work, message)
    if step.urgency is Urgency.DIGEST:
        return next_window(work, told.person.time_zone if told.person else "", work.now)
    return None


def _quiet_start(work: Work, message: StepMessage) -> datetime:
    """What is new in the register is told at once, in one digest, unless the import asked for quiet days."""
    agreement = message.agreement
    if agreement.quiet_until_on is None:
        return work.now
    return max(work.now, midnight(agreement.quiet_until_on, agreement.time_zone))


def _expires_at(work: Work, agreement: Agreement, milestone: Milestone, held_until: datetime | None) -> datetime:
    """End of the last safe day in the agreement's zone; after it ten more days. Held: its next window at least."""
    end = midnight(milestone.safe_on + timedelta(days=1), agreement.time_zone)
    if end <= work.now:
        end = work.now + _STILL_OF_USE
    return end if held_until is None else max(end, held_until + timedelta(days=7))


def _priority(step: PlannedStep) -> int:
    if step.urgency is Urgency.CRITICAL:
        return _CRITICAL
    if step.step > 0:
        return _ESCALATION
    return _FIRST if step.repeat == 0 else _REST
