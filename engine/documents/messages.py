"""Messages as scripts read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.delivery import Delivery


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
