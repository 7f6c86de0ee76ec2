"""Digests: what waited for a window leaves as one message.

At the window of a recipient the held messages of one channel are bundled into one, composed and frozen then. What is no
longer wanted is left out, and an empty digest is not sent. A member that cannot wait for a digest of its own any more
(its recipient has left, its channel is gone) is released, and its gate says what follows.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from engine import recipients
from engine.composing import digest_sheet, facts_of, frozen, is_inside
from engine.enqueueing import plain_delivery, put
from engine.linking import linked
from engine.settling import expired
from lifecycle.delivery import DeliveryKind, DeliveryState
from lifecycle.milestones import LIVE
from lifecycle.playbook import Urgency

if TYPE_CHECKING:
    from datetime import datetime

    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery
    from notifiers.base import Deadline

_NEW: Final = "New in your register"
_AHEAD: Final = "Your deadlines ahead"


def bundle(monitor: Monitor) -> int:
    """Bundle what waited for a window that has come; how many messages were looked at.

    In shadow mode too: what is composed then is held at its gate.
    """
    at = due_at(monitor)
    if at is None or at > monitor.clock.now():
        return 0
    with monitor.work() as work:
        held = work.deliveries.held_until(work.now)
        groups: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
        for one in held:
            if not one.why and _has_reader(work, one):
                groups[one.channel, one.address].append(one)
        _release(work, [one for one in held if one.why or not _has_reader(work, one)])
        for members in groups.values():
            _bundle(work, members)
    return len(held)


def due_at(monitor: Monitor) -> datetime | None:
    """When the next window comes."""
    with monitor.look() as work:
        return work.deliveries.next_at([DeliveryState.HELD])


def _bundle(work: Work, members: list[Delivery]) -> None:
    wanted = [one for one in members if _is_wanted(work, one)]
    dropped = [one.id for one in members if one not in wanted]
    work.deliveries.change(
        dropped, [DeliveryState.HELD], state=DeliveryState.CANCELLED, next_attempt_at=None, why="no longer wanted"
    )
    if not wanted:
        return
    first = wanted[0]
    person = recipients.enabled(work, first.recipient_id)
    told = recipients.Told(person, first.channel, first.address)
    digest = plain_delivery(work, DeliveryKind.DIGEST, told, key=f"{work.now.isoformat()}:{first.id}")
    is_new = all(one.urgency != Urgency.DIGEST or one.created_at == one.next_attempt_at for one in wanted)
    sheet = digest_sheet(work, told, digest, _facts(work, told, wanted), heading=_NEW if is_new else _AHEAD)
    put(work, [(digest, frozen(work, told.channel, sheet))])
    work.deliveries.change(
        [one.id for one in wanted],
        [DeliveryState.HELD],
        state=DeliveryState.BUNDLED,
        next_attempt_at=None,
        bundle_id=digest.id,
    )


def _has_reader(work: Work, one: Delivery) -> bool:
    is_here = one.recipient_id is None or recipients.enabled(work, one.recipient_id) is not None
    return is_here and one.channel in work.monitor.notifiers


def _release(work: Work, members: list[Delivery]) -> None:
    """Held by a person or by shadow mode, or nobody's: each goes on alone, or its time is over."""
    over = [one for one in members if one.expires_at <= work.now]
    work.deliveries.change(
        [one.id for one in over],
        [DeliveryState.HELD],
        state=DeliveryState.EXPIRED,
        next_attempt_at=None,
        why="its time was over",
    )
    for one in over:
        expired(work, one)
    ids = [one.id for one in members if one.expires_at > work.now]
    work.deliveries.change(ids, [DeliveryState.HELD], state=DeliveryState.PENDING, next_attempt_at=work.now, why="")
    work.made_due = work.made_due or bool(ids)


def _is_wanted(work: Work, one: Delivery) -> bool:
    if one.milestone_id is None:
        return False
    row = work.milestones.get(one.milestone_id)
    return row.state in LIVE and row.safe_on == one.safe_on and row.generation == one.generation


def _facts(work: Work, told: recipients.Told, members: list[Delivery]) -> list[Deadline]:
    """One line per milestone, the earliest last safe day first; restricted ones are not told outsiders."""
    rows = work.milestones.many({one.milestone_id for one in members if one.milestone_id})
    agreements = work.agreements.many({row.key.holder for row in rows.values()})
    shown = [
        row
        for row in rows.values()
        if not agreements[row.key.holder].is_restricted or is_inside(told, agreements[row.key.holder])
    ]
    shown.sort(key=lambda row: (row.safe_on, agreements[row.key.holder].reference, row.id))
    facts = [facts_of(work, agreements[row.key.holder], row, with_why=False) for row in shown]
    return [linked(work, each, told, agreements[each.agreement_id]) for each in facts]
