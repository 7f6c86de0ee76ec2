"""The stores on paper: what they read is the register's, what they write is kept in memory and thrown away.

They answer the questions that passage, raising and digests ask (and no others), each from a heap or a dictionary. So a
forecast runs the engine itself, without a database and without composing a message.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import takewhile
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from lifecycle.delivery import DeliveryKind, DeliveryState
from store.milestones import Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from lifecycle.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.milestones import Milestone
    from store.agreements import Agreements
    from store.deliveries import Body, Deliveries
    from store.keeping import Keeping, PlaybookVersion
    from store.milestones import Milestones, Place

_WAITING: Final = frozenset({DeliveryState.PENDING, DeliveryState.HELD})


class Agenda:
    """Who is due when; setting it anew forgets what was planned. What comes after *until* is not kept."""

    def __init__(self, until: datetime) -> None:
        self._until = until
        self._at: dict[str, datetime] = {}
        self._heap: list[tuple[datetime, str]] = []

    def plan(self, name: str, at: datetime | None) -> None:
        self._at.pop(name, None)
        if at is not None and at < self._until:
            self._at[name] = at
            heapq.heappush(self._heap, (at, name))

    @property
    def next_at(self) -> datetime | None:
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: datetime) -> list[str]:
        """Those whose instant has come, the longest due first; they stay planned until they are planned anew."""
        found: dict[str, datetime] = {}
        while (at := self.next_at) is not None and at <= now:
            found.setdefault(heapq.heappop(self._heap)[1], at)
        for name, planned in found.items():
            heapq.heappush(self._heap, (planned, name))
        return list(found)


class PaperAgreements:
    """Agreements, as time changes them on paper."""

    def __init__(self, real: Agreements, agenda: Agenda) -> None:
        self._real, self._agenda = real, agenda
        self._known: dict[str, Agreement] = {}

    def get(self, agreement_id: str) -> Agreement:
        if agreement_id not in self._known:
            self._known[agreement_id] = self._real.get(agreement_id)
        return self._known[agreement_id]

    def many(self, ids: Iterable[str]) -> dict[str, Agreement]:
        return {one: self.get(one) for one in dict.fromkeys(ids)}

    def fetch(self, ids: Iterable[str]) -> set[str]:
        known = self.many(ids).values()
        return {someone for one in known for someone in (one.owner_id, one.backup_id) if someone}

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

    def __init__(self, real: Milestones, agenda: Agenda) -> None:
        self._real, self._agenda = real, agenda
        self._rows: dict[str, Milestone] = {}
        self._of: dict[str, set[str]] = {}
        self._born: set[str] = set()
        self._raised: dict[str, list[Any]] = {}
        self._live: dict[str, date] | None = None  # of the register, asked for once

    def take(self, rows: Iterable[Milestone]) -> None:
        """Rows as the register has them."""
        for row in rows:
            self._rows.setdefault(row.id, row)
            self._agenda.plan(row.id, row.next_step_at)

    def get(self, milestone_id: str) -> Milestone:
        if milestone_id not in self._rows:
            self._rows[milestone_id] = self._real.get(milestone_id)
        return self._rows[milestone_id]

    def of(self, agreement_id: str) -> list[Milestone]:
        if agreement_id not in self._of:
            real = self._real.of(agreement_id)
            for row in real:
                self._rows.setdefault(row.id, row)
            self._of[agreement_id] = {row.id for row in real}
        rows = [self._rows[one] for one in self._of[agreement_id]]
        return sorted(rows, key=lambda row: (row.safe_on, row.id))

    def many(self, ids: Iterable[str]) -> dict[str, Milestone]:
        return {one: self.get(one) for one in ids}

    def due_unread(self, now: datetime, most: int) -> list[Unread]:
        rows = [self._rows[one] for one in self._agenda.due(now)[:most]]
        return [Unread(row.id, row.key.holder, row.owner_id, partial(self.get, row.id)) for row in rows]

    def next_due_at(self) -> datetime | None:
        return self._agenda.next_at

    def ahead(self) -> tuple[int, date | None]:
        if self._live is None:
            self._live = {row.id: row.safe_on for row in self._real.live() if row.is_deadline}
        now = {row.id: row.safe_on for row in self._rows.values() if row.is_live and row.is_deadline}
        ended = self._rows.keys() - now.keys()
        found = {one: on for one, on in (self._live | now).items() if one not in ended}
        return len(found), min(found.values(), default=None)

    def add(self, new: Sequence[Milestone]) -> None:
        for row in new:
            self.of(row.key.holder)  # what the register has is read before anything is added to it
            self._of[row.key.holder].add(row.id)
            self._born.add(row.id)
            self.save([row])

    def save(self, changed: Sequence[Milestone]) -> None:
        for row in changed:
            self._rows[row.id] = row
            self._agenda.plan(row.id, row.next_step_at)

    def is_born_on_paper(self, milestone_id: str) -> bool:
        return milestone_id in self._born

    def note_raised(self, rows: Sequence[dict[str, Any]]) -> None:
        for row in rows:
            self.raised_of(row["milestone_id"]).append(SimpleNamespace(**row))

    def raised_of(self, milestone_id: str) -> list[Any]:
        if milestone_id not in self._raised:
            is_new = milestone_id in self._born
            self._raised[milestone_id] = [] if is_new else list(self._real.raised_of(milestone_id))
        return self._raised[milestone_id]

    def advance(self, places: Iterable[Place]) -> None:
        for one in places:
            row = self.get(one.id)
            self.save([replace(row, cursor=one.cursor, next_step_at=one.next_step_at, is_final=one.is_final)])

    def raised_of_many(self, ids: Iterable[str]) -> dict[str, list[Any]]:
        return {one: self.raised_of(one) for one in ids}

    def postpone(self, ids: Iterable[str], at: datetime) -> None:
        for one in ids:
            self._agenda.plan(one, at)


class PaperDeliveries:
    """The outbox. Whatever is pending is accepted by its channel as soon as its instant has come.

    What is in doubt is taken for not yet sent.
    """

    def __init__(self, real: Deliveries, milestones: PaperMilestones, until: datetime) -> None:
        self._real, self._milestones = real, milestones
        self._held, self._pending = Agenda(until), Agenda(until)
        self._rows: dict[str, Delivery] = {}
        self._keys: set[str] = set()
        self._of: dict[str, list[str]] = defaultdict(list)
        self._bundles: dict[str, set[str]] = defaultdict(set)
        self._members: dict[str, set[str]] = {}
        self._bodies: dict[str, Body | None] = {}
        self._by_address: dict[str, list[str]] = defaultdict(list)
        self._asked: set[str] = set()  # addresses of which the register's outbox was read
        self._accepted: list[tuple[datetime, str]] = []
        self._read: set[str] = set()
        self.repeated: set[str] = set()  # milestones of which somebody would have been told the same again

    def take(self, rows: Iterable[Delivery]) -> None:
        """Rows as the register has them."""
        for row in rows:
            if row.id not in self._rows:
                doubt = row.state is DeliveryState.IN_DOUBT
                self._keep(replace(row, state=DeliveryState.PENDING) if doubt else row)

    def add(self, new: Sequence[tuple[Delivery, Body | None]]) -> set[str]:
        kept = set()
        for delivery, body in new:
            if delivery.milestone_id is not None:
                self._read_of(delivery.milestone_id)
            if delivery.dedupe_key not in self._keys:
                self._keep(delivery)
                self._bodies[delivery.id] = body
                kept.add(delivery.id)
            elif delivery.milestone_id is not None:
                self.repeated.add(delivery.milestone_id)
        return kept

    def milestones_in(self, row: Delivery) -> set[str]:
        """What a message is about."""
        return {row.milestone_id} if row.milestone_id is not None else self._bundles[row.id]

    def of_milestone(self, milestone_id: str) -> list[Delivery]:
        self._read_of(milestone_id)
        return [self._rows[one] for one in self._of[milestone_id]]

    def held_until(self, now: datetime) -> list[Delivery]:
        rows = [self._rows[one] for one in self._held.due(now)]
        return sorted(rows, key=lambda one: (one.recipient_id or "", one.channel, one.address, one.safe_on, one.id))

    def next_at(self, states: Sequence[str]) -> datetime | None:
        agendas = [agenda for state, agenda in self._agendas() if state in states]
        return min((at for agenda in agendas if (at := agenda.next_at)), default=None)

    def change(self, ids: Sequence[str], states: Sequence[str], **values: Any) -> list[str]:  # noqa: ANN401
        found = [one for one in ids if self._rows[one].state in states]
        for one in found:
            self._keep(replace(self._rows[one], **values))
        return found

    def settle(self, delivery_id: str, token: str, **values: Any) -> bool:  # noqa: ANN401 - columns of the table
        del token  # there is one sender on paper
        self._keep(replace(self._rows[delivery_id], **values))
        return True

    def unbundle(self, bundle_id: str, at: datetime) -> int:
        members = self.bundled(bundle_id)
        for one in members:
            self._keep(replace(one, state=DeliveryState.PENDING, bundle_id=None, next_attempt_at=at))
        return len(members)

    def bundled(self, bundle_id: str) -> list[Delivery]:
        if bundle_id not in self._members:
            self._members[bundle_id] = set()
            self.take(self._real.bundled(bundle_id))
        rows = [self._rows[one] for one in self._members[bundle_id]]
        found = [one for one in rows if one.bundle_id == bundle_id]
        return sorted(found, key=lambda one: (one.safe_on or date.max, one.id))

    def body(self, delivery_id: str) -> Body | None:
        if delivery_id not in self._bodies:
            self._bodies[delivery_id] = self._real.body(delivery_id)
        return self._bodies[delivery_id]

    def keep_body(self, delivery_id: str, body: Body) -> None:
        self._bodies[delivery_id] = body

    def forget_body(self, delivery_id: str) -> None:
        self._bodies[delivery_id] = None

    def attempts_of(self, delivery_id: str) -> list[Any]:
        return self._real.attempts_of(delivery_id)

    def told_instead_of(self, person_id: str, since_at: datetime) -> set[str]:
        found = self._real.told_instead_of(person_id, since_at)
        mine = (one for one in self._rows.values() if one.stands_in_for == person_id and one.created_at >= since_at)
        return found | {one.milestone_id for one in mine if one.milestone_id}

    def is_known(self, dedupe_key: str) -> bool:
        return dedupe_key in self._keys or self._real.is_known(dedupe_key)

    def recent(self, addresses: Iterable[str], since_at: datetime) -> list[Delivery]:
        wanted = set(addresses)
        for one in wanted - self._asked:
            self._asked.add(one)
            self.take(self._real.recent([one], since_at))
        found = (self._rows[one] for address in wanted for one in self._by_address[address])
        return sorted((one for one in found if one.created_at >= since_at), key=lambda one: (one.created_at, one.id))

    def wake_held(self, why: str, at: datetime) -> int:
        mine = [one for one in self._rows.values() if one.state is DeliveryState.HELD and one.why == why]
        for one in mine:
            self._keep(replace(one, next_attempt_at=at))
        return len(mine)

    def accepted_since(self, at: datetime, *, but: str) -> bool:
        since = takewhile(lambda taken: taken[0] > at, reversed(self._accepted))
        return any(not key.startswith(but) for _, key in since) or self._real.accepted_since(at, but=but)

    def cancel_of_milestone(self, milestone_id: str, why: str) -> int:
        told = [one for one in self.of_milestone(milestone_id) if one.kind is not DeliveryKind.INVITATION]
        waiting = [one.id for one in told if one.state in _WAITING]
        self.change(waiting, list(_WAITING), state=DeliveryState.CANCELLED, next_attempt_at=None, why=why)
        return len(waiting)

    def due(self, now: datetime) -> list[Delivery]:
        """What asks at its gate now."""
        return [self._rows[one] for one in self._pending.due(now)]

    def accept(self, row: Delivery, now: datetime) -> None:
        """It leaves."""
        self._accepted.append((now, row.dedupe_key))
        self._keep(replace(row, state=DeliveryState.ACCEPTED, accepted_at=now, next_attempt_at=None))

    def _read_of(self, milestone_id: str) -> None:
        """What the register's outbox has about a milestone."""
        if milestone_id in self._read or self._milestones.is_born_on_paper(milestone_id):
            return
        self._read.add(milestone_id)
        self.take(self._real.of_milestone(milestone_id))

    def _keep(self, row: Delivery) -> None:
        if row.id not in self._rows:
            self._by_address[row.address].append(row.id)
        if row.id not in self._rows and row.milestone_id is not None:
            self._of[row.milestone_id].append(row.id)
        if row.bundle_id is not None and row.milestone_id is not None:
            self._bundles[row.bundle_id].add(row.milestone_id)
            self._members.setdefault(row.bundle_id, set()).add(row.id)
        self._rows[row.id] = row
        self._keys.add(row.dedupe_key)
        for state, agenda in self._agendas():
            agenda.plan(row.id, row.next_attempt_at if row.state == state else None)

    def _agendas(self) -> tuple[tuple[DeliveryState, Agenda], ...]:
        return (DeliveryState.HELD, self._held), (DeliveryState.PENDING, self._pending)


class PaperKeeping:
    """Playbooks as they are; incidents as they would be opened."""

    def __init__(self, real: Keeping) -> None:
        self._real = real
        self._facts: dict[str, str] = {}
        self._open: dict[tuple[str, str], Any] = {(row.kind, row.subject): row for row in real.incidents()}

    def playbooks(self) -> list[PlaybookVersion]:
        return self._real.playbooks()

    def playbook(self, name: str, version: int) -> PlaybookVersion:
        return self._real.playbook(name, version)

    def open_incident(self, row: dict[str, Any]) -> bool:
        if (row["kind"], row["subject"]) in self._open:
            return False
        self._open[row["kind"], row["subject"]] = SimpleNamespace(**row)
        return True

    def close_incident(self, kind: str, subject: str, at: datetime) -> str | None:
        del at
        row = self._open.pop((kind, subject), None)
        return row and str(row.id)

    def incidents(self) -> list[Any]:
        return list(self._open.values())

    def fact(self, name: str) -> str | None:
        return self._facts.get(name) or self._real.fact(name)

    def set_fact(self, name: str, value: str) -> None:
        self._facts[name] = value
