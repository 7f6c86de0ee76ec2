"""Who was asked for a day and never heard of it: before their message left it was another day, or nothing was due."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.delivery import recipients
from engine.delivery.enqueueing import StepMessage, depth_of, put, step_delivery
from engine.delivery.told import reader_of, told_now
from lifecycle.delivery import ARRIVED, UNHEARD, UNSENT, DeliveryKind, DeliveryState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.delivery.recipients import Told
    from engine.monitor import Work
    from lifecycle.delivery import Delivery

_REACHED: Final = ARRIVED | {DeliveryState.IN_DOUBT, DeliveryState.SENDING, DeliveryState.BUNDLED}


def unheard_by(work: Work, milestone_id: str) -> dict[Told, Delivery]:
    """Who was asked for the day that is due again by a message that never left, and was told nothing of it since."""
    messages = work.deliveries.of_milestone(milestone_id)
    if not any(one.why in UNHEARD for one in messages):
        return {}
    found, safe_on = {}, work.milestones.get(milestone_id).safe_on
    for one in messages:
        if one.kind is DeliveryKind.STEP and one.why in UNHEARD and one.safe_on == safe_on:
            person = recipients.enabled(work, one.recipient_id)
            told, is_here = told_now(one, person), person is not None or one.recipient_id is None
            if is_here and not told.is_external and not _is_told_since(one, messages):
                found[told] = one
    return found


def ask_again(work: Work, milestone_id: str, unheard: Mapping[Told, Delivery]) -> None:
    """Ask them by the same step, which the ladder does not raise for one day twice, under a name of its own.

    Where the ladder is another one by now, its own steps ask them.
    """
    for asked, lost in unheard.items():
        milestone = work.milestones.get(milestone_id)
        agreement = work.agreements.get(milestone.key.holder)
        step = work.planner.step_at(agreement, milestone, lost.place)
        if step is not None:
            told = asked._replace(stands_in_for=_still_away(work, lost.stands_in_for))
            anew = step_delivery(work, StepMessage(agreement=agreement, milestone=milestone, step=step), told)
            put(work, [(replace(anew, dedupe_key=_another_name(work, lost)), None)])


def _another_name(work: Work, lost: Delivery) -> str:
    """One that no message has: the step may have been asked again before, as much in vain."""
    name = lost.dedupe_key.rpartition(":")[0]
    about = work.deliveries.of_milestone(lost.milestone_id or "")
    taken = [depth_of(one) for one in about if one.dedupe_key.rpartition(":")[0] == name]
    return f"{name}:{max(taken) + 1}"


def may_have_arrived(one: Delivery) -> bool:
    """Also what nobody knows of, whatever has become of it since."""
    return one.state in _REACHED or one.in_doubt_since is not None


def _still_away(work: Work, person_id: str | None) -> str | None:
    person = recipients.enabled(work, person_id)
    return person_id if person and recipients.absence_of(work, person) else None


def _is_told_since(lost: Delivery, messages: Iterable[Delivery]) -> bool:
    """Whether its reader has, or will have, a later message about the same day."""
    same = (reader_of(lost), lost.safe_on)
    later = (one for one in messages if one.created_at >= lost.created_at)
    return any(
        (reader_of(one), one.safe_on) == same and (may_have_arrived(one) or one.state in UNSENT) for one in later
    )
