"""Checklists as scripts read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.obligations.checklist import At, Every

if TYPE_CHECKING:
    from lifecycle.obligations.checklist import Checklist


def when(timing: At | Every) -> str:
    """``5 business days after effective``, ``every 1 year from effective``."""
    if isinstance(timing, Every):
        first = f", first after {timing.first}" if timing.first else ""
        return f"every {timing.period} from {timing.anchor.value}{first}"
    if timing.period.is_zero:
        return f"on {timing.anchor.value}"
    return f"{timing.period} {timing.direction.value} {timing.anchor.value}"


def headed(checklist: Checklist) -> dict[str, Any]:
    """A checklist in a list of them."""
    return {"name": checklist.name, "about": checklist.about, "items": len(checklist.templates)}


def document(checklist: Checklist) -> dict[str, Any]:
    """A checklist for ``--json``."""
    return {
        "name": checklist.name,
        "about": checklist.about,
        "items": [
            {
                "key": one.key,
                "kind": one.kind,
                "name": one.name,
                "when": when(one.timing),
                "owner": str(one.owner),
                "continues": one.continues,
                "takes": one.takes,
                "evidence": one.evidence,
                "needs": list(one.needs),
            }
            for one in checklist.templates
        ],
    }
