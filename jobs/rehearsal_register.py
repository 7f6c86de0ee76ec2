"""The register of a rehearsal: a copy as it stands, or the same agreements walked through from their first day.

*As it stands*: every row is copied, so what was told already is not told again. *From the past*: people, playbooks and
agreements are copied with their facts of today, under a fresh log; each agreement enters on the later of the first day
and the day on which it takes effect, and is planned as if it had been registered then.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lifecycle.agreements.agreement import first_day
from lifecycle.agreements.passage import running_number, status_by_facts
from lifecycle.agreements.status import UNSIGNED, Status
from lifecycle.events import AgreementRegistered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from engine.monitor import Monitor, Work
    from lifecycle.agreements.agreement import Agreement


class Entering:
    """Agreements that wait for the day on which they enter."""

    def __init__(self, agreements: Iterable[Agreement], from_on: date) -> None:
        queue = ((_enters_at(one, from_on), one.reference, one) for one in agreements)
        self._queue = deque(sorted(queue, key=lambda entry: entry[:2]))

    @property
    def next_at(self) -> datetime | None:
        """When the next one enters."""
        return self._queue[0][0] if self._queue else None

    def enter(self, monitor: Monitor) -> int:
        """Register those whose instant has come; how many."""
        at = self.next_at
        if at is None or at > monitor.clock.now():
            return 0
        count = 0
        with monitor.work() as work:
            while self._queue and self._queue[0][0] <= work.now:
                agreement = self._queue.popleft()[2]
                count += 1
                with work.alone(agreement.id):
                    _register(work, agreement)
        return count


def walked_through(source: Monitor, copy: Monitor, from_on: date) -> Entering:
    """Copy who and by which rules; the agreements are handed back to enter one by one."""
    with source.look() as read, copy.work() as work:
        for version in read.keeping.playbooks():
            work.keeping.add_playbook(version)
        people = read.people.all()
        for person in people:  # two steps: somebody's manager may come later
            work.people.add(replace(person, manager_id=None))
        for person in people:
            if person.manager_id is not None:
                work.people.save(person)
        agreements = list(read.agreements.all())
        for agreement in agreements:
            if work.counterparties.id_of(agreement.counterparty) is None:
                work.counterparties.add(agreement.counterparty_id, agreement.counterparty)
    return Entering(agreements, from_on)


def _enters_at(agreement: Agreement, from_on: date) -> datetime:
    on = max(from_on, first_day(agreement) or from_on)
    return datetime.combine(on, time.min, ZoneInfo(agreement.time_zone)).astimezone(UTC)


def _register(work: Work, agreement: Agreement) -> None:
    """As ``operations.register`` does, under its own id and with its status as of this day."""
    today = work.today(agreement)
    is_over = agreement.status is Status.ENDED and first_day(agreement) is None  # abandoned before it was signed
    known = replace(
        agreement,
        version=1,
        registered_on=today,
        quiet_until_on=None,
        status=agreement.status if is_over or agreement.status in UNSIGNED else status_by_facts(agreement, today),
        term_number=running_number(agreement, today),
    )
    work.agreements.add(known)
    work.new_agreements.add(known.id)
    work.record(AgreementRegistered(agreement_id=known.id, reference=known.reference, status=known.status.value))
