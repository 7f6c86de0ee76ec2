"""From rows to facts, and from facts to frozen bytes.

What people are told is derived anew at that moment, so the reason in a message is the reason that holds. What was
composed never changes afterwards: every attempt offers the same bytes.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from engine.delivery import outwards, recipients, silencing
from engine.delivery.linking import linked
from engine.delivery.told import pass_on
from engine.delivery.upload_links import has_sent, lies_here, reminding, upload_to_pass_on
from engine.zones import zone
from lifecycle import rights
from lifecycle.delivery import Change, DeliveryKind
from lifecycle.obligations.duties import evidence_wanted
from notifiers.sheet import Deadline, FactSheet, NextStep, Recipient, Standing
from notifiers.wording import day, one_line
from store.deliveries import Body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from engine.delivery.enqueueing import StepMessage
    from engine.delivery.recipients import Told
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Answer, Cursor, Milestone
    from notifiers.base import Frozen

_NEXT_SHOWN = 2


def frozen(work: Work, channel: str, sheet: FactSheet) -> Body:
    """The bytes that every attempt of this message offers."""
    return _body(work.monitor.notifiers[channel].compose(sheet))


def _body(made: Frozen) -> Body:
    return Body(made.subject, made.content_type, made.body)


def facts_of(work: Work, agreement: Agreement, milestone: Milestone, *, with_why: bool = True) -> Deadline:
    """Everything that any surface may say of a milestone."""
    owner = recipients.owner_of(work, agreement, milestone)
    backup = recipients.backup_of(work, agreement, milestone)
    derived = work.planner.explained(agreement, milestone) if with_why else None
    return Deadline(
        milestone_id=milestone.id,
        agreement_id=agreement.id,
        reference=agreement.reference,
        title=agreement.title,
        counterparty=agreement.counterparty,
        kind=milestone.key.kind,
        cycle=milestone.key.cycle,
        is_deadline=milestone.is_deadline,
        safe_on=milestone.safe_on,
        target_on=milestone.target_on,
        nominal_on=milestone.nominal_on,
        latest_on=milestone.latest_on,
        time_zone=agreement.time_zone,
        revision=milestone.revision,
        side=milestone.side,
        subject=milestone.key.subject,
        name=milestone.name,
        proof=evidence_wanted(agreement.obligations, milestone.key.subject),
        cutoff=milestone.cutoff,
        opens_on=milestone.opens_on,
        then=milestone.then,
        then_on=milestone.then_on,
        over_on=milestone.over_on,
        value=agreement.value,
        owner=owner.label if owner else "",
        backup=backup.label if backup else "",
        clause=milestone.clause,
        why=tuple(derived.reading.steps) if derived else (),
        assumptions=derived.reading.assumptions if derived else (),
        decision=milestone.decision,
        acknowledged=milestone.acknowledged,
        is_verified=milestone.verified is not None,
        is_pinned=milestone.is_pinned,
        is_restricted=agreement.is_restricted,
    )


def standing_of(milestone: Milestone) -> Standing:
    """What has become of a deadline: who answered last, when, and until when it is quiet."""
    until_at = milestone.acknowledged_until_at or milestone.snoozed_until_at
    if (outcome := milestone.outcome) is not None:
        note = outcome.evidence or outcome.reason
        return Standing(state=milestone.state, by=outcome.by, at=outcome.at, on=outcome.on, note=note)
    answer = milestone.snoozed if milestone.snoozed_until_at else milestone.acknowledged
    if answer is None:
        return Standing(state=milestone.state, until_at=until_at)
    return Standing(state=milestone.state, by=answer.by, at=answer.at, until_at=until_at)


class StepSheets:
    """The fact sheets of a ladder's step, one for each recipient; what they share is gathered once, if ever."""

    def __init__(self, work: Work, message: StepMessage) -> None:
        """Tell *message*."""
        self._work, self._message = work, message

    def body(self, told: Told, delivery: Delivery) -> Body:
        """What one recipient gets, frozen; the facts are gathered only for a channel that tells them."""
        notifier: Any = self._work.monitor.notifiers[told.channel]
        always: Frozen | None = getattr(notifier, "always", None)
        if always is not None:
            return _body(always)
        facts = partial(self._facts, told, delivery)
        if hasattr(notifier, "compose_from"):
            return _body(notifier.compose_from(delivery.id, facts))
        return frozen(self._work, told.channel, facts())

    def _facts(self, told: Told, delivery: Delivery) -> FactSheet:
        return reminding(self._work, self.sheet(told, delivery), told, self._message.milestone)

    def sheet(self, told: Told, delivery: Delivery) -> FactSheet:
        """The facts for one recipient."""
        message, agreement, step = self._message, self._message.agreement, self._message.step
        stages = self._stages
        return FactSheet(
            delivery_id=delivery.id,
            kind=DeliveryKind.STEP,
            recipient=recipient_of(self._work, told, agreement),
            today=self._work.today(agreement),
            composed_at=self._work.now,
            deadlines=(linked(self._work, self._deadline, told, agreement, stage=step.stage),),
            organisation=self._work.house.organisation,
            base_url=self._work.house.base_url,
            is_outsider=agreement.is_restricted and not is_inside(told, agreement),
            stage=step.stage,
            stage_number=stages.index(step.stage) + 1 if step.stage in stages else len(stages),
            stage_count=len(stages),
            require=step.require.value,
            urgency=step.urgency.value,
            is_escalation=step.step > 0,
            silent_since_on=message.silent_since_on,
            is_late=message.is_late,
            skipped=message.skipped,
            next_steps=self._next_steps,
            text="" if told.is_external else " ".join(self._notes(told, delivery)),
        )

    def _notes(self, told: Told, delivery: Delivery) -> Iterator[str]:
        """Why the reader is asked, where the ladder does not say it."""
        work, message = self._work, self._message
        silence = silencing.over(work, message.agreement, message.milestone)
        if silence is not None:
            until_on = silence.ends_at.astimezone(zone(message.agreement.time_zone))
            about = f"A silence holds messages about this until {until_on:%a %-d %b %Y}: {silence.reason}."
            yield f"{about} This one is critical."
        if delivery.stands_in_for is not None:
            yield f"{work.people.get(delivery.stands_in_for).label} is away; you stand in."
        if (put_off := self._put_off) is not None:
            on = put_off.at.astimezone(zone(message.agreement.time_zone)).date()
            yield f"{one_line(put_off.by)} had put it off on {day(on)}."
        came = lies_here(work, message.milestone)
        if came is not None:
            yield f"They have sent “{one_line(came.what)}”: accept it, or record what you found."
        if told.forward_to and not has_sent(work, told.forward_to, message.milestone):
            yield pass_on(told, self._deadline) + upload_to_pass_on(work, told, message.milestone)

    @cached_property
    def _put_off(self) -> Answer | None:
        """Who put off what is told only now, if nothing was said since."""
        message, answer = self._message, self._message.milestone.snoozed
        if answer is None or not (message.is_late or message.skipped):
            return None
        raised = self._work.milestones.raised_of(message.milestone.id)
        since = {(one.stage, one.step, one.repeat) for one in raised if one.at > answer.at}
        return answer if since <= {message.step.cursor} else None

    @cached_property
    def _deadline(self) -> Deadline:
        return facts_of(self._work, self._message.agreement, self._message.milestone)

    @cached_property
    def _stages(self) -> list[str]:
        frame = self._work.planner.frame(self._message.agreement, self._message.milestone)
        return [rung.key for rung in frame.rungs(self._message.milestone)]

    @cached_property
    def _next_steps(self) -> tuple[NextStep, ...]:
        message = self._message
        return coming_steps(self._work, message.agreement, message.milestone, message.step.cursor)


def digest_sheet(
    work: Work, told: Told, delivery: Delivery, deadlines: Iterable[Deadline], *, heading: str
) -> FactSheet:
    """The fact sheet of a digest for one recipient."""
    person_zone = zone((told.person.time_zone if told.person else "") or work.house.time_zone)
    return FactSheet(
        delivery_id=delivery.id,
        kind=DeliveryKind.DIGEST,
        recipient=recipient_of(work, told, None),
        today=work.now.astimezone(person_zone).date(),
        composed_at=work.now,
        deadlines=tuple(deadlines),
        organisation=work.house.organisation,
        base_url=work.house.base_url,
        heading=heading,
    )


def changed_sheet(  # noqa: PLR0913 - a message is about all of these
    work: Work,
    agreement: Agreement,
    milestone: Milestone,
    told: Told,
    delivery: Delivery,
    *,
    moved_from_on: date | None,
) -> FactSheet:
    """The fact sheet of a change: a day moved, or the deadline is somebody else's now."""
    return FactSheet(
        delivery_id=delivery.id,
        kind=DeliveryKind.CHANGED,
        recipient=recipient_of(work, told, agreement),
        today=work.today(agreement),
        composed_at=work.now,
        deadlines=(linked(work, facts_of(work, agreement, milestone), told, agreement),),
        organisation=work.house.organisation,
        base_url=work.house.base_url,
        is_outsider=agreement.is_restricted and not is_inside(told, agreement),
        moved_from_on=moved_from_on,
        is_resumed=delivery.change is Change.RESUMED,
        is_restored=delivery.change is Change.RESTORED,
        next_steps=coming_steps(work, agreement, milestone, milestone.cursor),
    )


def plain_sheet(work: Work, told: Told, delivery: Delivery, *, heading: str, text: str) -> FactSheet:
    """The fact sheet of an incident or a test: a heading and sentences already written."""
    person_zone = zone((told.person.time_zone if told.person else "") or work.house.time_zone)
    return FactSheet(
        delivery_id=delivery.id,
        kind=delivery.kind,
        recipient=recipient_of(work, told, None),
        today=work.now.astimezone(person_zone).date(),
        composed_at=work.now,
        deadlines=(),
        organisation=work.house.organisation,
        base_url=work.house.base_url,
        heading=heading,
        text=text,
    )


def recipient_of(work: Work, told: Told, agreement: Agreement | None) -> Recipient:
    """Who is told, in the words of the notifiers."""
    person = told.person
    home = (person.time_zone if person else "") or (agreement.time_zone if agreement else "") or work.house.time_zone
    name, its_id = (person.label, person.id) if person else (outwards.name_of(work, told, agreement), None)
    return Recipient(told.address, name, its_id, home, is_external=told.is_external)


def is_inside(told: Told, agreement: Agreement) -> bool:
    """Whether a reader may see a restricted agreement; an address without a person never may."""
    return told.person is not None and rights.is_inside(told.person, agreement)


def coming_steps(
    work: Work, agreement: Agreement, milestone: Milestone, after: Cursor | None
) -> tuple[NextStep, ...]:  # fmt: skip
    """What happens next if nobody acts; what asks the same people on the same day is said once."""
    quiet_until_at = milestone.acknowledged_until_at or milestone.snoozed_until_at
    found: list[NextStep] = []
    for step in work.planner.ahead(agreement, milestone, after):
        if len(found) == _NEXT_SHOWN:
            break
        if step.at > work.now and (quiet_until_at is None or step.at >= quiet_until_at):
            coming = NextStep(step.on, recipients.words(work, step.audience, agreement, milestone))
            found += [coming] if coming not in found else []
    return tuple(found)
