"""The outbox on paper: what is due asks at the same gate as in the house, and what passes is taken by its channel."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from datetime import date, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from engine.forecasting.agenda import Agenda
from lifecycle.changed import changed
from lifecycle.delivery import COUNTED, SPOKEN, Change, DeliveryKind, DeliveryState, Waiting
from lifecycle.playbooks.playbook import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from engine.forecasting.paper import PaperMilestones
    from lifecycle.delivery import Delivery, Reader
    from store.deliveries import Deliveries
    from store.outbox_questions import Body

_A_DAY: Final = timedelta(days=1)
_GONE: Final = frozenset({DeliveryState.CANCELLED, DeliveryState.FAILED, DeliveryState.EXPIRED})
_WAITING: Final = frozenset({DeliveryState.PENDING, DeliveryState.HELD})


class PaperDeliveries:
    """The outbox. Whatever is pending is accepted by its channel as soon as its instant has come.

    What is in doubt is taken for not yet sent.
    """

    def __init__(self, real: Deliveries, milestones: PaperMilestones, until: datetime) -> None:
        self._real, self._milestones = real, milestones
        self._held, self._pending = Agenda(until), Agenda(until)
        self._agendas = {DeliveryState.HELD: self._held, DeliveryState.PENDING: self._pending}
        self._rows: dict[str, Delivery] = {}
        self._keys: dict[str, str] = {}  # what a message is called -> its id
        self._of: dict[str, list[str]] = defaultdict(list)
        self._bundles: dict[str, set[str]] = defaultdict(set)
        self._members: dict[str, set[str]] = {}
        self._bodies: dict[str, Body | None] = {}
        self._by_address: dict[str, list[tuple[datetime, str]]] = defaultdict(list)  # when it came about, and its id
        self._asked: set[str] = set()  # addresses of which the register's outbox was read
        self._accepted: list[tuple[datetime, str]] = []
        self._read: set[str] = set()
        self.repeated: set[str] = set()  # milestones of which somebody would have been told the same again

    def take(self, rows: Iterable[Delivery]) -> None:
        """Rows as the register has them."""
        for row in rows:
            if row.id not in self._rows:
                doubt = row.state is DeliveryState.IN_DOUBT
                self._enter(changed(row, state=DeliveryState.PENDING) if doubt else row)

    def add(self, new: Sequence[tuple[Delivery, Body | None]]) -> set[str]:
        self.read_of(one.milestone_id for one, _ in new if one.milestone_id is not None)
        kept = set()
        for delivery, body in new:
            if delivery.dedupe_key not in self._keys:
                self._enter(delivery)
                self._bodies[delivery.id] = body
                kept.add(delivery.id)
            elif delivery.milestone_id is not None:
                self.repeated.add(delivery.milestone_id)
        return kept

    def read_of(self, milestone_ids: Iterable[str]) -> None:
        """What the register's outbox has about milestones; read once, in one question for all of them."""
        unread = {one for one in milestone_ids if one not in self._read and one not in self._milestones.unborn}
        if unread:
            self._read |= unread
            for rows in self._real.of_milestones(unread).values():
                self.take(rows)

    def milestones_in(self, row: Delivery) -> set[str]:
        """What a message is about."""
        return {row.milestone_id} if row.milestone_id is not None else self._bundles[row.id]

    def of_milestone(self, milestone_id: str) -> list[Delivery]:
        self.read_of([milestone_id])
        return [self._rows[one] for one in self._of[milestone_id]]

    def of_milestones(self, ids: Iterable[str]) -> dict[str, list[Delivery]]:
        asked = list(ids)
        self.read_of(asked)
        found = {one: self.of_milestone(one) for one in asked}
        return {one: rows for one, rows in found.items() if rows}

    def held_until(self, now: datetime) -> list[Delivery]:
        rows = [self._rows[one] for one in self._held.due(now)]
        return sorted(
            rows,
            key=lambda one: (one.recipient_id or "", one.channel, one.address, one.safe_on or date.max, one.id),
        )

    def held_of_owners(self, addresses: Iterable[str]) -> list[Delivery]:
        asked = set(addresses)
        held = (one for one in self._rows.values() if one.state is DeliveryState.HELD and one.address in asked)
        return [one for one in held if one.change is Change.OWNER]

    def next_at(self, states: Sequence[str]) -> datetime | None:
        agendas = (agenda for state, agenda in self._agendas.items() if state in states)
        return min((at for agenda in agendas if (at := agenda.next_at)), default=None)

    def wait_for_turn(self) -> None:
        """Nobody else writes on paper."""

    def change(self, ids: Sequence[str], states: Sequence[str], **values: Any) -> list[str]:  # noqa: ANN401
        found = [one for one in ids if self._rows[one].state in states]
        for one in found:
            self._keep(changed(self._rows[one], **values))
        return found

    def settle(self, delivery_id: str, token: str, **values: Any) -> bool:  # noqa: ANN401 - columns of the table
        del token  # there is one sender on paper
        self._keep(changed(self._rows[delivery_id], **values))
        return True

    def unbundle(self, bundle_id: str, at: datetime) -> int:
        members = self.bundled(bundle_id)
        for one in members:
            self._keep(changed(one, state=DeliveryState.PENDING, bundle_id=None, next_attempt_at=at))
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

    def named(self, dedupe_keys: Iterable[str]) -> list[Delivery]:
        asked = list(dedupe_keys)
        self.take(self._real.named(one for one in asked if one not in self._keys))
        found = [self._rows[self._keys[one]] for one in asked if one in self._keys]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    def spoken_since(self, since_at: Mapping[Reader, datetime]) -> dict[Reader, int]:
        recent = self._recent({address for _, address in since_at}, min(since_at.values()))
        found = dict.fromkeys(since_at, 0)
        for one in recent:
            reader = (one.channel, one.address)
            if reader in since_at and one.created_at >= since_at[reader] and one.kind in COUNTED:
                found[reader] += one.state in SPOKEN
        return found

    def waiting_steps(self, addresses: Iterable[str], since_at: datetime) -> list[Waiting]:
        mine = self._recent(set(addresses), since_at)
        steps = (one for one in mine if one.state is DeliveryState.PENDING and one.kind is DeliveryKind.STEP)
        found = [one for one in steps if one.urgency != Urgency.CRITICAL and ">" not in one.dedupe_key]
        found.sort(key=lambda one: (one.created_at, one.id))
        return [Waiting(one.id, (one.channel, one.address), one.next_attempt_at or one.created_at) for one in found]

    def last_outwards(self, address: str) -> datetime | None:
        mine = (one for one in self._rows.values() if one.address == address and f":>{address}:" in one.dedupe_key)
        kept = (one for one in mine if one.state not in _GONE)
        found = [one.accepted_at or one.next_attempt_at or one.created_at for one in kept]
        before = self._real.last_outwards(address)
        return max([*found, *([before] if before else [])], default=None)

    def wake_held(self, why: str, at: datetime) -> int:
        mine = [one for one in self._rows.values() if one.state is DeliveryState.HELD and one.why == why]
        for one in mine:
            self._keep(changed(one, next_attempt_at=at))
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
        self._keep(changed(row, state=DeliveryState.ACCEPTED, accepted_at=now, next_attempt_at=None))

    def _recent(self, addresses: set[str], since_at: datetime) -> Iterator[Delivery]:
        for address in addresses:
            if address not in self._asked:
                self._asked.add(address)
                self.take(self._real.recent([address], since_at - _A_DAY))
            known = self._by_address[address]
            yield from (self._rows[one] for _, one in known[bisect_left(known, (since_at, "")) :])

    def _enter(self, row: Delivery) -> None:
        """One that was not here yet."""
        insort(self._by_address[row.address], (row.created_at, row.id))
        self._keys[row.dedupe_key] = row.id
        if row.milestone_id is not None:
            self._of[row.milestone_id].append(row.id)
        self._keep(row)

    def _keep(self, row: Delivery) -> None:
        if row.bundle_id is not None and (tells_of := row.tells_of) is not None:
            self._bundles[row.bundle_id].add(tells_of)
            self._members.setdefault(row.bundle_id, set()).add(row.id)
        before = self._rows.get(row.id)
        if before is not None and before.state is not row.state and before.state in self._agendas:
            self._agendas[before.state].plan(row.id, None)
        if row.state in self._agendas:
            self._agendas[row.state].plan(row.id, row.next_attempt_at)
        self._rows[row.id] = row
