"""When a message cannot reach somebody: who is told instead.

The chain is: the person's next channel, their delegate, the backup, the owner's manager, the house's own room
(never of a restricted agreement), the operators. Whoever was already told of the same step is passed over; after five
the chain ends with an incident, and where nobody at all was told the next step comes now. All in the transaction in
which the refusal was written down.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.delivery import recipients
from engine.delivery.composing import frozen
from engine.delivery.enqueueing import again, depth_of, put
from engine.delivery.late import step_sheet
from engine.incidents import open_incident
from lifecycle.delivery import LOST, DeliveryKind
from lifecycle.milestones.milestone import LIVE
from lifecycle.people import Role
from lifecycle.playbooks.due import hurried
from lifecycle.playbooks.playbook import Urgency
from lifecycle.words import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.delivery.recipients import Told
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person

_MOST: Final = 5


def after(work: Work, failed: Delivery, *, why: str, is_channel_dead: bool = False, text: str = "") -> None:
    """Tell the next one who can be reached; where there is nobody, open an incident.

    A digest gives its members back, and each goes its own way. *text* is said beside what is told.
    """
    if failed.kind is DeliveryKind.DIGEST and work.deliveries.unbundle(failed.id, work.now):
        work.made_due = True
        return
    if failed.kind is not DeliveryKind.STEP or failed.milestone_id is None or failed.agreement_id is None:
        _say(work, failed, why)
        return
    milestone = work.milestones.get(failed.milestone_id)
    if not _is_wanted(milestone, failed) or _is_followed(work, failed):
        return
    if recipients.told_before(work, failed).is_external:  # what is for the other side is told to nobody else instead
        _say(work, failed, why)
        return
    agreement = work.agreements.get(failed.agreement_id)
    told = _next(work, failed, agreement, milestone, not_through=failed.channel if is_channel_dead else "")
    if told is None:
        _nobody(work, failed, agreement, milestone, why)
        return
    delivery = again(work, failed, told, depth=depth_of(failed) + 1)
    sheet = step_sheet(work, told, delivery)
    said = " ".join(part for part in (sheet.text, text) if part)
    put(work, [(delivery, frozen(work, told.channel, replace(sheet, text=said)))])


def reached_by(work: Work, one: Delivery) -> set[str]:
    """The ids of those who have, or will have, another message about the same step."""
    return _reached(_of_step(work, one), one)


def leads_elsewhere(work: Work, failed: Delivery) -> bool:
    """Whether somebody can be told instead through another channel."""
    if failed.kind is not DeliveryKind.STEP or failed.milestone_id is None or failed.agreement_id is None:
        return False
    milestone = work.milestones.get(failed.milestone_id)
    agreement = work.agreements.get(failed.agreement_id)
    return _next(work, failed, agreement, milestone, not_through=failed.channel) is not None


def _is_followed(work: Work, failed: Delivery) -> bool:
    """Whether somebody was told instead before: it was tried again since, and has failed once more."""
    return any(one.fallback_of == failed.id for one in work.deliveries.of_milestone(failed.milestone_id or ""))


def _is_wanted(milestone: Milestone, failed: Delivery) -> bool:
    return (
        milestone.state in LIVE
        and milestone.safe_on == failed.safe_on
        and milestone.generation == failed.generation
    )  # fmt: skip


def _next(work: Work, failed: Delivery, agreement: Agreement, milestone: Milestone, *, not_through: str) -> Told | None:
    """The next of the chain who was not told of this step yet; None behind its end."""
    if depth_of(failed) >= _MOST:
        return None
    earlier = _of_step(work, failed)
    tried = {(one.channel, one.address) for one in earlier}
    reached = _reached(earlier, failed)
    for one in _chain(work, failed, agreement, milestone):
        is_told = (one.channel, one.address) in tried or (one.person is not None and one.person.id in reached)
        if one.channel != not_through and not is_told:
            return one
    return None


def _reached(messages: Iterable[Delivery], but: Delivery) -> set[str]:
    others = (one for one in messages if one.id != but.id and one.state not in LOST)
    return {one.recipient_id for one in others if one.recipient_id}


def _of_step(work: Work, failed: Delivery) -> list[Delivery]:
    """All messages of the same step, this one too."""
    same = (failed.place, failed.safe_on)
    return [one for one in work.deliveries.of_milestone(failed.milestone_id or "") if (one.place, one.safe_on) == same]


def _chain(work: Work, failed: Delivery, agreement: Agreement, milestone: Milestone) -> Iterator[Told]:
    is_urgent = recipients.is_critical(work, agreement, milestone, Urgency(failed.urgency))
    person = recipients.enabled(work, failed.recipient_id)
    if person is not None:
        yield from recipients.addresses(work, person, "all")
        yield from _asked_for(work, person, is_urgent=False)
    for one in (
        recipients.backup_of(work, agreement, milestone),
        recipients.manager_of(work, agreement, milestone),
    ):  # fmt: skip
        if one is not None:
            yield from _asked_for(work, one, is_urgent=is_urgent)
    room = work.house.room
    if room is not None and not agreement.is_restricted and room[0] in work.monitor.notifiers:
        yield recipients.Told(None, *room)
    for admin in work.people.with_role(Role.ADMIN):
        yield from recipients.addresses(work, admin, "all")


def _asked_for(work: Work, person: Person, *, is_urgent: bool) -> Iterator[Told]:
    """Somebody, or who stands in; themselves where they are away and nobody does."""
    for one, away_id in recipients.present(work, person, is_urgent=is_urgent) or [(person, None)]:
        for told in recipients.addresses(work, one, "all"):
            yield told._replace(stands_in_for=away_id)


def _nobody(work: Work, failed: Delivery, agreement: Agreement, milestone: Milestone, why: str) -> None:
    """The end of a chain: if nobody else has the step, the next of its stage comes now (Q6, L8)."""
    if any(one.id != failed.id and one.state not in LOST for one in _of_step(work, failed)):
        _say(work, failed, why)
        return
    open_incident(
        work,
        kind="no_recipient",
        subject=milestone.id,
        agreement_id=agreement.id,
        text=f"{agreement.reference}: nobody could be told about {milestone.key.kind.value} "
        f"of {spoken(milestone.safe_on)}: every message failed, the last through {failed.channel}: {why}. "
        "See Admin, Outbox, or `longstop outbox list --state failed`.",
    )
    is_last = failed.place == (milestone.cursor and ".".join(map(str, milestone.cursor)))
    if is_last and hurried(milestone, work.planner.frame(agreement, milestone)) is not None:
        work.milestones.save([replace(milestone, next_step_at=work.now)])
        work.made_due = True


def _say(work: Work, failed: Delivery, why: str) -> None:
    """Nobody is left to be told instead. An incident about a message of an incident would chase its own tail."""
    if failed.kind in {DeliveryKind.INCIDENT, DeliveryKind.EVENT}:  # ``endpoints`` tells of an endpoint
        return
    if failed.kind is DeliveryKind.REQUEST:
        open_incident(
            work,
            kind="request_failed",
            subject=failed.id,
            agreement_id=failed.agreement_id,
            text=f"The mail that asks {failed.address} for evidence could not be delivered: {why}. "
            f"Ask somebody else there, or pass the request on another way.",
        )
        return
    open_incident(
        work,
        kind="delivery_failed",
        subject=failed.id,
        agreement_id=failed.agreement_id,
        text=f"A message could not be delivered through {failed.channel} and nobody is left to be told instead: {why}. "
        "See Admin, Outbox, or `longstop outbox list --state failed`.",
    )
