"""A finding as scripts read it, with who accepts it and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.findings.standing import Judged


def judged_document(one: Judged) -> dict[str, Any]:
    """What was found, what to do, and what somebody said about it."""
    finding, accepted = one
    told = accepted and {"by": accepted.accepted_by, "at": accepted.accepted_at, "because": accepted.because}
    return {
        "id": finding.id,
        "code": finding.code,
        "about": finding.about,
        "on": finding.on,
        "text": finding.text,
        "remedy": finding.remedy,
        "accepted": told,
    }
