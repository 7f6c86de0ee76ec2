"""What is for the other side leaves once a day to each address, by name; what is more waits for the next free day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.delivery import quiet
from engine.delivery.told import is_outwards
from engine.zones import zone
from lifecycle.delivery import DeliveryState

if TYPE_CHECKING:
    from datetime import datetime

    from engine.delivery.told import Told
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from store.deliveries import Body


def one_a_day(work: Work, made: list[tuple[Delivery, Body | None]]) -> list[tuple[Delivery, Body | None]]:
    """Messages before they go into the outbox; those for the other side each on a day of its own."""
    last: dict[str, datetime | None] = {}
    spread: list[tuple[Delivery, Body | None]] = []
    for one, body in made:
        if not is_outwards(one) or one.state is not DeliveryState.PENDING or one.agreement_id is None:
            spread.append((one, body))
            continue
        if one.address not in last:
            last[one.address] = work.deliveries.last_outwards(one.address)
        at = one.next_attempt_at or work.now
        leaves_at = free_at(work, work.agreements.get(one.agreement_id), last[one.address], at)
        last[one.address] = leaves_at
        spread.append((one, body) if leaves_at == at else (replace(one, next_attempt_at=leaves_at), None))
    return spread


def free_at(work: Work, agreement: Agreement, last: datetime | None, at: datetime) -> datetime:
    """*at*; or, where they were or will be written to on that day or later, the hour of the day after."""
    home = zone(agreement.time_zone)
    if last is None or last.astimezone(home).date() < at.astimezone(home).date():
        return at
    return quiet.hour_of(work, agreement, last.astimezone(home).date() + timedelta(days=1))


def name_of(work: Work, told: Told, agreement: Agreement | None) -> str:
    """What somebody of the other side is called; "" of everybody else, and where nobody has said it."""
    known = work.contacts.of(agreement.counterparty_id) if agreement and told.is_external else ()
    return next((one.person for one in known if one.email == told.address), "")
