"""A day has moved, is due no longer, or is somebody else's now: those hear of it who were told what no longer holds.

What each is told begins at the day that they know: where a day moves twice before the first move was told, they hear
once, and nothing at all where it is back where it was. What is due no longer is a line of the next digest (M1), but
where the message that told it can be shown anew, as over. The other side hears of a moved day in words of its own, and
what we do no longer expect of it only from people. Who put a deadline off hears when the day has come (ADR 46).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.delivery import quiet, recipients
from engine.delivery.composing import changed_sheet, frozen
from engine.delivery.enqueueing import changed_key, plain_delivery, put
from engine.delivery.outwards import one_a_day
from engine.delivery.told import reader_of, told_now
from engine.delivery.unheard import ask_again, may_have_arrived, unheard_by
from lifecycle.delivery import UNSENT, Change, DeliveryKind, DeliveryState, Held

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from engine.delivery.recipients import Told
    from engine.monitor import Work
    from lifecycle.delivery import Delivery
    from lifecycle.events import MilestoneAssigned, MilestonesReplanned
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person

_WHOSE: Final = frozenset({Change.ASSIGNED, Change.OWNER})
_TOGETHER: Final = timedelta(minutes=10)  # for what else is handed over meanwhile
_OVERTAKEN: Final = "a later message says it"
_UNCHANGED: Final = "the day is again the one they know"


class _Knowing(NamedTuple):
    """Somebody who has, or may have, been told of a milestone, and the last day that they were told."""

    told: Told
    day: date
    is_over: bool  # the last that they were told is that nothing is due


def tell_moved(work: Work, event: MilestonesReplanned) -> None:
    """One *changed* message to each of those who had been told of a day that no longer holds."""
    for milestone_id, old_on, _ in event.moved:
        tell_another_day(work, milestone_id, old_on)
    for milestone_id in event.reopened:
        tell_open_again(work, milestone_id)


def tell_another_day(work: Work, milestone_id: str, old_on: date) -> None:
    """As ``tell_moved``, of one milestone. *old_on*: what those know whose message does not say which day it was."""
    unheard = unheard_by(work, milestone_id)
    for milestone, one in _knowing_of(work, milestone_id, old_on):
        _tell_moved(work, milestone, one)
        if one.day != milestone.safe_on:
            unheard.pop(one.told, None)
    ask_again(work, milestone_id, unheard)


def tell_open_again(work: Work, milestone_id: str) -> None:
    """Nothing is said twice; but while it was over nobody was told that its day had moved, and some that it is over."""
    unheard = unheard_by(work, milestone_id)
    for milestone, one in _knowing_of(work, milestone_id, None):
        if one.day != milestone.safe_on:
            _tell_moved(work, milestone, one)
        elif one.is_over:
            delivery = _change(work, milestone, one.told, what=Change.RESTORED.value)
            _put(work, milestone, one.told, delivery, moved_from_on=None)
        else:
            continue
        unheard.pop(one.told, None)
    ask_again(work, milestone_id, unheard)


def moved_from(work: Work, milestone: Milestone, told: Told, message: Delivery) -> date | None:
    """The day that a reader of *message* knows, where it is another one by now and no other message tells them so."""
    if not milestone.revision or told.is_external:
        return None
    names = [changed_key(milestone, told, revision=at) for at in range(milestone.revision + 1)]
    changes = [one for one in work.deliveries.named(names) if one.id != message.id]
    if any(one.state in UNSENT for one in changes):
        return None
    earlier = [one for one in work.deliveries.of_milestone(milestone.id) if one.id != message.id]
    (knowing,) = _knowing([told], [*earlier, *changes], milestone.safe_on)
    return knowing.day if knowing.day != milestone.safe_on else None


def tell_withdrawn(work: Work, event: MilestonesReplanned) -> None:
    """A line in the next digest of those who had been told of a day by which nothing is to be done any more."""
    for milestone_id, messages in work.deliveries.of_milestones(event.withdrawn).items():
        milestone, reached = work.milestones.get(milestone_id), _told_by(work, messages)
        earlier = work.deliveries.named(_earlier_names(milestone, reached))
        _overtake(work, earlier)
        told = [one for one in reached if not (one.is_external or work.monitor.notifiers[one.channel].can_update)]
        knowing = _knowing(told, [*messages, *earlier], milestone.safe_on)
        put(work, [(_line(work, milestone, one), None) for one in knowing if not one.is_over])


def tell_owner(work: Work, agreement_id: str) -> None:
    """An agreement is somebody else's: they hear of its deadlines of which somebody had been told, else of the next.

    All that they are handed is one message. What can wait for its own ladder waits for their next hour, and is not told
    at all to those who want no digests.
    """
    agreement = work.agreements.get(agreement_id)
    person = recipients.enabled(work, agreement.owner_id)
    rows = {row.id: row for row in work.milestones.of(agreement_id) if row.is_live and row.owner_id is None}
    if person is None or not rows:
        return
    known = [rows[one] for one, messages in work.deliveries.of_milestones(rows).items() if _told_by(work, messages)]
    next_one = min(rows.values(), key=lambda row: (not row.is_deadline, row.safe_on, row.id))
    for told in recipients.addresses(work, person, "best"):
        soon_at = max(quiet.their_hour(work, told), work.now + _TOGETHER)
        for row in known or [next_one]:
            delivery = _change(work, row, told, what=f"{Change.OWNER}:{agreement.version}")
            if person.digests and not recipients.is_critical(work, agreement, row):
                at = soon_at if known else quiet.next_hour(work, person, work.now)
                put(work, [(_with_others(delivery, at), None)])
            elif person.digests or known:
                _put(work, row, told, delivery, moved_from_on=None)


def _with_others(delivery: Delivery, at: datetime) -> Delivery:
    """It waits for what else is handed over; for longer where a silence holds it, and leaves never if one drops it."""
    if delivery.state is DeliveryState.CANCELLED or delivery.next_attempt_at is None:
        return delivery
    if delivery.state is DeliveryState.HELD:
        at = max(at, delivery.next_attempt_at)
    return replace(delivery, state=DeliveryState.HELD, next_attempt_at=at, why=Held.NEW)


def tell_assigned(work: Work, event: MilestoneAssigned) -> None:
    """Tell somebody that a deadline is theirs now."""
    person = recipients.enabled(work, event.owner_id)
    if person is not None:
        milestone = work.milestones.get(event.milestone_id)
        for one in recipients.addresses(work, person, "best"):
            delivery = _change(work, milestone, one, what=f"{Change.ASSIGNED}:{milestone.generation}")
            _put(work, milestone, one, delivery, moved_from_on=None)


def tell_resumed(work: Work, milestone: Milestone, *, asked_now: Iterable[Told] = ()) -> None:
    """Tell whoever put a deadline off that the day has come, else its owner; where they are away, who stands in.

    Who is *asked_now*, by a step that is due on that day, is not told beside it.
    """
    agreement = work.agreements.get(milestone.key.holder)
    heard = {one.person.id for one in asked_now if one.person is not None}
    person = _who_put_off(work, milestone) or recipients.owner_of(work, agreement, milestone)
    asked = recipients.present(work, person, is_urgent=False) if person else []
    for reader, stands_in_for in asked:
        for one in recipients.addresses(work, reader, "best") if reader.id not in heard else ():
            delivery = _change(work, milestone, one, what=f"{Change.RESUMED}:{milestone.generation}")
            delivery = replace(delivery, stands_in_for=stands_in_for)
            _put(work, milestone, one, delivery, moved_from_on=None)


def _who_put_off(work: Work, milestone: Milestone) -> Person | None:
    name = milestone.snoozed.by if milestone.snoozed else ""
    return next((one for one in work.people.all() if one.email == name and not one.is_disabled), None)


def _tell_moved(work: Work, milestone: Milestone, knowing: _Knowing) -> None:
    delivery = _change(work, milestone, knowing.told, what=Change.MOVED.value)
    if knowing.day == milestone.safe_on:
        delivery = _untold(delivery, _UNCHANGED)
    ((delivery, _),) = one_a_day(work, [(delivery, None)])
    _put(work, milestone, knowing.told, delivery, moved_from_on=knowing.day)


def _line(work: Work, milestone: Milestone, knowing: _Knowing) -> Delivery:
    """It names the day that they know."""
    told = knowing.told
    key = f"{milestone.id}:{milestone.revision}:{Change.WITHDRAWN}"
    window_at = quiet.next_window_of(work, told)
    one = plain_delivery(work, DeliveryKind.CHANGED, told, key=key, agreement_id=milestone.key.holder, at=window_at)
    one = replace(one, state=DeliveryState.HELD, why=Held.DIGEST, safe_on=knowing.day, milestone_id=milestone.id)
    return one if told.person is None or told.person.digests else _untold(one, quiet.UNTOLD)


def _change(work: Work, milestone: Milestone, told: Told, *, what: str) -> Delivery:
    key = f"{milestone.id}:{milestone.revision}:{what}"
    delivery = plain_delivery(work, DeliveryKind.CHANGED, told, key=key, agreement_id=milestone.key.holder)
    about = quiet.About(agreement=work.agreements.get(milestone.key.holder), milestone=milestone)
    waiting = _waiting(delivery, quiet.wait(work, told, about))
    return replace(waiting, safe_on=milestone.safe_on, milestone_id=milestone.id)


def _put(work: Work, milestone: Milestone, told: Told, delivery: Delivery, *, moved_from_on: date | None) -> None:
    agreement = work.agreements.get(milestone.key.holder)
    sheet = changed_sheet(work, agreement, milestone, told, delivery, moved_from_on=moved_from_on)
    put(work, [(delivery, frozen(work, told.channel, sheet))])


def _waiting(delivery: Delivery, wait: quiet.Wait) -> Delivery:
    """A change is no line of a digest: where it is to wait for one, it leaves alone at that hour."""
    if wait.state is DeliveryState.CANCELLED:
        return _untold(delivery, wait.why)
    state = DeliveryState.PENDING if wait.why == Held.DIGEST else wait.state
    return replace(delivery, state=state, next_attempt_at=wait.at, why=wait.why)


def _untold(delivery: Delivery, why: str) -> Delivery:
    return replace(delivery, state=DeliveryState.CANCELLED, next_attempt_at=None, why=why)


def _told_by(work: Work, messages: Iterable[Delivery]) -> list[Told]:
    """Whom messages reached, or may have reached; the other side as such, to be told in words for it."""
    found: dict[tuple[str, str], Told] = {}
    for one in messages:
        if may_have_arrived(one) and one.channel in work.monitor.notifiers:
            person = recipients.enabled(work, one.recipient_id)
            if person is not None or (one.recipient_id is None and not recipients.is_kept_from(work, one)):
                found[reader_of(one)] = told_now(one, person)._replace(forward_to="")
    return list(found.values())


def _knowing_of(work: Work, milestone_id: str, old_on: date | None) -> list[tuple[Milestone, _Knowing]]:
    """Those who know a day of a milestone; what says of it what holds no more is withdrawn. None: the present one."""
    messages = work.deliveries.of_milestone(milestone_id)
    if not messages:
        return []
    milestone, told = work.milestones.get(milestone_id), _told_by(work, messages)
    _say_the_new_day(work, milestone, messages)
    earlier = work.deliveries.named(_earlier_names(milestone, told))
    _overtake(work, earlier)
    return [(milestone, one) for one in _knowing(told, [*messages, *earlier], old_on or milestone.safe_on)]


def _earlier_names(milestone: Milestone, told: Sequence[Told]) -> list[str]:
    """What earlier moves of this milestone were told under."""
    return [changed_key(milestone, one, revision=at) for one in told for at in range(milestone.revision)]


def _overtake(work: Work, earlier: Iterable[Delivery]) -> None:
    """What has not begun to leave says a day that holds no more."""
    ids = [one.id for one in earlier if one.state in UNSENT]
    work.deliveries.change(ids, UNSENT, state=DeliveryState.CANCELLED, next_attempt_at=None, why=_OVERTAKEN)


def _say_the_new_day(work: Work, milestone: Milestone, messages: Iterable[Delivery]) -> None:
    """What still waits to say whose it is has told no day yet: it is composed when it leaves."""
    ids = [one.id for one in messages if one.change in _WHOSE and one.state in UNSENT]
    for delivery_id in work.deliveries.change(ids, UNSENT, safe_on=milestone.safe_on):
        work.deliveries.forget_body(delivery_id)


def _knowing(told: Iterable[Told], messages: Iterable[Delivery], old_on: date) -> list[_Knowing]:
    """With the day that each knows: the last that reached them; *old_on* where no message says which it was."""
    last: dict[tuple[str, str], tuple[date, bool]] = {}
    for one in sorted(messages, key=_in_time):
        if may_have_arrived(one) and one.safe_on is not None:
            last[reader_of(one)] = one.safe_on, one.change is Change.WITHDRAWN
    return [
        _Knowing(one, *last.get((one.channel, one.person.id if one.person else one.address), (old_on, False)))
        for one in told
    ]


def _in_time(one: Delivery) -> tuple[datetime, bool, str]:
    """Of what was made at one instant a change is told after the step of the day that it changes, in their order."""
    return one.created_at, one.change is not None, one.dedupe_key
