"""Audits as somebody may see them: rights, evidence and findings of the agreements that are theirs to see.

Whether an agreement has rights or findings is seen in its document as it is kept: quotes inside of texts are escaped
there, so that no text can look like one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import or_, select

from lifecycle.evidence import EvidenceState
from store.queries.agreement_lists import seen_by
from store.schema import agreements, evidence_requests, milestones

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecycle.agreement import Agreement
    from lifecycle.evidence import EvidenceRequest
    from lifecycle.milestones import Milestone
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

_WITH_RIGHTS: Final = agreements.c.doc.like('%"audit_rights":[{%')
_WITH_FINDINGS: Final = agreements.c.doc.like('%"audit_findings":[{%')
_OVER: Final = (EvidenceState.ACCEPTED.value, EvidenceState.WITHDRAWN.value)


class SeenEvidence(NamedTuple):
    """A report, or a request for one, with its agreement."""

    request: EvidenceRequest
    agreement: Agreement


def seen_evidence(work: UnitOfWork, person: Person | None, *, is_open: bool = False) -> list[SeenEvidence]:
    """What *person* may see of all evidence, the one that is due first at the head; *is_open*: as long as it is."""
    statement = (
        select(evidence_requests.c.agreement_id)
        .join(agreements, agreements.c.id == evidence_requests.c.agreement_id)
        .where(~agreements.c.is_archived, *seen_by(work, person))
        .distinct()
    )
    if is_open:
        statement = statement.where(evidence_requests.c.state.not_in(_OVER))
    known = work.agreements.many(work.session.execute(statement).scalars())
    found = work.evidence.of_many(known)
    return [SeenEvidence(one, known[one.agreement_id]) for one in found if one.is_open or not is_open]


def with_audits(work: UnitOfWork, person: Person | None) -> list[Agreement]:
    """The agreements with an audit right or a finding that *person* may see, by reference."""
    statement = (
        select(agreements.c.id)
        .where(~agreements.c.is_archived, or_(_WITH_RIGHTS, _WITH_FINDINGS), *seen_by(work, person))
        .order_by(agreements.c.reference_key)
    )
    return list(work.agreements.many(work.session.execute(statement).scalars()).values())


def rows_by_subject(work: UnitOfWork, agreement_ids: Sequence[str]) -> Mapping[tuple[str, str, str], Milestone]:
    """The milestones of these agreements by agreement, subject and cycle, ended ones too; of duties only."""
    statement = select(milestones.c.id).where(
        milestones.c.agreement_id.in_(agreement_ids), milestones.c.kind.in_(("audit", "evidence", "finding", "duty"))
    )
    found = work.milestones.many(work.session.execute(statement).scalars())
    return {(row.key.holder, row.key.subject, row.key.cycle): row for row in found.values()}
