"""The stores on paper: what they read is the register's, what they write is kept in memory and thrown away.

They answer the questions that passage, raising and digests ask (and no others), each from an agenda or a dictionary. So
a forecast runs the engine itself, without a database and without composing a message.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lifecycle.changed import changed
from lifecycle.milestones.glance import Glance
from lifecycle.playbooks.ladder import is_silent
from store.milestones import Unread

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from engine.forecasting.agenda import Agenda
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from store.agreements import Agreements, Parties
    from store.keeping import Keeping, PlaybookVersion
    from store.milestones import Milestones, Place

_EARLIEST: Final = attrgetter("safe_on", "id")
_OF_AGREEMENT: Final = frozenset({"calendar", "time_zone"})
_GLANCED: Final = attrgetter(
    *(f"agreement.{name}" if name in _OF_AGREEMENT else f"milestone.{name}" for name in Glance._fields)
)


class _Seen(NamedTuple):
    """What a glance looks at."""

    milestone: Milestone
    agreement: Agreement


class Raised(NamedTuple):
    """A step that was raised, as the register has it."""

    milestone_id: str
    safe_on: date
    stage: str
    step: int
    repeat: int
    at: datetime
    skipped: int


class PaperAgreements:
    """Agreements, as time changes them on paper."""

    def __init__(self, real: Agreements, agenda: Agenda) -> None:
        self._real, self._agenda = real, agenda
        self._known: dict[str, Agreement] = {}

    def get(self, agreement_id: str) -> Agreement:
        found = self._known.get(agreement_id)
        if found is None:
            found = self._known[agreement_id] = self._real.get(agreement_id)
        return found

    def read(self, ids: Iterable[str]) -> Parties:
        """Have these at hand, in one question; whose they are."""
        parties = self.fetch(ids)
        self.many(ids)
        return parties

    def many(self, ids: Iterable[str]) -> dict[str, Agreement]:
        return {one: self.get(one) for one in dict.fromkeys(ids)}

    def find(self, reference: str) -> Agreement | None:
        found = self._real.find(reference)
        return self.get(found.id) if found else None

    def with_counterparty(self, counterparty_id: str) -> list[str]:
        return self._real.with_counterparty(counterparty_id)

    def fetch(self, ids: Iterable[str]) -> Parties:
        return self._real.fetch(one for one in ids if one not in self._known)

    def due(self, now: datetime, most: int) -> list[str]:
        return self._agenda.due(now)[:most]

    def next_due_at(self) -> datetime | None:
        return self._agenda.next_at

    def save(self, agreement: Agreement) -> None:
        self._known[agreement.id] = agreement

    def schedule(self, agreement_id: str, next_passage_at: datetime | None) -> None:
        self._agenda.plan(agreement_id, next_passage_at)


class PaperMilestones:
    """Milestones with their cursors; the rows of an agreement are read when they are first asked for."""

    def __init__(self, real: Milestones, agenda: Agenda, agreements: PaperAgreements) -> None:
        self._real, self._agenda, self._agreements = real, agenda, agreements
        self._rows: dict[str, Milestone] = {}
        self._of: dict[str, set[str]] = {}
        self.unborn: set[str] = set()  # on paper only: the horizon has not uncovered them yet
        self._raised: dict[str, list[Any]] = {}
        self._places: dict[tuple[str, date], set[tuple[str, int, int]]] = {}  # of what was raised for a last safe day
        self._live: dict[str, Milestone] | None = None  # of the register, asked for once
        self._silent: dict[str, str] | None = None  # that are overdue and remind nobody -> whose they are

    def take_all(self, agreement_ids: Iterable[str]) -> None:
        """Every row of these agreements, in one question for all of them."""
        for agreement_id, rows in self._real.of_many(agreement_ids).items():
            self._of[agreement_id] = {row.id for row in rows}
            self.take(rows)

    def take(self, rows: Iterable[Milestone]) -> None:
        """Rows as the register has them."""
        for row in rows:
            self._rows.setdefault(row.id, row)
            self._agenda.plan(row.id, row.next_step_at)

    @property
    def followed(self) -> AbstractSet[str]:
        """Those of whose ladder a step may be taken."""
        return self._agenda.planned

    def get(self, milestone_id: str) -> Milestone:
        found = self._rows.get(milestone_id)
        if found is None:
            found = self._rows[milestone_id] = self._real.get(milestone_id)
        return found

    def glance(self, milestone_id: str) -> Glance:
        row = self.get(milestone_id)
        return Glance._make(_GLANCED(_Seen(row, self._agreements.get(row.key.holder))))

    def of(self, agreement_id: str) -> list[Milestone]:
        if agreement_id not in self._of:
            real = self._real.of(agreement_id)
            for row in real:
                self._rows.setdefault(row.id, row)
            self._of[agreement_id] = {row.id for row in real}
        rows = [self._rows[one] for one in self._of[agreement_id]]
        return sorted(rows, key=_EARLIEST)

    def many(self, ids: Iterable[str]) -> dict[str, Milestone]:
        return {one: self.get(one) for one in ids}

    def due_unread(self, now: datetime, most: int) -> list[Unread]:
        rows = [self._rows[one] for one in self._agenda.due(now)[:most]]
        return [Unread(row.id, row.key.holder, row.owner_id, partial(self.get, row.id)) for row in rows]

    def next_due_at(self) -> datetime | None:
        return self._agenda.next_at

    def ahead(self, today: date, *, unseen: Collection[str] = ()) -> tuple[int, date | None, int]:
        found = [row.safe_on for row in self._live_deadlines() if row.key.holder not in unseen]
        ahead = [on for on in found if on >= today]
        return len(ahead), min(ahead, default=None), len(found) - len(ahead)

    def silent(self, today: date, *, unseen: Collection[str] = ()) -> int:
        """One that is silent is overdue from its first day on, so what the register has of them stays."""
        if self._silent is None:
            self._silent = self._real.untold(today)
            for row in self._rows.values():
                self._note_silent(self._silent, row)
        return sum(1 for holder in self._silent.values() if holder not in unseen)

    def add(self, new: Sequence[Milestone]) -> None:
        for row in new:
            self.of(row.key.holder)  # what the register has is read before anything is added to it
            self._of[row.key.holder].add(row.id)
            self.unborn.add(row.id)
            self._keep(row)

    def save(self, rows: Iterable[Milestone]) -> None:
        for row in rows:
            self._keep(row)

    def note_raised(self, rows: Sequence[dict[str, Any]]) -> None:
        self.fetch_raised([row["milestone_id"] for row in rows])
        for row in rows:
            self._note(Raised(**row))

    def raised_of(self, milestone_id: str) -> list[Any]:
        if milestone_id not in self._raised:
            self.fetch_raised([milestone_id])
        return self._raised[milestone_id]

    def fetch_raised(self, ids: Iterable[str]) -> None:
        """What the register has of steps that were raised; read once, in one question for all of them."""
        unread = [one for one in ids if one not in self._raised]
        kept = [one for one in unread if one not in self.unborn]
        found = self._real.raised_of_many(kept) if kept else {}
        for one in unread:
            self._raised[one] = []
            for row in found.get(one, ()):
                self._note(row)

    def places_raised(self, row: Milestone) -> Collection[tuple[str, int, int]]:
        self.raised_of(row.id)
        return self._places.get((row.id, row.safe_on), ())

    def advance(self, places: Iterable[Place]) -> None:
        for one in places:
            self._keep(
                changed(self.get(one.id), cursor=one.cursor, next_step_at=one.next_step_at, is_final=one.is_final)
            )

    def postpone(self, ids: Iterable[str], at: datetime) -> None:
        for one in ids:
            self._agenda.plan(one, at)

    def _live_deadlines(self) -> list[Milestone]:
        """Of the register, and as they have become on paper."""
        if self._live is None:
            self._live = {row.id: row for row in self._real.live()}
        rows = (self._live | self._rows).values()
        return [row for row in rows if row.is_live and row.is_deadline]

    def _keep(self, row: Milestone) -> None:
        self._rows[row.id] = row
        self._agenda.plan(row.id, row.next_step_at)
        if self._silent is not None:
            self._note_silent(self._silent, row)

    def _note_silent(self, known: dict[str, str], row: Milestone) -> None:
        if is_silent(row) and row.is_live and row.is_deadline:
            known[row.id] = row.key.holder
        else:
            known.pop(row.id, None)

    def _note(self, row: Any) -> None:  # noqa: ANN401 - a row of the store
        self._raised[row.milestone_id].append(row)
        self._places.setdefault((row.milestone_id, row.safe_on), set()).add((row.stage, row.step, row.repeat))


class PaperKeeping:
    """Playbooks as they are; incidents as they would be opened."""

    def __init__(self, real: Keeping) -> None:
        self._real = real
        self._facts: dict[str, str | None] = {}
        self._open: dict[tuple[str, str], Any] = {(row.kind, row.subject): row for row in real.incidents()}
        self._opened: dict[str, Any] = {}

    def playbooks(self) -> list[PlaybookVersion]:
        return self._real.playbooks()

    def playbook(self, name: str, version: int) -> PlaybookVersion:
        return self._real.playbook(name, version)

    def open_incident(self, row: dict[str, Any]) -> bool:
        if (row["kind"], row["subject"]) in self._open:
            return False
        self._open[row["kind"], row["subject"]] = self._opened[row["id"]] = SimpleNamespace(**row)
        return True

    def incident(self, incident_id: str) -> Any:  # noqa: ANN401 - a row of the store
        return self._opened[incident_id]

    def close_incident(self, kind: str, subject: str, at: datetime) -> str | None:
        del at
        row = self._open.pop((kind, subject), None)
        return row and str(row.id)

    def open_about(self, kind: str, subjects: AbstractSet[str]) -> set[str]:
        return {one for one in subjects if (kind, one) in self._open}

    def incidents(self) -> list[Any]:
        return list(self._open.values())

    def fact(self, name: str) -> str | None:
        if name not in self._facts:
            self._facts[name] = self._real.fact(name)
        return self._facts[name]

    def set_fact(self, name: str, value: str) -> None:
        self._facts[name] = value
