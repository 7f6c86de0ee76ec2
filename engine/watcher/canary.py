"""A message to ourselves, once a day through each channel that can be asked what it has (DELIVERY.md A3).

1. It goes the way of all messages: outbox, claim, gate, channel.
2. After five minutes the channel is asked whether it has it, and again until it says so.
3. What was found is acknowledged, twice under one key as an impatient click is: it comes in as people's answers do.
4. After an hour without, the channel takes messages that nobody finds: an incident, closed by the next one found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine.delivery.composing import frozen, plain_sheet
from engine.delivery.enqueueing import plain_delivery, put
from engine.delivery.pacing import turn
from engine.delivery.posted import outgoing
from engine.delivery.recipients import Told
from engine.incidents import close_incident, open_incident
from engine.incoming.hearing import Heard
from engine.incoming.inbox import Incoming, receive
from engine.incoming.results import Outcome
from engine.watcher.ahead import lies_ahead
from engine.watcher.watching import watches
from lifecycle.delivery import ARRIVED, DeliveryKind
from lifecycle.events import CLOCK
from notifiers.base import Action, Found, Frozen
from store.codec import dumps, loads
from store.errors import RowRefused

if TYPE_CHECKING:
    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery
    from notifiers.base import FindResult, Outgoing

MISSING: Final = "canary"
_EVERY: Final = timedelta(days=1)
_FIRST_LOOK: Final = timedelta(minutes=5)
_AGAIN: Final = timedelta(minutes=10)
_PATIENCE: Final = timedelta(hours=1)
_SLACK: Final = timedelta(minutes=5)  # of clocks
_HEADING: Final = "Longstop tries this channel"
_TEXT: Final = "Once a day Longstop sends this message and looks whether it arrived. Nobody needs to do anything."
_UNREAD: Final = Frozen("", b"", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The last message to ourselves through a channel, and when it is looked at next."""

    delivery_id: str
    sent_at: datetime
    next_at: datetime
    is_over: bool = False


def fly(monitor: Monitor) -> int:
    """Send what is due, look for what was sent; through how many channels."""
    now = monitor.clock.now()
    due = [channel for channel, at in _planned(monitor).items() if at <= now]
    for channel in due:
        with monitor.look() as work:
            trial = _last(work, channel)
        if trial is not None and lies_ahead(trial.sent_at, now):
            _await(monitor, channel, trial)
        elif trial is None or trial.is_over:
            _send(monitor, channel)
        else:
            _seek(monitor, channel, trial)
    return len(due)


def due_at(monitor: Monitor) -> datetime | None:
    """When a channel is tried, or asked, next. In shadow mode nothing leaves, so nothing can be found."""
    return min(_planned(monitor).values(), default=None)


def _planned(monitor: Monitor) -> dict[str, datetime]:
    watching = watches(monitor)
    if watching is None or monitor.house.shadow_mode:
        return {}
    tried = [name for name in watching.canaries if name in monitor.notifiers and monitor.notifiers[name].can_find]
    if not tried:
        return {}
    with monitor.look() as work:
        return {name: _due_at(_last(work, name), work.now) for name in tried}


def _due_at(trial: Trial | None, now: datetime) -> datetime:
    return now if trial is None or lies_ahead(trial.sent_at, now) else trial.next_at


def _send(monitor: Monitor, channel: str) -> None:
    watching = watches(monitor)
    address = watching.canaries[channel] if watching else ""
    with monitor.work() as work:
        told = Told(None, channel, address)
        delivery = plain_delivery(
            work, DeliveryKind.TEST, told, key=f"canary:{work.now.isoformat()}", expires_at=work.now + _PATIENCE
        )
        sheet = plain_sheet(work, told, delivery, heading=_HEADING, text=_TEXT)
        put(work, [(delivery, frozen(work, channel, sheet))])
        work.made_due = True
        trial = Trial(delivery_id=delivery.id, sent_at=work.now, next_at=work.now + _FIRST_LOOK)
        _keep(work, channel, trial)


def _await(monitor: Monitor, channel: str, trial: Trial) -> None:
    """The clock was set back: this one is judged no more, and the next flies in a day."""
    with monitor.work() as work:
        _keep(work, channel, replace(trial, sent_at=work.now, next_at=work.now + _EVERY, is_over=True))


def _seek(monitor: Monitor, channel: str, trial: Trial) -> None:
    with monitor.work() as work:
        sent = work.deliveries.get(trial.delivery_id)
        paces = monitor.notifiers[channel].paces(Action.FIND, sent.address)
        back_at = turn(work, paces) if sent.state in ARRIVED else None
        sought = outgoing(work, sent, _UNREAD)
        if back_at is not None:
            _keep(work, channel, replace(trial, next_at=back_at))
            return
    found = _found(monitor, sent, sought, trial.sent_at)
    is_well = isinstance(found, Found) and _is_acknowledged(monitor, trial)
    with monitor.work() as work:
        _judge(work, channel, trial, is_found=is_well)


def _found(monitor: Monitor, sent: Delivery, sought: Outgoing, sent_at: datetime) -> FindResult | None:
    """No transaction is open here; a channel that fails to answer has not shown the message."""
    if sent.state not in ARRIVED:
        return None
    try:
        return monitor.notifiers[sent.channel].find(sought, sent_at - _SLACK)
    except Exception:  # noqa: BLE001 - whatever a channel does wrong, the message was not found
        return None


def _is_acknowledged(monitor: Monitor, trial: Trial) -> bool:
    """Whether an answer comes in, acts once and is known again."""
    what = Heard(hook=MISSING, operation=None)
    answer = Incoming(key=f"{MISSING}:{trial.delivery_id}", source=MISSING, actor=CLOCK, what=what)
    try:
        first, again = receive(monitor, answer), receive(monitor, answer)
    except RowRefused:  # so it would be with a person's
        return False
    return first.outcome is again.outcome is Outcome.ALREADY and again.is_repeat


def _judge(work: Work, channel: str, trial: Trial, *, is_found: bool) -> None:
    is_over = is_found or work.now >= trial.sent_at + _PATIENCE
    if is_found:
        close_incident(work, kind=MISSING, subject=channel, because="a message to ourselves was found again")
    elif is_over:
        text = (
            f"A message to ourselves through {channel} was not found, or its answer not heard, within an hour: "
            "others may be lost as well. Try one in Admin, Channels, or see `longstop doctor` and `longstop send-test`."
        )
        open_incident(work, kind=MISSING, subject=channel, text=text)
    next_at = trial.sent_at + _EVERY if is_over else min(work.now + _AGAIN, trial.sent_at + _PATIENCE)
    _keep(work, channel, replace(trial, next_at=max(next_at, work.now), is_over=is_over))


def _last(work: Work, channel: str) -> Trial | None:
    kept = work.keeping.fact(f"canary:{channel}")
    return loads(kept, Trial) if kept else None


def _keep(work: Work, channel: str, trial: Trial) -> None:
    work.keeping.set_fact(f"canary:{channel}", dumps(trial))
