"""Read models: what lists show, as plain frozen values.

What somebody may see is decided here and nowhere else: every list, count and answer passes ``visible`` (INTERFACE.md
R3). What is not seen is not found, and is in no total.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select, text

from lifecycle.milestones.milestone import LIVE, Milestone, MilestoneKind, MilestoneState
from lifecycle.rights import is_inside, is_named
from store.agreements import Agreements, key_of
from store.errors import NotFound
from store.milestones import Milestones
from store.people import People
from store.queries.search import NOTHING, Search, fits, fits_agreement, with_owners
from store.schema import agreements, counterparties, milestones
from store.schema.following import OWED
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from sqlalchemy.sql import ColumnElement, Select

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.people import Person
    from store.session import Session
    from store.unit_of_work import UnitOfWork

_AT_ONCE = 500


class DeadlineRow(NamedTuple):
    """A milestone and the agreement on which it hangs."""

    milestone: Milestone
    agreement: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineFilter:
    """Which milestones are listed. Days are last safe days, both inside."""

    search: Search = NOTHING
    from_on: date | None = None
    until_on: date | None = None
    kinds: frozenset[MilestoneKind] = frozenset()
    states: frozenset[MilestoneState] = LIVE
    owner_id: str | None = None
    counterparty: str = ""
    with_markers: bool = False


def visible(person: Person | None) -> Callable[[Agreement], bool]:
    """What *person* may see; None is the operator of this machine, who can read the database itself.

    A restricted agreement is seen by its owner, its backup, and the people and teams that it names; by no role.
    """
    if person is None:
        return lambda _: True
    return lambda agreement: is_inside(person, agreement)


def hidden(session: Session, person: Person | None) -> frozenset[str]:
    """The ids of the agreements that *person* may not see, by the same rule, for what is counted without reading.

    The cost follows how many agreements are restricted, not how many there are.
    """
    if person is None:
        return frozenset()
    columns = (agreements.c.id, agreements.c.owner_id, agreements.c.backup_id, agreements.c.restricted_to)
    rows = session.execute(select(*columns).where(text("restricted_to <> ''")))
    return frozenset(
        row.id
        for row in rows
        if not is_named(person, json.loads(row.restricted_to), always={row.owner_id, row.backup_id})
    )


class Queries:
    """Lists for one reader, inside one transaction."""

    def __init__(self, session: Session, now: datetime, *, person: Person | None = None) -> None:
        """Read on *session* what *person* may see; None is the operator."""
        self._session = session
        self._agreements = Agreements(session, now)
        self._milestones = Milestones(session)
        self._may_see = visible(person)
        self._person = person

    @classmethod
    def of(cls, work: UnitOfWork, *, person: Person | None = None) -> Queries:
        """The lists of a unit of work."""
        return cls(work.session, work.now, person=person)

    def deadlines(self, wanted: DeadlineFilter, today: date) -> Iterator[DeadlineRow]:
        """Milestones by last safe day; what hangs on archived agreements is left out."""
        search = self._meant(wanted.search)
        ids = list(self._session.execute(_listed(wanted)).scalars())
        for start in range(0, len(ids), _AT_ONCE):
            chunk = ids[start : start + _AT_ONCE]
            rows = self._milestones.many(chunk)
            known = self._agreements.many(row.key.holder for row in rows.values())
            for one in chunk:
                row = DeadlineRow(rows[one], known[rows[one].key.holder])
                if self._may_see(row.agreement) and fits(search, row.milestone, row.agreement, today):
                    yield row

    def agreements(self, search: Search, *, with_archived: bool = False) -> Iterator[Agreement]:
        """Agreements by reference."""
        meant = self._meant(search)
        statement = select(agreements.c.id).order_by(agreements.c.reference_key)
        if not with_archived:
            statement = statement.where(~agreements.c.is_archived)
        ids = list(self._session.execute(statement).scalars())
        for start in range(0, len(ids), _AT_ONCE):
            known = self._agreements.many(ids[start : start + _AT_ONCE])
            yield from (one for one in known.values() if self._may_see(one) and fits_agreement(meant, one))

    def agreement(self, reference: str) -> Agreement:
        """The agreement with this reference, ignoring case. Raises NotFound, also for one that may not be seen."""
        found = self._agreements.find(reference)
        if found is None or not self._may_see(found):
            raise NotFound("agreement", reference, remedy="List them.", command="longstop agreement list")
        return found

    def ids_of(self, references: Iterable[str]) -> dict[str, str]:
        """The ids of those agreements with these references that may be seen, by reference; none of them is read."""
        unseen = hidden(self._session, self._person)
        found: dict[str, str] = {}
        for chunk in chunks(sorted({key_of(one) for one in references})):
            where = agreements.c.reference_key.in_(chunk)
            rows = self._session.execute(select(agreements.c.id, agreements.c.reference).where(where))
            found |= {row.reference: row.id for row in rows if row.id not in unseen}
        return found

    def milestone(self, milestone_id: str) -> DeadlineRow:
        """A milestone by its id. Raises NotFound, also for one that may not be seen."""
        row = self._milestones.get(milestone_id)
        agreement = self._agreements.get(row.key.holder)
        if not self._may_see(agreement):
            raise NotFound("deadline", milestone_id, remedy="List them.", command="longstop deadlines")
        return DeadlineRow(row, agreement)

    def milestones_of(self, agreement: Agreement) -> list[Milestone]:
        """Every milestone of an agreement, ended ones too, by last safe day."""
        return self._milestones.of(agreement.id)

    def deadline(self, name: str, kind: str = "", *, cycle: str = "", is_ended: bool = False) -> DeadlineRow:
        """DEADLINE as people name it: an id, or a reference with a kind.

        Of a kind it is the earliest live cycle, else the one that ended last; without a kind the nearest live deadline.
        *is_ended* asks for one that has ended, if there is one by an outcome. Raises NotFound.
        """
        agreement = self._agreements.find(name)
        if agreement is None and not kind:
            return self._by_id(name)
        agreement = self.agreement(name)
        rows = self.milestones_of(agreement)
        meant = [row for row in rows if _is_meant(row, kind, cycle, is_ended=is_ended)]
        live = [row for row in meant if row.is_live and not is_ended]
        if live or meant:
            return DeadlineRow(live[0] if live else _ended_last(meant), agreement)
        raise _no_such(agreement.reference, rows, kind, cycle, is_ended=is_ended)

    def _by_id(self, name: str) -> DeadlineRow:
        try:
            return self.milestone(name)
        except NotFound:
            raise NotFound("agreement or deadline", name, remedy="List them.", command="longstop deadlines") from None

    def nearest(self, found: Sequence[Agreement]) -> dict[str, list[Milestone]]:
        """The open deadlines of each agreement by its id, earliest first, in one question for many."""
        near: dict[str, list[Milestone]] = {one.id: [] for one in found}
        for start in range(0, len(found), _AT_ONCE):
            for row in self._milestones.open_of([one.id for one in found[start : start + _AT_ONCE]]):
                near[row.key.holder].append(row)
        return near

    def first_open(self, found: Sequence[Agreement]) -> dict[str, Milestone]:
        """Of each agreement that has open deadlines the earliest, by its id; only these are read."""
        first: dict[str, Milestone] = {}
        for start in range(0, len(found), _AT_ONCE):
            ids = self._session.execute(_first([one.id for one in found[start : start + _AT_ONCE]])).scalars()
            first.update({row.key.holder: row for row in self._milestones.many(ids).values()})
        return first

    def next_after(self, day: date) -> DeadlineRow | None:
        """The first deadline after *day*: for lists that are empty."""
        wanted = DeadlineFilter(from_on=day)
        return next(self.deadlines(wanted, day), None)

    def _meant(self, search: Search) -> Search:
        return with_owners(search, People(self._session).all(), me=self._person) if search.says("owner") else search


def _first(agreement_ids: Sequence[str]) -> Select[tuple[str]]:
    """Which deadline is the first of each agreement: one of several that are open."""
    place = func.row_number().over(
        partition_by=milestones.c.agreement_id, order_by=(milestones.c.safe_on, milestones.c.id)
    )
    placed = (
        select(milestones.c.id, place.label("place"))
        .where(milestones.c.agreement_id.in_(agreement_ids), text(OWED))
        .subquery()
    )
    return select(placed.c.id).where(placed.c.place == 1)


def _listed(wanted: DeadlineFilter) -> Select[tuple[str]]:
    statement = (
        select(milestones.c.id)
        .join(agreements, agreements.c.id == milestones.c.agreement_id)
        .where(~agreements.c.is_archived, *_conditions(wanted))
        .order_by(milestones.c.safe_on, agreements.c.reference_key, milestones.c.id)
    )
    if not wanted.counterparty:
        return statement
    named = counterparties.c.name_key.contains(key_of(wanted.counterparty), autoescape=True)
    return statement.join(counterparties, counterparties.c.id == agreements.c.counterparty_id).where(named)


def _conditions(wanted: DeadlineFilter) -> Iterable[ColumnElement[bool]]:
    yield milestones.c.state.in_(sorted(wanted.states))
    if not wanted.with_markers:
        yield milestones.c.is_deadline
    if wanted.from_on is not None:
        yield milestones.c.safe_on >= wanted.from_on
    if wanted.until_on is not None:
        yield milestones.c.safe_on <= wanted.until_on
    if wanted.kinds:
        yield milestones.c.kind.in_(sorted(wanted.kinds))
    if wanted.owner_id is not None:
        yield func.coalesce(milestones.c.owner_id, agreements.c.owner_id) == wanted.owner_id


def _no_such(reference: str, rows: Sequence[Milestone], kind: str, cycle: str, *, is_ended: bool) -> NotFound:
    """None of an agreement's milestones is meant: which there are."""
    state = "ended deadline" if is_ended else "open deadline" if not kind else "deadline"
    asked = " ".join(filter(None, (kind, cycle, "of", reference)))
    known = [row for row in rows if not (is_ended and row.is_live)]
    of_kind = [row.key.cycle for row in known if cycle and row.key.kind.value == kind]
    there = ", ".join(dict.fromkeys(of_kind or (row.key.kind.value for row in known)))
    nothing = "None of its milestones has ended." if is_ended else "It has no milestones."
    remedy = f"It has: {there}." if there else nothing
    return NotFound(state, asked, remedy=remedy) if kind else NotFound(f"{state} of", reference, remedy=remedy)


def _ended_last(rows: Sequence[Milestone]) -> Milestone:
    """The one whose outcome was given last; where none has an outcome, the one with the last day."""
    decided = [(row.outcome.at, place) for place, row in enumerate(rows) if row.outcome is not None]
    return rows[max(decided)[1] if decided else -1]


def _is_meant(row: Milestone, kind: str, cycle: str, *, is_ended: bool) -> bool:
    if is_ended and row.is_live:
        return False
    if kind:
        return row.key.kind.value == kind and cycle in {"", row.key.cycle}
    return row.is_deadline and (is_ended or row.is_live)
