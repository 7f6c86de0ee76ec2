"""What was posted where it can be edited: into which thread a message goes, and that it shows the present (S6).

A message shown anew is a projection: who answered, when, what is next, and only the buttons that are still possible,
as the rows say at that moment and not as any answer said. It is edited, never posted again.

1. What changes a milestone makes the messages about it wanted (``want``), in the same transaction.
2. ``show`` takes the one that is due the longest for a lease, keeps the channel's pace, and composes it.
3. The channel is asked without a transaction; doing it twice is the same as once.
4. Only the holder of the lease writes down what is shown. Whoever comes too late may have written over newer words:
   then nobody knows what the message shows, and it is shown again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, assert_never, get_args

import structlog

from engine.delivery import recipients
from engine.delivery.composing import changed_sheet, standing_of
from engine.delivery.pacing import patience, turn
from lifecycle.delivery import Delivery, DeliveryKind, NotSent, backoff
from lifecycle.milestones.milestone import MilestoneState
from lifecycle.playbooks.due import snooze_limit
from notifiers.base import Action, Frozen, Gone, Outgoing, Shown, UpdateResult
from notifiers.sheet import Standing
from store.posted import Posted
from store.whereabouts import Whereabout

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engine.monitor import Monitor, Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from notifiers.base import Notifier
    from notifiers.sheet import FactSheet

log = structlog.get_logger(__name__)
_LOOK_EVERY: Final = timedelta(days=1)  # whether somebody is still there


def outgoing(work: Work, delivery: Delivery, frozen: Frozen) -> Outgoing:
    """How a message is handed to its channel: with the channel's own name for the address, and its thread."""
    notifier = work.monitor.notifiers.get(delivery.channel)
    if notifier is None or not notifier.can_update:
        return Outgoing(delivery.id, delivery.address, frozen)
    known_as = work.whereabouts.of(delivery.channel, delivery.address)
    return Outgoing(delivery.id, delivery.address, frozen, known_as, _thread(work, delivery))


def accepted(work: Work, delivery: Delivery, ref: str, *, known_as: str = "") -> None:
    """The channel has the message: it will be shown anew when what it tells of changes."""
    notifier = work.monitor.notifiers.get(delivery.channel)
    if notifier is None or not notifier.can_update:
        return
    if known_as:
        look_at = work.now + _LOOK_EVERY if delivery.recipient_id else None
        work.whereabouts.learn(Whereabout(delivery.channel, delivery.address, known_as), look_at)
    milestone_id = delivery.tells_of
    told = delivery.generation
    wanted = max(told, work.milestones.get(milestone_id).generation) if milestone_id and _is_step(delivery) else told
    work.posted.add(Posted(delivery.id, delivery.channel, ref, milestone_id, told, wanted), work.now)
    work.made_due = work.made_due or told < wanted


def want(work: Work, milestone_ids: Iterable[str]) -> None:
    """What is told of these milestones has changed: the messages about them are to be shown anew.

    So it stands in the register whoever changed it: a command line that knows no such channel leaves it to the process
    that does. A trial of the future keeps nothing for anybody else.
    """
    ids, monitor = tuple(milestone_ids), work.monitor
    if not ids or not (monitor.is_real or any(one.can_update for one in monitor.notifiers.values())):
        return
    if work.posted.is_any() and work.posted.want(ids, work.now):
        work.made_due = True


def due_at(monitor: Monitor) -> datetime | None:
    """When a message is to be shown anew next."""
    with monitor.look() as work:
        return work.posted.next_at()


def show(monitor: Monitor) -> int:
    """Show anew what is due; how many messages were taken in hand."""
    count = 0
    while True:
        at = due_at(monitor)
        if at is None or at > monitor.clock.now():
            return count
        taken = _taken(monitor)
        if taken is None:
            return count
        count += 1
        if isinstance(taken, _Projection):
            _settle(monitor, taken, _shown(monitor, taken))


@dataclass(frozen=True, slots=True)
class _Projection:
    """A message in our hands and what it is to show."""

    posted: Posted
    token: str
    frozen: Frozen
    address: str


def _taken(monitor: Monitor) -> _Projection | Posted | None:
    """Take what is due and compose it; a bare row where there is nothing to do now; None where somebody has it."""
    timings = monitor.house.timings
    token = f"{monitor.random.getrandbits(96):024x}"
    with monitor.work() as work:
        one = work.posted.claim(work.now, token=token, until=work.now + timedelta(seconds=timings.lease))
        if one is None:
            return None
        notifier = monitor.notifiers.get(one.channel)
        if notifier is None or one.milestone_id is None or monitor.house.shadow_mode:
            work.posted.put_off(one.delivery_id, work.now + _LOOK_EVERY)
            return one
        delivery = work.deliveries.get(one.delivery_id)
        back_at = turn(work, notifier.paces(Action.UPDATE, delivery.address))
        if back_at is not None:
            work.posted.put_off(one.delivery_id, back_at)
            return one
        return _Projection(one, token, notifier.compose(_sheet(work, delivery, one.milestone_id)), delivery.address)


def _shown(monitor: Monitor, taken: _Projection) -> UpdateResult:
    """No transaction is open here; what is unforeseen is tried again, which changes nothing that is right."""
    notifier: Notifier = monitor.notifiers[taken.posted.channel]
    try:
        result = notifier.update(taken.posted.ref, taken.frozen)
    except Exception as error:  # noqa: BLE001 - whatever a channel does wrong, the others are still shown
        return NotSent(type(error).__name__)
    return result if isinstance(result, get_args(UpdateResult)) else NotSent("the channel gave no known answer")


def _settle(monitor: Monitor, taken: _Projection, result: UpdateResult) -> None:
    one = taken.posted
    with monitor.work() as work:
        match result:
            case Shown():
                is_ours = work.posted.note_shown(one, taken.token, work.now)
            case Gone(why):
                log.info("message gone", delivery_id=one.delivery_id, channel=one.channel, why=why)
                is_ours = work.posted.settle(one.delivery_id, taken.token, is_gone=True, next_update_at=None)
            case NotSent():
                is_ours = _tried(work, taken, result)
            case _:
                assert_never(result)
        if not is_ours:
            work.posted.show_again(one.delivery_id, work.now)
            work.made_due = True


def _tried(work: Work, taken: _Projection, result: NotSent) -> bool:
    one = taken.posted
    if result.is_too_fast:
        paces = work.monitor.notifiers[one.channel].paces(Action.UPDATE, taken.address)
        again_at = patience(work, paces, result.after or 0.0)
        return work.posted.settle(one.delivery_id, taken.token, next_update_at=again_at)
    wait = backoff(one.failures, work.house.timings, 0.5 + work.monitor.random.random())
    return work.posted.settle(one.delivery_id, taken.token, failures=one.failures + 1, next_update_at=work.now + wait)


def _sheet(work: Work, delivery: Delivery, milestone_id: str) -> FactSheet:
    """The message as it reads now."""
    milestone = work.milestones.get(milestone_id)
    agreement = work.agreements.get(milestone.key.holder)
    told = recipients.Told(recipients.enabled(work, delivery.recipient_id), delivery.channel, delivery.address)
    was_on = delivery.safe_on if delivery.safe_on != milestone.safe_on else None
    sheet = changed_sheet(work, agreement, milestone, told, delivery, moved_from_on=was_on)
    stage = delivery.place.rsplit(".", 2)[0] if delivery.place else ""
    stages = _stages(work, agreement, milestone)
    return replace(
        sheet,
        kind=delivery.kind,
        stage=stage,
        stage_number=stages.index(stage) + 1 if stage in stages else 0,
        stage_count=len(stages) if stage in stages else 0,
        standing=_standing(work, milestone),
        can_snooze=snooze_limit(milestone, work.planner.frame(agreement, milestone), work.now) is not None,
        next_steps=sheet.next_steps if milestone.is_live else (),
    )


def _standing(work: Work, milestone: Milestone) -> Standing:
    """What has become of it. What was noted in an earlier stage is of no weight in this one."""
    standing = standing_of(milestone)
    if milestone.state is not MilestoneState.OPEN or standing.at is None:
        return standing
    stage = milestone.cursor.stage if milestone.cursor else ""
    began = [one.at for one in work.milestones.raised_of(milestone.id) if one.stage == stage]
    return standing if not began or standing.at >= min(began) else Standing(state=milestone.state)


def _thread(work: Work, delivery: Delivery) -> str:
    """The first message about the deadline to this address; the last stage stands on its own, for it is seen better."""
    milestone_id = delivery.tells_of
    if milestone_id is None:
        return ""
    roots = work.posted.earlier(milestone_id, delivery.channel, delivery.address)
    if not roots:
        return ""
    milestone = work.milestones.get(milestone_id)
    stages = _stages(work, work.agreements.get(milestone.key.holder), milestone)
    last = f"{stages[-1]}." if stages else ""
    if last and delivery.place.startswith(last):
        roots = [root for root in roots if root.place.startswith(last)]
    return roots[0].ref if roots else ""


def _stages(work: Work, agreement: Agreement, milestone: Milestone) -> list[str]:
    return [rung.key for rung in work.planner.frame(agreement, milestone).rungs(milestone)]


def _is_step(delivery: Delivery) -> bool:
    return delivery.kind is DeliveryKind.STEP
