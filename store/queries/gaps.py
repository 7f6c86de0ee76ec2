"""What is missing in the register, as far as somebody may see it (INTERFACE.md P19).

Gaps of agreements are conditions on their columns, all of which one index has: all are counted in one question that
looks at no row, and only what is shown is read.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import and_, case, func, or_, select

from lifecycle.agreements.status import Status
from store import lacking
from store.hints import by_index
from store.queries.agreement_lists import seen_by
from store.queries.exits import WITHOUT_EXIT_PLAN
from store.schema import agreements, feed_tokens, feeds, incidents, people

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.sql import ColumnElement

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

UNREAD: Final = timedelta(days=30)  # a feed that nobody has fetched for so long helps nobody
_INDEX: Final = "ix_agreements_listed"  # says all that gaps ask
UNREACHED: Final = "no_recipient"  # the incident of a step that reached nobody


class Gap(StrEnum):
    """What an agreement lacks."""

    NO_OWNER = "no-owner"
    OWNER_LEFT = "owner-left"
    NO_BACKUP = "no-backup"
    NO_NOTICE_RULE = lacking.NO_NOTICE_RULE
    NO_RENEWAL_RULE = lacking.NO_RENEWAL_RULE
    NO_EXIT_PLAN = lacking.NO_EXIT_PLAN


class OpenIncident(NamedTuple):
    """What went wrong and is not over; *agreement* where it is about one."""

    kind: str
    opened_at: datetime
    text: str
    agreement: Agreement | None


class UnreadFeed(NamedTuple):
    """A calendar feed that nobody reads; *last_fetched_at* is None where nobody ever did."""

    name: str
    owner: str
    issued_at: datetime
    last_fetched_at: datetime | None


def count_gaps(work: UnitOfWork, person: Person | None) -> Mapping[Gap, int]:
    """How many agreements have each gap, in one question."""
    sums = [func.sum(case((_LACKS[gap], 1), else_=0)).label(gap.name) for gap in Gap]
    statement = by_index(select(*sums).where(*_watched(work, person)), agreements, _INDEX)
    row = work.session.execute(statement).one()
    return {gap: int(getattr(row, gap.name) or 0) for gap in Gap}


def agreements_with(work: UnitOfWork, gap: Gap, person: Person | None, *, limit: int) -> list[Agreement]:
    """The first of those that have it, by reference."""
    statement = by_index(select(agreements.c.id).where(*_watched(work, person), _LACKS[gap]), agreements, _INDEX)
    ids = list(work.session.execute(statement.order_by(agreements.c.reference_key).limit(limit)).scalars())
    return list(work.agreements.many(ids).values())


def open_incidents(work: UnitOfWork, person: Person | None, *, with_house: bool) -> list[OpenIncident]:
    """Incidents that are not over, oldest first; *with_house* also those that are about no agreement."""
    statement = (
        select(incidents.c.kind, incidents.c.opened_at, incidents.c.text, incidents.c.agreement_id)
        .outerjoin(agreements, agreements.c.id == incidents.c.agreement_id)
        .where(incidents.c.closed_at.is_(None))
        .order_by(incidents.c.opened_at, incidents.c.id)
    )
    seen = seen_by(work, person)
    alone = incidents.c.agreement_id.is_(None)
    about = and_(incidents.c.agreement_id.is_not(None), *seen)
    rows = work.session.execute(statement.where(or_(alone, about) if with_house else about)).all()
    known = work.agreements.many([row.agreement_id for row in rows if row.agreement_id])
    return [OpenIncident(row.kind, row.opened_at, row.text, known.get(row.agreement_id)) for row in rows]


def unread_feeds(work: UnitOfWork, owner_id: str | None) -> list[UnreadFeed]:
    """Feeds that are served and were not fetched for 30 days, longest first; of everybody where *owner_id* is None."""
    since = func.coalesce(feed_tokens.c.last_fetched_at, feed_tokens.c.issued_at)
    today = work.now.date()
    statement = (
        select(feeds.c.name, people.c.name.label("person"), people.c.email, feed_tokens)
        .join(feed_tokens, feed_tokens.c.feed_id == feeds.c.id)
        .join(people, people.c.id == feeds.c.person_id)
        .where(feed_tokens.c.ended_at.is_(None), since < work.now - UNREAD)
        .where(or_(feed_tokens.c.expires_on.is_(None), feed_tokens.c.expires_on >= today))
        .order_by(since, feeds.c.id)
    )
    if owner_id is not None:
        statement = statement.where(feeds.c.person_id == owner_id)
    rows = work.session.execute(statement)
    return [UnreadFeed(row.name, row.person or row.email, row.issued_at, row.last_fetched_at) for row in rows]


#: After notice was given, or when it is over, nobody waits for a notice or a renewal any more.
_BEFORE_ITS_END: Final = agreements.c.status.not_in([Status.UNDER_NOTICE, Status.SURVIVING, Status.ENDED])
_LACKS: Final[Mapping[Gap, ColumnElement[bool]]] = {
    Gap.NO_OWNER: agreements.c.owner_id.is_(None),
    Gap.OWNER_LEFT: agreements.c.owner_id.in_(select(people.c.id).where(people.c.is_disabled)),
    Gap.NO_BACKUP: agreements.c.backup_id.is_(None),
    Gap.NO_NOTICE_RULE: and_(_BEFORE_ITS_END, agreements.c.lacks.contains(lacking.NO_NOTICE_RULE)),
    Gap.NO_RENEWAL_RULE: and_(_BEFORE_ITS_END, agreements.c.lacks.contains(lacking.NO_RENEWAL_RULE)),
    Gap.NO_EXIT_PLAN: WITHOUT_EXIT_PLAN,
}


def _watched(work: UnitOfWork, person: Person | None) -> tuple[ColumnElement[bool], ...]:
    return (~agreements.c.is_archived, agreements.c.status != Status.ENDED.value, *seen_by(work, person))
