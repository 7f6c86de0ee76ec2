"""Evidence packs as scripts read them: one that was made, and those that the log knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.evidence_pack.packing import Pack
    from lifecycle.events import EvidencePackMade
    from store.events import Recorded


def pack_document(pack: Pack, *, file: str | None) -> dict[str, Any]:
    """What was made; *file* None: it was only tried."""
    return {
        "file": file,
        "agreements": pack.agreements,
        "restricted_to_others": pack.left_out,
        "missing_files": len(pack.missing),
        "log_broken_at": pack.log_broken_at,
        "rows": dict(pack.rows),
        "size": pack.size,
        "seal": pack.seal,
    }


def made_document(one: Recorded, event: EvidencePackMade) -> dict[str, Any]:
    """A pack as the log knows it; its file is with whoever asked for it."""
    return {
        "position": one.position,
        "at": one.at,
        "by": one.actor.name,
        "from_on": event.from_on,
        "until_on": event.until_on,
        "as_of_on": event.as_of_on,
        "search": event.search,
        "counterparty": event.counterparty,
        "agreements": event.agreements,
        "restricted_to_others": event.left_out,
        "seal": event.seal,
    }
