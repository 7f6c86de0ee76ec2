"""To live with a finding: somebody says why, and nobody is told of it until its facts change or it is reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.errors import LifecycleError
from lifecycle.events import FindingAccepted, FindingReopened
from store.agreements import key_of
from store.findings import KeptFinding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.monitor import Work
    from lifecycle.findings.finding import Finding


class FindingRefused(LifecycleError):
    """A finding that cannot be accepted so."""

    code = "refused"


def accept_finding(work: Work, finding: Finding, *, because: str) -> KeptFinding:
    """Note that somebody accepts it; again with other words replaces them. Raises FindingRefused without a reason."""
    reason = because.strip()
    if not reason:
        raise FindingRefused("It is not said why this is accepted.", remedy="Give a reason; it is kept in the log.")
    kept = kept_finding(work, finding)
    known = work.findings.many([finding.id]).get(finding.id)
    if known is not None and known.accepted_at is not None and known.because == reason:
        return known
    if known is None:
        work.findings.add(kept)
    work.findings.accept(finding.id, by=work.actor.name, because=reason, at=work.now)
    work.record(FindingAccepted(agreement_id=kept.about[0], finding_id=finding.id, code=finding.code, because=reason))
    return work.findings.many([finding.id])[finding.id]


def reopen_finding(work: Work, finding: Finding, *, because: str) -> None:
    """Live with it no longer: it is told again by the next daily look. Twice is once.

    Raises FindingRefused without a reason.
    """
    reason = because.strip()
    if not reason:
        raise FindingRefused("It is not said why this is to be mended now.", remedy="Give a reason; the log keeps it.")
    known = work.findings.many([finding.id]).get(finding.id)
    if known is None or known.accepted_at is None:
        return
    work.findings.reopen(finding.id)
    work.record(FindingReopened(agreement_id=known.about[0], finding_id=finding.id, code=finding.code, because=reason))


def kept_finding(work: Work, finding: Finding) -> KeptFinding:
    """A finding as it is kept: with the ids of the agreements that it speaks of."""
    known = work.agreements.by_references(finding.about)
    return kept(finding, {one: known[key_of(one)].id for one in finding.about}, at=work.now)


def kept(finding: Finding, ids: Mapping[str, str], *, at: datetime) -> KeptFinding:
    """As ``kept_finding``, seen first *at* an instant; *ids* are those of agreements by reference."""
    about = tuple(ids[one] for one in finding.about)
    return KeptFinding(
        id=finding.id, code=finding.code, about=about, matters_on=finding.on, text=finding.text, first_seen_at=at
    )
