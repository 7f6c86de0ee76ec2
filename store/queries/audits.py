"""Evidence as somebody may see it, and the deadlines that audits, evidence and findings are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select

from lifecycle.obligations.evidence import EvidenceState
from store.queries.agreement_lists import seen_by
from store.schema import agreements, evidence_requests, milestones
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.sql import ColumnElement

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.obligations.evidence import EvidenceRequest
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

_OF_AUDITS: Final = ("audit", "evidence", "certificate", "finding", "duty")
_OVER: Final = (EvidenceState.ACCEPTED.value, EvidenceState.WITHDRAWN.value)


class Place(NamedTuple):
    """Where a milestone belongs."""

    agreement_id: str
    subject: str
    cycle: str


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


def rows_of(work: UnitOfWork, found: Iterable[EvidenceRequest]) -> Mapping[Place, Milestone]:
    """The deadlines that these answer, ended ones too, in few questions."""
    subjects: dict[str, set[str]] = defaultdict(set)
    for one in found:
        subjects[one.agreement_id].add(one.subject)
    rows: dict[Place, Milestone] = {}
    for chunk in chunks(list(subjects)):
        asked = set().union(*(subjects[one] for one in chunk))
        rows |= _read(work, milestones.c.agreement_id.in_(chunk), milestones.c.subject.in_(asked))
    return rows


def rows_of_audits(work: UnitOfWork, agreement_id: str) -> Mapping[Place, Milestone]:
    """What an agreement owes for audits, evidence and findings, ended ones too."""
    return _read(work, milestones.c.agreement_id == agreement_id, milestones.c.kind.in_(_OF_AUDITS))


def _read(work: UnitOfWork, *conditions: ColumnElement[bool]) -> dict[Place, Milestone]:
    ids = work.session.execute(select(milestones.c.id).where(*conditions)).scalars()
    found = work.milestones.many(ids).values()
    return {Place(row.key.holder, row.key.subject, row.key.cycle): row for row in found}
