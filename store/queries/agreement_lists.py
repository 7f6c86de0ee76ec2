"""Agreements as pages list them: what somebody may see, narrowed by search words, counted, a page at a time.

The cost follows what is shown: counts come from one grouped question unless a word asks for what stands in documents
alone (``tag:``, ``parent:``, ``value:``), and only the rows of the page are read. Each row brings its nearest open
deadline, in one question for all of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, func, or_, select, text

from lifecycle.agreements.status import Status
from store.agreements import key_of
from store.errors import NotFound
from store.queries import Queries, hidden, visible
from store.queries.cursors import cursor_of, place_of
from store.queries.narrowing import agreement_conditions, is_exact_of_agreements
from store.queries.search import NOTHING, Search, fits_agreement, with_owners
from store.schema import agreements, milestones
from store.schema.following import OWED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Row
    from sqlalchemy.sql import ColumnElement, Select

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

_AT_MOST: Final = 500  # agreements read at once
_NO_DAY: Final = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFilter:
    """Which agreements are listed, and in which order."""

    search: Search = NOTHING
    status: Status | None = None
    counterparty_id: str | None = None
    is_archived: bool = False  # the archive, and nothing else
    by_day: bool = False  # by the nearest last safe day; else by reference


class AgreementRow(NamedTuple):
    """An agreement and its nearest open deadline."""

    agreement: Agreement
    nearest: Milestone | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPage:
    """A page of the list. *counts* are of all that matches whatever its status, *total* is of the status asked for."""

    rows: tuple[AgreementRow, ...]
    counts: Mapping[Status, int]
    total: int
    next_cursor: str  # "": there is no more


def agreement_page(
    work: UnitOfWork, wanted: AgreementFilter, person: Person | None, *, after: str = "", limit: int = 50
) -> AgreementPage:
    """What *person* may see of *wanted*, from behind the cursor *after* on. Raises CursorRefused."""
    asked = _Asked(work, wanted, person)
    found, cursor = asked.some(after, limit)
    counts = asked.counts()
    first = Queries.of(work).first_open(found)
    return AgreementPage(
        rows=tuple(AgreementRow(one, first.get(one.id)) for one in found),
        counts=counts,
        total=counts.get(wanted.status, 0) if wanted.status else sum(counts.values()),
        next_cursor=cursor,
    )


def matching(work: UnitOfWork, wanted: AgreementFilter, person: Person | None, *, limit: int) -> list[Agreement]:
    """The first of *wanted* that *person* may see; at most *limit*."""
    return _Asked(work, wanted, person).some("", limit)[0]


def agreement_by_id(work: UnitOfWork, agreement_id: str, person: Person | None) -> Agreement:
    """The agreement with this id. Raises NotFound, also for one that *person* may not see."""
    try:
        found = work.agreements.get(agreement_id)
    except NotFound:
        raise _unseen() from None
    if not visible(person)(found):
        raise _unseen()
    return found


def related_to(work: UnitOfWork, agreement: Agreement, person: Person | None) -> list[Agreement]:
    """What *person* may see of what an agreement hangs on, what hangs on it, and the others of its counterparty."""
    statement = select(agreements.c.id).where(
        ~agreements.c.is_archived,
        agreements.c.id != agreement.id,
        *seen_by(work, person),
        or_(
            agreements.c.counterparty_id == agreement.counterparty_id,
            agreements.c.reference_key == key_of(agreement.parent),
            and_(agreements.c.parent != "", agreements.c.parent.in_([agreement.reference, agreement.parent])),
        ),
    )
    ids = list(work.session.execute(statement.order_by(agreements.c.reference_key)).scalars())
    return list(work.agreements.many(ids).values())


class _Asked:
    """One list for one reader."""

    def __init__(self, work: UnitOfWork, wanted: AgreementFilter, person: Person | None) -> None:
        self._work, self._wanted = work, wanted
        search = wanted.search
        self._search = with_owners(search, work.people.all(), me=person) if search.says("owner") else search
        self._seen = seen_by(work, person)

    def some(self, after: str, limit: int) -> tuple[list[Agreement], str]:
        """The first *limit* behind a cursor, and the cursor of the last one where there are more."""
        found: list[Agreement] = []
        cursor = ""
        for place, agreement in self._walked(after, limit + 1):
            if not fits_agreement(self._search, agreement):
                continue
            if len(found) == limit:
                return found, cursor
            found.append(agreement)
            cursor = _written(place)
        return found, ""

    def counts(self) -> Mapping[Status, int]:
        """Of each status, how many there are."""
        conditions = self._conditions(of_status=False)
        if is_exact_of_agreements(self._search):
            statement = (
                select(agreements.c.status, func.count().label("number"))
                .where(*conditions)
                .group_by(agreements.c.status)
            )
            return {Status(row.status): row.number for row in self._work.session.execute(statement)}
        ids = list(self._work.session.execute(select(agreements.c.id).where(*conditions)).scalars())
        found = self._work.agreements.many(ids).values()
        return Counter(one.status for one in found if fits_agreement(self._search, one))

    def _walked(self, after: str, at_once: int) -> Iterator[tuple[Row[Any], Agreement]]:
        """In the order asked for, *at_once* and then more."""
        place = after
        while True:
            rows = self._work.session.execute(self._ordered(place).limit(at_once)).all()
            known = self._work.agreements.many([row.id for row in rows])
            yield from ((row, known[row.id]) for row in rows)
            if len(rows) < at_once:
                return
            at_once, place = min(4 * at_once, _AT_MOST), _written(rows[-1])

    def _ordered(self, after: str) -> Select[Any]:
        conditions = self._conditions(of_status=True)
        if not self._wanted.by_day:
            by_reference = select(agreements.c.id, agreements.c.reference_key, text("'' AS day")).where(*conditions)
            if after:
                by_reference = by_reference.where(agreements.c.reference_key > place_of(after)[1])
            return by_reference.order_by(agreements.c.reference_key)
        near = (
            select(milestones.c.agreement_id, func.min(milestones.c.safe_on).label("safe_on"))
            .where(text(OWED))
            .group_by(milestones.c.agreement_id)
            .subquery()
        )
        statement = select(agreements.c.id, agreements.c.reference_key, near.c.safe_on.label("day")).where(*conditions)
        statement = statement.outerjoin(near, near.c.agreement_id == agreements.c.id)
        if after:
            statement = statement.where(_behind(near.c.safe_on, *place_of(after)))
        return statement.order_by(near.c.safe_on.is_(None), near.c.safe_on, agreements.c.reference_key)

    def _conditions(self, *, of_status: bool) -> list[ColumnElement[bool]]:
        wanted = self._wanted
        found = [agreements.c.is_archived if wanted.is_archived else ~agreements.c.is_archived, *self._seen]
        if of_status and wanted.status is not None:
            found.append(agreements.c.status == wanted.status.value)
        if wanted.counterparty_id is not None:
            found.append(agreements.c.counterparty_id == wanted.counterparty_id)
        return [*found, *agreement_conditions(self._search)]


def seen_by(work: UnitOfWork, person: Person | None) -> tuple[ColumnElement[bool], ...]:
    """The condition that leaves out what *person* may not see."""
    unseen = sorted(hidden(work.session, person))
    return (agreements.c.id.not_in(unseen),) if unseen else ()


def _unseen() -> NotFound:
    return NotFound("agreement", "", remedy="Look for it among the agreements.")


def _behind(day: ColumnElement[object], on: date, reference_key: str) -> ColumnElement[bool]:
    later_name = agreements.c.reference_key > reference_key
    if on == _NO_DAY:
        return and_(day.is_(None), later_name)
    return or_(day.is_(None), day > on, and_(day == on, later_name))


def _written(place: Row[Any]) -> str:
    return cursor_of(place.day or _NO_DAY, place.reference_key)
