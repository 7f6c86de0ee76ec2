"""Evidence as somebody may see it, and the deadlines that audits, evidence and findings are.

A page asks for what it shows: what is still to come, what was accepted lately, what covers the days of its strips. The
reports of years ago are not read.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import or_, select

from store.evidence import request_in
from store.queries.agreement_lists import seen_by
from store.queries.cursors import cursor_of, place_of
from store.schema import agreements, counterparties, evidence_requests, milestones
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy.sql import ColumnElement, Select

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.obligations.evidence import EvidenceRequest
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

_OF_AUDITS: Final = ("audit", "evidence", "certificate", "finding", "duty")
_T: Final = evidence_requests


class Place(NamedTuple):
    """Where a milestone belongs."""

    agreement_id: str
    subject: str
    cycle: str


class SeenEvidence(NamedTuple):
    """A report, or a request for one, with its agreement."""

    request: EvidenceRequest
    agreement: Agreement


class Covered(NamedTuple):
    """What covers some days on one strip of a counterparty; none where all of it has lapsed."""

    counterparty: str
    strip: str
    reports: tuple[EvidenceRequest, ...]


def evidence_listed(  # noqa: PLR0913 - what a list is narrowed by, each by its name
    work: UnitOfWork, person: Person | None, *, is_open: bool, limit: int, after: str = "", of: str = ""
) -> tuple[list[SeenEvidence], str]:
    """What *person* may see, the one that is due first at the head: so many behind a cursor, and the last one's cursor.

    The cursor is "" where there are no more; *is_open*: what is not accepted yet; *of*: the one agreement, by its id.

    Raises CursorRefused.
    """
    place = (_T.c.listed_on, _T.c.id)
    conditions: list[ColumnElement[bool]] = [_T.c.due_on.is_not(None)] if is_open else []
    if of:
        conditions.append(_T.c.agreement_id == of)
    if after:
        on, last = place_of(after)
        conditions += [_T.c.listed_on >= on, or_(_T.c.listed_on > on, _T.c.id > last)]
    found = _seen(work, person, *conditions, by=place, limit=limit + 1)
    if len(found) <= limit:
        return found, ""
    last_one = found[limit - 1].request
    return found[:limit], cursor_of(last_one.due_on, last_one.id)


def evidence_to_come(work: UnitOfWork, person: Person | None, *, limit: int | None) -> list[SeenEvidence]:
    """The first reports of which something is still to come, the one that is due first at the head."""
    return _seen(work, person, _T.c.due_on.is_not(None), by=(_T.c.due_on, _T.c.id), limit=limit)


def evidence_unfollowed(work: UnitOfWork, person: Person | None) -> list[SeenEvidence]:
    """What is not accepted, though its deadline is closed or gone: nobody is reminded of it."""
    found = evidence_to_come(work, person, limit=None)
    rows = rows_of(work, (one.request for one in found))
    live = {place for place, row in rows.items() if row.is_live}
    return [one for one in found if Place(one.agreement.id, one.request.subject, one.request.cycle) not in live]


def evidence_accepted(work: UnitOfWork, person: Person | None, *, since_on: date, limit: int) -> list[SeenEvidence]:
    """The reports last accepted, none before *since_on*; the newest at the head."""
    newest = (_T.c.accepted_on.desc(), _T.c.id.desc())
    return _seen(work, person, _T.c.accepted_on >= since_on, by=newest, limit=limit)


def evidence_covering(work: UnitOfWork, person: Person | None, *, since_on: date, limit: int) -> list[Covered]:
    """The first strips by counterparty and name, each with the reports that cover *since_on* or a day after it.

    A strip has begun with its first report and stays when that has lapsed: what no report covers is what it tells.
    """
    shown = (
        select(counterparties.c.id, counterparties.c.name, _T.c.strip)
        .select_from(_T.join(agreements).join(counterparties))
        .where(_T.c.strip.is_not(None), ~agreements.c.is_archived, *seen_by(work, person))
        .distinct()
        .order_by(counterparties.c.name, _T.c.strip)
        .limit(limit)
    )
    strips = work.session.execute(shown).all()
    reports: dict[tuple[str, str], list[EvidenceRequest]] = defaultdict(list)
    for chunk in chunks(list(dict.fromkeys(row.id for row in strips))):
        known = _statement(work, person, _T.c.covered_until >= since_on, agreements.c.counterparty_id.in_(chunk))
        for row in work.session.execute(known.where(_T.c.strip.is_not(None))):
            reports[row.counterparty_id, row.strip].append(request_in(row.doc))
    return [Covered(row.name, row.strip, tuple(reports[row.id, row.strip])) for row in strips]


def _seen(
    work: UnitOfWork,
    person: Person | None,
    *conditions: ColumnElement[bool],
    by: tuple[ColumnElement[Any], ...] = (),
    limit: int | None = None,
) -> list[SeenEvidence]:
    statement = _statement(work, person, *conditions).order_by(*by).limit(limit)
    found = [request_in(row.doc) for row in work.session.execute(statement)]
    known = work.agreements.many({one.agreement_id for one in found})
    return [SeenEvidence(one, known[one.agreement_id]) for one in found]


def _statement(work: UnitOfWork, person: Person | None, *conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(_T.c.doc, _T.c.strip, agreements.c.counterparty_id)
        .join(agreements, agreements.c.id == _T.c.agreement_id)
        .where(~agreements.c.is_archived, *seen_by(work, person), *conditions)
    )


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
