"""Milestones with their cursors: the answers of the derivation and how far each was told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, case, func, select, update

from lifecycle.milestones.glance import Glance
from lifecycle.milestones.milestone import LIVE, MilestoneState
from lifecycle.playbooks.ladder import SILENT_AFTER
from store.errors import NotFound
from store.milestone_rows import NO_CURSOR, change_of, milestone_of, row_of
from store.prepared import Prepared, PreparedAmong
from store.schema import agreements, milestones, raised

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import Column, ColumnElement, Row

    from lifecycle.milestones.milestone import Cursor, Milestone
    from store.session import Session


_ALL: Final = select(milestones)
_MANY: Final = PreparedAmong(_ALL, milestones.c.id)
SEEN: Final = [(agreements if name in {"calendar", "time_zone"} else milestones).c[name] for name in Glance._fields]
_GLANCES: Final = PreparedAmong(
    select(*SEEN).join(agreements, agreements.c.id == milestones.c.agreement_id), milestones.c.id
)
_OF: Final = Prepared(
    _ALL.where(milestones.c.agreement_id == bindparam("agreement_id")).order_by(milestones.c.safe_on, milestones.c.id)
)
_OF_MANY: Final = PreparedAmong(_ALL, milestones.c.agreement_id)
_UPDATE: Final = update(milestones).where(milestones.c.id == bindparam("b_id"))
_ADVANCE: Final = _UPDATE.values(
    {name: bindparam(name) for name in ("next_step_at", "stage", "step", "repeat", "is_final")}
)
_DUE: Final = (
    _ALL.where(milestones.c.next_step_at <= bindparam("now"))
    .order_by(milestones.c.next_step_at, milestones.c.id)
    .limit(bindparam("most"))
)
_NEXT: Final = Prepared(
    select(milestones.c.next_step_at)
    .where(milestones.c.next_step_at.is_not(None))
    .order_by(milestones.c.next_step_at)
    .limit(1)
    .offset(bindparam("behind"))
)
_LOOK_DUE: Final = Prepared(_DUE)
_TAKE_DUE: Final = Prepared(_DUE.with_for_update(key_share=True, skip_locked=True))
_RAISED_OF: Final = PreparedAmong(select(raised).order_by(raised.c.id), raised.c.milestone_id)


class Unread(NamedTuple):
    """A milestone as it lies in the database; reading it may fail."""

    id: str
    holder: str
    owner_id: str | None
    read: Callable[[], Milestone]


class Place(NamedTuple):
    """Where the cursor of a milestone stands, and when it is looked at next."""

    id: str
    cursor: Cursor | None
    next_step_at: datetime | None
    is_final: bool


class Milestones:
    """All milestones, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session
        self._at_hand: dict[str, Milestone] = {}
        self._seen: dict[str, Glance] = {}
        self._raised: dict[str, list[Row[Any]]] = {}

    def get(self, milestone_id: str) -> Milestone:
        """The milestone with this id. Raises NotFound."""
        found = self._at_hand.get(milestone_id) or self.many([milestone_id]).get(milestone_id)
        if found is None:
            raise _not_found(milestone_id)
        return found

    def of(self, agreement_id: str) -> list[Milestone]:
        """Every milestone of an agreement, ended ones too, earliest first."""
        return [milestone_of(row) for row in self._session.find(_OF, {"agreement_id": agreement_id})]

    def of_many(self, agreement_ids: Iterable[str]) -> dict[str, list[Milestone]]:
        """As ``of``, in no order, for many agreements in one question; those that have none are absent."""
        found: dict[str, list[Milestone]] = {}
        for row in self._session.among(_OF_MANY, agreement_ids):
            found.setdefault(row.agreement_id, []).append(milestone_of(row))
        return found

    def many(self, ids: Iterable[str]) -> dict[str, Milestone]:
        """The milestones with these ids."""
        return {row.id: milestone_of(row) for row in self._session.among(_MANY, ids)}

    def fetch(self, ids: Iterable[str]) -> list[Milestone]:
        """Have these at hand, in one question, until one of them changes."""
        self._at_hand = self.many(ids)
        return list(self._at_hand.values())

    def glance(self, milestone_id: str) -> Glance:
        """The milestone with this id as far as its messages ask. Raises NotFound."""
        found = self._seen.get(milestone_id) or self._glances([milestone_id]).get(milestone_id)
        if found is None:
            raise _not_found(milestone_id)
        return found

    def glance_at(self, ids: Iterable[str]) -> None:
        """Have a glance of these at hand, in one question, until one of them changes."""
        self._seen = self._glances(ids)

    def have_glances(self, seen: Iterable[Glance]) -> None:
        """A glance of these was had already; it holds until one of them changes."""
        self._seen = {one.id: one for one in seen}

    def open_of(self, agreement_ids: Sequence[str], *, until_on: date | None = None) -> list[Milestone]:
        """The live deadlines of these agreements, earliest last safe day first; none beyond *until_on*."""
        meant = milestones.c.agreement_id.in_(agreement_ids) & milestones.c.state.in_(sorted(LIVE))
        statement = _ALL.where(meant, milestones.c.is_deadline).order_by(milestones.c.safe_on, milestones.c.id)
        if until_on is not None:
            statement = statement.where(milestones.c.safe_on <= until_on)
        return [milestone_of(row) for row in self._session.execute(statement)]

    def due(self, now: datetime, most: int) -> list[Milestone]:
        """Milestones whose next step's instant has come, the longest due first."""
        return [one.read() for one in self.due_unread(now, most)]

    def due_unread(self, now: datetime, most: int) -> list[Unread]:
        """As ``due``; each is read by itself, because one that cannot be read must not stop the others.

        Who writes takes them: on PostgreSQL many raise at once, each its own rows.
        """
        question = _LOOK_DUE if self._session.is_reading else _TAKE_DUE
        rows = self._session.find(question, {"now": now, "most": most})
        return [Unread(row.id, row.agreement_id, row.owner_id, partial(milestone_of, row)) for row in rows]

    def next_due_at(self, *, behind: int = 0) -> datetime | None:
        """When the next step stands; the one *behind* so many others."""
        return self._session.find(_NEXT, {"behind": behind}).scalar()

    def ahead(self, today: date, *, unseen: Collection[str] = ()) -> tuple[int, date | None, int]:
        """How many live deadlines are ahead, the earliest last safe day among them, and how many are overdue.

        Those of the agreements whose ids are *unseen* are left out.
        """
        live = milestones.c.state.in_([MilestoneState.OPEN, MilestoneState.ACKNOWLEDGED, MilestoneState.SNOOZED])
        seen = [milestones.c.agreement_id.not_in(sorted(unseen))] if unseen else []
        is_ahead = milestones.c.safe_on >= today
        counted = select(
            func.count().filter(is_ahead).label("number"),
            func.min(milestones.c.safe_on).filter(is_ahead).label("first_on"),
            func.count().filter(~is_ahead).label("overdue"),
        )
        found = self._session.execute(counted.where(live, milestones.c.is_deadline, *seen)).one()
        return found.number, found.first_on, found.overdue

    def silent(self, today: date, *, unseen: Collection[str] = ()) -> int:
        """How many live deadlines are overdue and remind nobody, because they came too long after their day (L5)."""
        return sum(1 for holder in self.untold(today).values() if holder not in unseen)

    def untold(self, today: date) -> dict[str, str]:
        """Which these are, and of which agreement each is."""
        found = select(*(milestones.c[name] for name in ("id", "agreement_id", "safe_on", "armed_on"))).where(
            milestones.c.state.in_(sorted(LIVE)),
            milestones.c.is_deadline,
            milestones.c.safe_on < today - SILENT_AFTER,
        )
        rows = self._session.execute(found)
        return {row.id: row.agreement_id for row in rows if row.armed_on - row.safe_on > SILENT_AFTER}

    def live(self) -> Iterable[Milestone]:
        """Every live milestone, earliest last safe day first, read as it is asked for."""
        live = milestones.c.state.in_([MilestoneState.OPEN, MilestoneState.ACKNOWLEDGED, MilestoneState.SNOOZED])
        statement = _ALL.where(live).order_by(milestones.c.safe_on, milestones.c.id)
        with self._session.stream(statement) as rows:
            for row in rows:
                yield milestone_of(row)

    def add(self, new: Sequence[Milestone]) -> None:
        """Keep new milestones."""
        if new:
            self._session.insert(milestones, [row_of(one) for one in new])

    def save(self, changed: Sequence[Milestone]) -> None:
        """Keep what became of known milestones."""
        self._forget()
        if changed:
            self._session.execute(_UPDATE, [change_of(one) for one in changed])

    def advance(self, places: Iterable[Place]) -> None:
        """Keep where the cursors of known milestones stand now, and when they are looked at next; nothing else."""
        self._forget()
        changes = []
        for one in places:
            stage, step, repeat = one.cursor or NO_CURSOR
            where = {"b_id": one.id, "stage": stage, "step": step, "repeat": repeat}
            changes.append({**where, "next_step_at": one.next_step_at, "is_final": one.is_final})
        self._session.change(_ADVANCE, changes)

    def note_raised(self, rows: Sequence[dict[str, Any]]) -> None:
        """Remember that steps were raised; the database refuses a second time."""
        self._raised = {}
        if rows:
            self._session.insert(raised, list(rows))

    def raised_of(self, milestone_id: str) -> list[Row[Any]]:
        """The steps that were raised, oldest first."""
        known = self._raised.get(milestone_id)
        return list(self._session.among(_RAISED_OF, [milestone_id])) if known is None else known

    def fetch_raised(self, ids: Sequence[str]) -> None:
        """Have at hand, in one question, which steps of these were raised, until another one is."""
        self._raised = {one: [] for one in ids} | self.raised_of_many(ids)

    def raised_of_many(self, ids: Iterable[str]) -> dict[str, list[Row[Any]]]:
        """As ``raised_of``, for many milestones in one question; those of which none was raised are absent."""
        found: dict[str, list[Row[Any]]] = {}
        for row in self._session.among(_RAISED_OF, ids):
            found.setdefault(row.milestone_id, []).append(row)
        return found

    def places_raised(self, row: Milestone) -> Collection[tuple[str, int, int]]:
        """Stage, step and repeat of what was raised for a milestone, for its last safe day as that is now.

        A day moved and moved back tells nobody twice.
        """
        raised = self.raised_of(row.id)
        return frozenset([(one.stage, one.step, one.repeat) for one in raised if one.safe_on == row.safe_on])

    def postpone(self, ids: Sequence[str], at: datetime) -> None:
        """Look at rows that made trouble again later; what was to end before lasts until then."""
        self._forget()
        wakes = {name: _later(milestones.c[name], at) for name in ("acknowledged_until_at", "snoozed_until_at")}
        limit_at, until_at = milestones.c.snooze_limit_at, bindparam("until", at, milestones.c.next_step_at.type)
        wakes["snooze_limit_at"] = case((limit_at < until_at, until_at), else_=limit_at)
        due = milestones.c.id.in_(ids) & milestones.c.next_step_at.is_not(None)
        self._session.execute(update(milestones).where(due).values(next_step_at=at, **wakes))

    def _glances(self, ids: Iterable[str]) -> dict[str, Glance]:
        return {row.id: glance_of(row) for row in self._session.among(_GLANCES, ids)}

    def _forget(self) -> None:
        self._at_hand, self._seen = {}, {}


def _not_found(milestone_id: str) -> NotFound:
    return NotFound("deadline", milestone_id, remedy="List them.", command="longstop deadlines")


def glance_of(row: Sequence[Any]) -> Glance:
    """The glance of a row whose columns are SEEN."""
    name, state, *rest = row
    return Glance(name, MilestoneState(state), *rest)


def _later(column: Column[Any], at: datetime) -> ColumnElement[Any]:
    return case((column.is_not(None), bindparam(f"later_{column.name}", at, column.type)))
