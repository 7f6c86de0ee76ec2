"""Deadlines as pages list them: a page at a time, counted by tiles, by owner and week.

The cost follows what is shown. Tiles and loads are counted on an index without reading a row, and stop counting at
``MOST``; a page is read in the order of the index from where the last one ended, until it is full. Whoever may not see
an agreement finds it in no page and in no count.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import and_, false, func, or_, select, text

from lifecycle.delivery import DeliveryKind, DeliveryState
from lifecycle.milestones.milestone import LIVE
from store.hints import by_index
from store.queries import DeadlineRow, hidden, visible
from store.queries.cursors import cursor_of, place_of
from store.queries.narrowing import conditions, is_exact, owned
from store.queries.search import NOTHING, Search, fits, nobodys, with_owners
from store.schema import agreements, deliveries, milestones
from store.schema.following import OWED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import TextClause
    from sqlalchemy.sql import ColumnElement, Select

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import MilestoneKind, MilestoneState
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

    _Condition = ColumnElement[bool] | TextClause

MOST: Final = 10_000  # no tile counts further
_AT_MOST: Final = 500  # milestones read at once
_UNSAID: Final = (DeliveryState.CANCELLED.value, DeliveryState.EXPIRED.value)  # and never left
_OWED: Final = text(OWED)
_INDEX: Final = "ix_milestones_owed"  # says all that tiles ask but the owner
#: How an agreement of which something was assumed reads in its document; inside a text the marks would be escaped.
_ASSUMED: Final = agreements.c.doc.contains('"assumed":["', autoescape=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which deadlines are listed; days are last safe days, both inside."""

    search: Search = NOTHING
    from_on: date | None = None
    until_on: date | None = None
    states: frozenset[MilestoneState] = LIVE
    owner_id: str | None = None  # only what this person answers for
    asked: Person | None = None  # only what others answer for and a step was sent to this person about
    kinds: frozenset[MilestoneKind] | None = None  # only of these
    assumed: bool | None = None  # of agreements of which something was assumed, or of the others


class Page(NamedTuple):
    """Some deadlines by last safe day; *cursor* is where the next page begins, "" where there is none."""

    rows: tuple[DeadlineRow, ...]
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """How many deadlines are owed; each counts to ``MOST`` and no further. The spans lie in one another."""

    overdue: int
    within_14: int
    within_30: int
    within_90: int
    nobodys: int
    unverified: int


class OnDay(NamedTuple):
    """The deadlines of a last safe day: the first of them, and how many there are."""

    rows: tuple[DeadlineRow, ...]
    number: int


class Load(NamedTuple):
    """How many deadlines somebody has in a week; *owner_id* None: nobody has them."""

    owner_id: str | None
    week_on: date  # its Monday
    number: int


class Deadlines:
    """Deadlines for one reader on one day, inside one transaction."""

    def __init__(self, work: UnitOfWork, *, person: Person | None, today: date) -> None:
        """Read what *person* may see; None is the operator. *today* is the reader's."""
        self._work, self._today, self._person = work, today, person
        self._may_see = visible(person)
        unseen = sorted(hidden(work.session, person))
        self._unseen = unseen
        self._seen = (milestones.c.agreement_id.not_in(unseen),) if unseen else ()

    def page(self, wanted: Wanted, *, cursor: str = "", limit: int = 50) -> Page:
        """So many deadlines from a place on. Raises CursorRefused."""
        found: list[DeadlineRow] = []
        for row in self.every(wanted, cursor=cursor, at_once=limit + 1):
            if len(found) == limit:
                return Page(tuple(found), cursor_of(found[-1].milestone.safe_on, found[-1].milestone.id))
            found.append(row)
        return Page(tuple(found), "")

    def every(self, wanted: Wanted, *, cursor: str = "", at_once: int = 64) -> Iterator[DeadlineRow]:
        """Deadlines by last safe day, read as they are asked for: *at_once*, then more. Raises CursorRefused."""
        search = self._meant(wanted.search)
        after = place_of(cursor) if cursor else None
        statement = self._listed(wanted, search)
        while True:
            beyond = statement if after is None else statement.where(_after(*after))
            ids = list(self._work.session.execute(beyond.limit(at_once)))
            yield from self._read([one.id for one in ids], search)
            if len(ids) < at_once:
                return
            after, at_once = (ids[-1].safe_on, ids[-1].id), min(at_once * 4, _AT_MOST)

    def tiles(self, whose: Wanted | None = None) -> Tiles:
        """The six figures over the list, in one question; of *whose* only whose they are is looked at."""
        today, on = self._today, milestones.c.safe_on
        mine = () if whose is None else tuple(_whose(whose))
        asked: dict[str, tuple[_Condition, ...]] = {
            "overdue": (on < today,),
            **{f"within_{days}": (on >= today, on <= today + timedelta(days=days)) for days in (14, 30, 90)},
            "nobodys": (owned(nobodys(self._work.people.all())),),
            "unverified": (text("NOT is_verified"),),
        }
        counts = [
            self._counted(*given, *mine, is_told_by_index=not mine and name != "nobodys").label(name)
            for name, given in asked.items()
        ]
        found = self._work.session.execute(select(*counts)).one()
        return Tiles(**{one.name: getattr(found, one.name) for one in fields(Tiles)})

    def number(self, wanted: Wanted) -> int:
        """How many there are, at most ``MOST``; search words are not looked at."""
        found: int = self._work.session.execute(
            select(self._counted(*_whose(wanted), is_told_by_index=False))
        ).scalar_one()
        return found

    def load(self, wanted: Wanted) -> tuple[Load, ...]:
        """Deadlines per owner and week, by week; *wanted* has both its days, and so an end."""
        search = self._meant(wanted.search)
        owner = func.coalesce(milestones.c.owner_id, agreements.c.owner_id)
        counted: dict[tuple[str | None, date], int] = {}
        if is_exact(search):
            statement = (
                select(owner.label("owner_id"), milestones.c.safe_on, func.count().label("number"))
                .join(agreements, agreements.c.id == milestones.c.agreement_id)
                .where(*self._conditions(wanted, search))
                .group_by(owner, milestones.c.safe_on)
            )
            told: Iterable[tuple[str | None, date, int]] = (
                (row.owner_id, row.safe_on, row.number) for row in self._work.session.execute(statement)
            )
        else:
            told = ((_owner(row), row.milestone.safe_on, 1) for row in self.every(wanted, at_once=_AT_MOST))
        for owner_id, on, number in told:
            place = (owner_id, on - timedelta(days=on.weekday()))
            counted[place] = counted.get(place, 0) + number
        return tuple(Load(*place, number) for place, number in sorted(counted.items(), key=lambda one: one[0][1]))

    def days(self, wanted: Wanted, *, most: int) -> Mapping[date, OnDay]:
        """Each day that has deadlines, by day, with the first *most* of it; *wanted* has both its days."""
        search = self._meant(wanted.search)
        if not is_exact(search):
            return self._days_read(wanted, most)
        on = milestones.c.safe_on
        placed = (
            select(
                milestones.c.id,
                on,
                func.row_number().over(partition_by=on, order_by=milestones.c.id).label("place"),
                func.count().over(partition_by=on).label("number"),
            )
            .where(*self._conditions(wanted, search), *self._of_no_archive(wanted))
            .subquery()
        )
        first = select(placed).where(placed.c.place <= most).order_by(placed.c.safe_on, placed.c.id)
        asked = self._work.session.execute(first).all()
        found: dict[date, list[DeadlineRow]] = {}
        for row in self._read([one.id for one in asked], search):
            found.setdefault(row.milestone.safe_on, []).append(row)
        numbers = {one.safe_on: one.number for one in asked}
        return {on: OnDay(tuple(found.get(on, ())), number) for on, number in numbers.items()}

    def next_on(self) -> date | None:
        """The first last safe day after today: for lists that are empty."""
        owed = (_OWED, milestones.c.safe_on > self._today, *self._seen)
        found: date | None = self._work.session.execute(select(func.min(milestones.c.safe_on)).where(*owed)).scalar()
        return found

    def is_empty(self) -> bool:
        """Whether there is no agreement that the reader may see."""
        seen = select(agreements.c.id).where(agreements.c.id.not_in(self._unseen)).limit(1)
        return self._work.session.execute(seen).first() is None

    def _days_read(self, wanted: Wanted, most: int) -> Mapping[date, OnDay]:
        """The same of a search that only the documents answer."""
        found: dict[date, OnDay] = {}
        for row in self.every(wanted, at_once=_AT_MOST):
            rows, number = found.get(row.milestone.safe_on, OnDay((), 0))
            found[row.milestone.safe_on] = OnDay((*rows, row) if number < most else rows, number + 1)
        return found

    @staticmethod
    def _of_no_archive(wanted: Wanted) -> Iterator[_Condition]:
        """What is owed hangs on no archive; what has ended may."""
        if wanted.states != LIVE:
            yield milestones.c.agreement_id.not_in(select(agreements.c.id).where(agreements.c.is_archived))

    def _counted(self, *given: _Condition, is_told_by_index: bool) -> ColumnElement[int]:
        inner = select(text("1")).select_from(milestones).where(_OWED, *given, *self._seen).limit(MOST)
        if is_told_by_index:
            inner = by_index(inner, milestones, _INDEX)
        return select(func.count()).select_from(inner.subquery()).scalar_subquery()

    def _listed(self, wanted: Wanted, search: Search) -> Select[tuple[str, date]]:
        statement = select(milestones.c.id, milestones.c.safe_on).where(*self._conditions(wanted, search))
        return statement.order_by(milestones.c.safe_on, milestones.c.id)

    def _conditions(self, wanted: Wanted, search: Search) -> Iterator[_Condition]:
        if wanted.states == LIVE:
            yield _OWED  # word for word as the index has it
        else:
            yield and_(milestones.c.is_deadline, milestones.c.state.in_(sorted(wanted.states)))
        if wanted.from_on is not None:
            yield milestones.c.safe_on >= wanted.from_on
        if wanted.until_on is not None:
            yield milestones.c.safe_on <= wanted.until_on
        yield from _whose(wanted)
        if wanted.kinds is not None:
            yield milestones.c.kind.in_(sorted(wanted.kinds))
        if wanted.assumed is not None:
            assumed = milestones.c.agreement_id.in_(select(agreements.c.id).where(_ASSUMED))
            yield assumed if wanted.assumed else ~assumed
        yield from self._seen
        yield from conditions(search, self._today)

    def _read(self, ids: list[str], search: Search) -> Iterator[DeadlineRow]:
        rows = self._work.milestones.many(ids)
        known: Mapping[str, Agreement] = self._work.agreements.many(row.key.holder for row in rows.values())
        for one in ids:
            row = DeadlineRow(rows[one], known[rows[one].key.holder])
            is_listed = not row.agreement.is_archived and self._may_see(row.agreement)
            if is_listed and fits(search, *row, self._today):
                yield row

    def _meant(self, search: Search) -> Search:
        return with_owners(search, self._work.people.all(), me=self._person) if search.says("owner") else search


def _whose(wanted: Wanted) -> Iterator[_Condition]:
    if wanted.owner_id is not None:
        yield owned(frozenset({wanted.owner_id}))
    if wanted.asked is not None:
        # By the address, which is indexed; whoever else has it is left out.
        told = (deliveries.c.address == wanted.asked.email, deliveries.c.recipient_id == wanted.asked.id)
        of_step = (deliveries.c.kind == DeliveryKind.STEP.value, deliveries.c.state.not_in(_UNSAID))
        yield milestones.c.id.in_(select(deliveries.c.milestone_id).where(*told, *of_step))
        yield ~func.coalesce(owned(frozenset({wanted.asked.id})), false())


def _owner(row: DeadlineRow) -> str | None:
    return row.milestone.owner_id or row.agreement.owner_id


def _after(on: date, milestone_id: str) -> ColumnElement[bool]:
    """Beyond a place; the first condition is what the index is searched by."""
    later = or_(milestones.c.safe_on > on, milestones.c.id > milestone_id)
    return and_(milestones.c.safe_on >= on, later)
