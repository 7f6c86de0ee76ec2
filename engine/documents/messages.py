"""Messages as scripts read them, and which of them somebody may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.rights import Act, Standing, may
from store.queries import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.monitor import Work
    from lifecycle.delivery import Delivery, DeliveryState
    from lifecycle.people import Person


def seen_deliveries(
    work: Work, person: Person | None, states: Sequence[DeliveryState], most: int
) -> list[Delivery]:  # fmt: skip
    """Messages in *states* as far as whoever asks may read them: their own, those about their own agreements, or all.

    Nobody reads what is about an agreement that they do not see.
    """
    return readable_by(work, person, work.deliveries.listed(states, most))


def readable_by(work: Work, person: Person | None, found: list[Delivery]) -> list[Delivery]:
    """Those of these messages that whoever asks may read."""
    if person is None:
        return found
    about = work.agreements.many({one.agreement_id for one in found if one.agreement_id})
    may_see = visible(person)
    unseen = {each.id for each in about.values() if not may_see(each)}
    found = [one for one in found if one.agreement_id not in unseen]
    if may(person.role, Act.READ_LOG):
        return found
    has_own = may(person.role, Act.READ_LOG, Standing(is_own=True))
    own = {each.id for each in about.values() if has_own and person.id in {each.owner_id, each.backup_id}}
    return [one for one in found if one.recipient_id == person.id or one.agreement_id in own]


def delivery_document(work: Work, one: Delivery) -> dict[str, Any]:
    """A message as scripts read it; its text is not in it."""
    body = work.deliveries.body(one.id)
    return {
        "id": one.id,
        "kind": one.kind,
        "state": one.state,
        "channel": one.channel,
        "address": one.address,
        "recipient_id": one.recipient_id,
        "recipient_name": one.recipient_name,
        "agreement_id": one.agreement_id,
        "milestone_id": one.milestone_id,
        "place": one.place or None,
        "urgency": one.urgency,
        "subject": body.subject if body else None,
        "created_at": one.created_at,
        "next_attempt_at": one.next_attempt_at,
        "accepted_at": one.accepted_at,
        "expires_at": one.expires_at,
        "attempts": one.attempts,
        "fallback_of": one.fallback_of,
        "why": one.why or None,
    }
