"""What an evidence pack is made of, read a part at a time so that no register is too large for it.

Which agreements somebody may take along is decided by ``visible``, as everywhere; how many are restricted to others is
told as one number of the whole register, so that no search finds out what stands in them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, func, or_, select, tuple_

from lifecycle.agreements.agreement import Agreement
from store.agreements import key_of
from store.codec import loads
from store.events import recorded
from store.queries import hidden, visible
from store.queries.reports import ANSWERS
from store.queries.search import NOTHING, Search, fits_agreement, with_owners
from store.schema import (
    agreement_versions,
    agreements,
    attempts,
    bodies,
    deliveries,
    documents,
    events,
    incidents,
    milestones,
    playbook_versions,
)
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.sql import ColumnElement

    from lifecycle.people import Person
    from store.events import Recorded
    from store.unit_of_work import UnitOfWork

AT_ONCE: Final = 500
_ENDS: Final = ("DeliveryDelivered", "DeliveryFailed", "DeliveryExpired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which agreements; *known_at* None: by what is known of them now."""

    search: Search = NOTHING
    counterparty: str = ""
    known_at: datetime | None = None


class Chosen(NamedTuple):
    """The ids of agreements by reference; *left_out* is how many of the register are restricted to others."""

    ids: tuple[str, ...]
    left_out: int


def chosen(work: UnitOfWork, person: Person | None, wanted: Wanted) -> Chosen:
    """The agreements that are wanted, archived ones too, as far as *person* may see them; None is the operator."""
    search = wanted.search
    if search.says("owner"):
        search = with_owners(search, work.people.all(), me=person)
    rows = work.session.execute(select(agreements.c.id, agreements.c.reference_key))
    found = []
    for chunk in chunks([one.id for one in sorted(rows, key=lambda row: (row.reference_key, row.id))]):
        known = known_in(work, chunk, wanted.known_at)
        now = known if wanted.known_at is None else work.agreements.many(chunk)
        may_see = visible(person)
        found += [
            one for one in chunk if one in known and may_see(now[one]) and _is_meant(search, wanted, known[one])
        ]  # fmt: skip
        work.agreements.forget_seen()
    return Chosen(tuple(found), len(hidden(work.session, person)))


def known_in(work: UnitOfWork, ids: Sequence[str], at: datetime | None) -> dict[str, Agreement]:
    """These agreements as they are now, or as they were known at an instant; those not yet registered are absent."""
    if at is None:
        return work.agreements.many(ids)
    newest = (
        select(agreement_versions.c.agreement_id, func.max(agreement_versions.c.version).label("version"))
        .where(agreement_versions.c.agreement_id.in_(ids), agreement_versions.c.since_at <= at)
        .group_by(agreement_versions.c.agreement_id)
        .subquery()
    )
    statement = select(agreement_versions.c.agreement_id, agreement_versions.c.doc).join(
        newest,
        and_(
            newest.c.agreement_id == agreement_versions.c.agreement_id,
            newest.c.version == agreement_versions.c.version,
        ),
    )
    found = {row.agreement_id: loads(row.doc, Agreement) for row in work.session.execute(statement)}
    return {one: found[one] for one in ids if one in found}


def milestone_ids(work: UnitOfWork, ids: Sequence[str]) -> dict[str, list[str]]:
    """The milestones of these agreements, by last safe day."""
    statement = (
        select(milestones.c.id, milestones.c.agreement_id)
        .where(milestones.c.agreement_id.in_(ids))
        .order_by(milestones.c.safe_on, milestones.c.id)
    )
    found: dict[str, list[str]] = {one: [] for one in ids}
    for row in work.session.execute(statement):
        found[row.agreement_id].append(row.id)
    return found


def history_of(work: UnitOfWork, ids: Sequence[str], until_at: datetime) -> dict[str, list[Recorded]]:
    """What happened to these agreements before an instant, oldest first."""
    statement = select(events).where(events.c.agreement_id.in_(ids), events.c.at < until_at)
    found: dict[str, list[Recorded]] = {one: [] for one in ids}
    for row in work.session.execute(statement.order_by(events.c.position)):
        found[row.agreement_id].append(recorded(row))
    return found


def answers_of(work: UnitOfWork, ids: Iterable[str], until_at: datetime) -> dict[str, list[Recorded]]:
    """What people answered to the milestones of these agreements before an instant, by milestone."""
    found: dict[str, list[Recorded]] = {}
    for row in _events_of(work, ids, ANSWERS, until_at):
        found.setdefault(row.milestone_id, []).append(recorded(row))
    return found


def ends_of(work: UnitOfWork, ids: Iterable[str], until_at: datetime) -> dict[str, str]:
    """How the way of messages about these agreements had ended by an instant: delivered, failed, expired."""
    rows = _events_of(work, ids, _ENDS, until_at)
    return {json.loads(row.payload)["delivery_id"]: row.type.removeprefix("Delivery").lower() for row in rows}


def messages(
    work: UnitOfWork, chosen: frozenset[str], from_at: datetime, until_at: datetime, *, with_house: bool
) -> Iterator[list[Row[Any]]]:
    """Messages that were written or left within a span, some at a time; *with_house* also those about no agreement.

    Digests in which something about these agreements stood are always there. They come agreement by agreement; each
    with the subject and the hash of what was composed, never with its text.
    """
    digests = _digests(work, chosen)
    statement = (
        select(deliveries, bodies.c.subject, bodies.c.content_type, bodies.c.sha256)
        .outerjoin(bodies, bodies.c.delivery_id == deliveries.c.id)
        .where(deliveries.c.created_at < until_at)
        .where(or_(deliveries.c.created_at >= from_at, deliveries.c.accepted_at >= from_at))
        .order_by(func.coalesce(deliveries.c.agreement_id, ""), deliveries.c.created_at, deliveries.c.id)
    )
    with work.session.stream(statement) as found:
        for rows in found.partitions(AT_ONCE):
            yield [row for row in rows if _is_told(row, chosen, digests, with_house=with_house)]


def attempts_of(work: UnitOfWork, ids: Sequence[str], until_at: datetime) -> dict[str, list[Row[Any]]]:
    """Every try of these messages before an instant, oldest first."""
    found: dict[str, list[Row[Any]]] = {}
    for chunk in chunks(list(ids)):
        statement = select(attempts).where(attempts.c.delivery_id.in_(chunk), attempts.c.at < until_at)
        for row in work.session.execute(statement.order_by(attempts.c.id)):
            found.setdefault(row.delivery_id, []).append(row)
    return found


def documents_of(work: UnitOfWork, ids: Sequence[str], until_at: datetime) -> list[Row[Any]]:
    """The documents of these agreements that were there before an instant, in the order of *ids*, oldest first."""
    statement = select(documents).where(documents.c.agreement_id.in_(ids), documents.c.added_at < until_at)
    rows = list(work.session.execute(statement.order_by(documents.c.added_at, documents.c.id)))
    place = {one: number for number, one in enumerate(ids)}
    return sorted(rows, key=lambda row: place[row.agreement_id])


def incidents_in(
    work: UnitOfWork, chosen: frozenset[str], from_at: datetime, until_at: datetime, *, with_house: bool
) -> Iterator[Row[Any]]:
    """Incidents that were opened within a span, oldest first; *with_house* also those about no agreement."""
    statement = select(incidents).where(incidents.c.opened_at >= from_at, incidents.c.opened_at < until_at)
    with work.session.stream(statement.order_by(incidents.c.opened_at, incidents.c.id)) as rows:
        for row in rows:
            if row.agreement_id in chosen or (with_house and row.agreement_id is None):
                yield row


def playbooks_until(work: UnitOfWork, until_at: datetime) -> list[Row[Any]]:
    """Every version of every playbook that was applied before an instant."""
    statement = select(playbook_versions).where(playbook_versions.c.applied_at < until_at)
    return list(work.session.execute(statement.order_by(playbook_versions.c.playbook, playbook_versions.c.version)))


def first_playbooks(work: UnitOfWork) -> list[Row[Any]]:
    """The first version of every playbook: the rules of a day before them, where the clock was once ahead."""
    name, version = playbook_versions.c.playbook, playbook_versions.c.version
    first = tuple_(name, version).in_(select(name, func.min(version)).group_by(name))
    return list(work.session.execute(select(playbook_versions).where(first).order_by(name)))


def _is_meant(search: Search, wanted: Wanted, agreement: Agreement) -> bool:
    return key_of(wanted.counterparty) in key_of(agreement.counterparty) and fits_agreement(search, agreement)


def _events_of(work: UnitOfWork, ids: Iterable[str], types: Sequence[str], until_at: datetime) -> Iterator[Row[Any]]:
    for chunk in chunks(sorted(set(ids))):
        meant: ColumnElement[bool] = events.c.agreement_id.in_(chunk) & events.c.type.in_(types)
        yield from work.session.execute(select(events).where(meant, events.c.at < until_at).order_by(events.c.position))


def _digests(work: UnitOfWork, chosen: frozenset[str]) -> frozenset[str]:
    """The digests in which something about these agreements stood."""
    statement = select(deliveries.c.bundle_id, deliveries.c.agreement_id).where(deliveries.c.bundle_id.is_not(None))
    with work.session.stream(statement.distinct()) as rows:
        return frozenset(row.bundle_id for row in rows if row.agreement_id in chosen)


def _is_told(row: Row[Any], chosen: frozenset[str], digests: frozenset[str], *, with_house: bool) -> bool:
    if row.agreement_id is not None:
        return row.agreement_id in chosen
    return with_house or row.id in digests
