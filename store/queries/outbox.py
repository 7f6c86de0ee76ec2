"""The outbox as people read it: newest first, a page at a time, without what is about an agreement they do not see.

Whoever may read no log reads what was told to them, and a contributor what is about their own agreements. A message
that is about no single agreement (a digest, a test) may name any: its text is for its reader, and for whoever sees
everything. The cost follows what is shown; only what waits is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import and_, func, or_, select, text, union_all

from lifecycle.delivery import DeliveryKind, DeliveryState
from lifecycle.rights import Act, Standing, may
from store.errors import NotFound
from store.queries import hidden
from store.queries.cursors import CursorRefused, cursor_of, place_of
from store.schema import agreements, bodies, deliveries, milestones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.sql import ColumnElement, Select

    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

SHOWN: Final = 50
_BY_STATE: Final = (deliveries.c.state, func.count().label("number"))
_WAITS: Final = (  # each has its own partial index: nothing that has ended is read
    "state IN ('pending','in_doubt')",
    "state = 'held'",
    "state = 'sending'",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """Which messages are listed; empty fields ask for nothing."""

    states: frozenset[DeliveryState] = frozenset()
    channel: str = ""
    to: str = ""  # a whole address
    agreement_id: str = ""


class MessageRow(NamedTuple):
    """A message; *subject* is empty where nothing was composed yet, or where it is not theirs to read."""

    delivery: Delivery
    subject: str


class Messages:
    """What *person* may read of the outbox; None is the operator of this machine."""

    def __init__(self, work: UnitOfWork, person: Person | None) -> None:
        self._work = work
        self._person = person
        self._hidden = hidden(work.session, person)

    def page(self, wanted: MessageFilter, *, cursor: str = "", limit: int = SHOWN) -> tuple[list[MessageRow], str]:
        """So many messages from *cursor* on, and the cursor of the next page, "" at the end. Raises CursorRefused."""
        asked = select(deliveries.c.id).where(*self._conditions(wanted))
        if cursor:
            asked = asked.where(_behind(cursor))
        asked = asked.order_by(deliveries.c.created_at.desc(), deliveries.c.id.desc()).limit(limit + 1)
        ids = self._ids(asked)
        rows = self._rows(ids[:limit])
        if len(ids) <= limit:
            return rows, ""
        last = rows[-1].delivery
        return rows, cursor_of(last.created_at.date(), f"{last.created_at.isoformat()} {last.id}")

    def one(self, delivery_id: str) -> Delivery:
        """One message. Raises NotFound, also for one that is not theirs to see."""
        if not self._ids(select(deliveries.c.id).where(deliveries.c.id == delivery_id, *self._seen())):
            raise NotFound("message", delivery_id, remedy="List them.", command="longstop outbox list")
        return self._work.deliveries.get(delivery_id)

    def may_read(self, one: Delivery) -> bool:
        """Whether the text of a message is theirs to read."""
        if one.agreement_id is not None:
            return one.agreement_id not in self._hidden
        is_theirs = self._person is not None and one.recipient_id == self._person.id
        return is_theirs or one.kind is DeliveryKind.INCIDENT or not self._hidden

    def waiting(self) -> dict[DeliveryState, int]:
        """How many messages wait, by state."""
        found: dict[DeliveryState, int] = {}
        for where in _WAITS:
            asked = select(*_BY_STATE).where(text(where), *self._seen())
            for row in self._work.session.execute(asked.group_by(deliveries.c.state)):
                found[DeliveryState(row.state)] = row.number
        return found

    def next_out(self, most: int) -> list[MessageRow]:
        """The messages that are looked at next, the earliest first."""
        return self._rows(self._ids(self._leaving(_WAITS[0], most)))

    def held_because(self, why: str, most: int) -> list[Delivery]:
        """The messages that are held for one reason, the first to be looked at first."""
        asked = self._leaving(_WAITS[1], most).where(deliveries.c.why == why)
        return [row.delivery for row in self._rows(self._ids(asked))]

    def next_steps(self, most: int) -> list[Milestone]:
        """The milestones whose ladder goes on next, the earliest first."""
        asked = select(milestones.c.id).where(milestones.c.next_step_at.is_not(None))
        if self._hidden:
            asked = asked.where(milestones.c.agreement_id.not_in(self._hidden))
        ids = self._ids(asked.order_by(milestones.c.next_step_at, milestones.c.id).limit(most))
        known = self._work.milestones.many(ids)
        return [known[one] for one in ids]

    def instead_of(self, delivery_id: str) -> list[Delivery]:
        """What was written because this message did not arrive."""
        return [row.delivery for row in self._rows(self._ids(_instead(delivery_id).where(*self._seen())))]

    def _leaving(self, where: str, most: int) -> Select[tuple[str]]:
        asked = select(deliveries.c.id).where(text(where), *self._seen())
        return asked.order_by(deliveries.c.next_attempt_at, deliveries.c.id).limit(most)

    def _ids(self, asked: Select[tuple[str]]) -> list[str]:
        return list(self._work.session.execute(asked).scalars())

    def _rows(self, ids: Sequence[str]) -> list[MessageRow]:
        known = {one.id: one for one in self._work.deliveries.many(ids)}
        asked = select(bodies.c.delivery_id, bodies.c.subject).where(bodies.c.delivery_id.in_(ids))
        subjects = {row.delivery_id: row.subject for row in self._work.session.execute(asked)}
        rows = [known[one] for one in ids]
        return [MessageRow(one, subjects.get(one.id, "") if self.may_read(one) else "") for one in rows]

    def _conditions(self, wanted: MessageFilter) -> list[ColumnElement[bool]]:
        found = self._seen()
        if wanted.states:
            found.append(deliveries.c.state.in_(sorted(wanted.states)))
        for column, value in (("channel", wanted.channel), ("address", wanted.to)):
            if value:
                found.append(deliveries.c[column] == value)
        if wanted.agreement_id:
            found += _about(wanted.agreement_id)
        return found

    def _seen(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self._hidden:
            found.append(or_(deliveries.c.agreement_id.is_(None), deliveries.c.agreement_id.not_in(self._hidden)))
        if self._person is not None and not may(self._person.role, Act.READ_LOG):
            found.append(_theirs(self._person))
        return found


def _about(agreement_id: str) -> list[ColumnElement[bool]]:
    """What is about one agreement: about its milestones, which is indexed, or among what is about no milestone."""
    its = select(milestones.c.id).where(milestones.c.agreement_id == agreement_id)
    stepwise = select(deliveries.c.id).where(deliveries.c.milestone_id.in_(its))
    other = select(deliveries.c.id).where(
        deliveries.c.milestone_id.is_(None), deliveries.c.agreement_id == agreement_id
    )
    return [deliveries.c.id.in_(union_all(stepwise, other)), deliveries.c.agreement_id == agreement_id]


def _theirs(person: Person) -> ColumnElement[bool]:
    """What was told to them and, where their role reads the log of its own, what is about their agreements."""
    told = deliveries.c.recipient_id == person.id
    if not may(person.role, Act.READ_LOG, Standing(is_own=True)):
        return told
    answers_for = or_(agreements.c.owner_id == person.id, agreements.c.backup_id == person.id)
    return or_(told, deliveries.c.agreement_id.in_(select(agreements.c.id).where(answers_for)))


def _instead(delivery_id: str) -> Select[tuple[str]]:
    """Its successor stands in the same milestone, which is indexed; what is about none has none."""
    about = select(deliveries.c.milestone_id).where(deliveries.c.id == delivery_id).scalar_subquery()
    same = (deliveries.c.milestone_id == about) & (deliveries.c.fallback_of == delivery_id)
    return select(deliveries.c.id).where(same).order_by(deliveries.c.created_at)


def _behind(cursor: str) -> ColumnElement[bool]:
    _, key = place_of(cursor)
    instant, _, last_id = key.partition(" ")
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        raise CursorRefused from None
    # The first half alone says where in the index of what was written when the next page begins.
    return and_(deliveries.c.created_at <= at, or_(deliveries.c.created_at < at, deliveries.c.id < last_id))
