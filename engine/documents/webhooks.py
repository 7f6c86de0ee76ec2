"""Webhooks and what came in by hooks, as scripts read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from store.endpoints import EndpointRow


def webhook_document(row: EndpointRow, *, secret: str | None = None) -> dict[str, Any]:
    """An endpoint; *secret* is its newest key, where it was just made."""
    return {
        "name": row.name,
        "url": row.url,
        "is_on": row.is_on,
        "position": row.position,
        "events": list(row.known.events),
        "may_see_restricted": row.known.may_see_restricted,
        "keys": len(row.known.seeds),
        "failing_since_at": row.failing_since_at,
        "secret": secret,
    }
