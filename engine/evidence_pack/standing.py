"""The register as it stood on a day: the facts, rules and answers of then, and the days that followed from them.

What is known now is read from the rows. What was known on an earlier day is found again: the version of each agreement
that held, the playbooks of that day, the days derived from them anew, and what the log says became of each deadline.
Holiday calendars are those of now; each derivation names the days that it counted by.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from engine.clock import VirtualClock
from engine.known import derived_of, held_before
from engine.monitor import Work
from lifecycle import events as happened
from lifecycle.days.dates import Period
from lifecycle.errors import LifecycleError
from lifecycle.events import CLOCK
from lifecycle.milestones.deriving import derive
from lifecycle.milestones.milestone import Answer, Decision, Milestone, MilestoneState, Outcome
from lifecycle.milestones.reconciling import born
from store.queries.evidence_pack import first_playbooks, history_of, milestone_ids, playbooks_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from engine.monitor import Monitor
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.counting.derivation import Reading
    from lifecycle.milestones.milestone import Derived
    from lifecycle.playbooks.playbook import Playbook
    from store.events import Recorded


class Known(NamedTuple):
    """A milestone as it was known, and the reading that its days come from; None where the facts no longer hold it."""

    milestone: Milestone
    reading: Reading | None


class PastWork(Work):
    """A view of the register at an earlier instant: today is that day, the rules are those that held."""

    @cached_property
    def playbooks(self) -> Mapping[tuple[str, int], Playbook]:
        """The newest version of each playbook that was applied by then; before any was, the first of each."""
        newest = {row.playbook: row for row in playbooks_until(self, self.now) or first_playbooks(self)}
        return {(row.playbook, row.version): self.monitor.playbook_from(row.doc) for row in newest.values()}


@contextmanager
def looking(monitor: Monitor, known_at: datetime | None) -> Iterator[Work]:
    """One consistent view of the register as it is, or as it was known at an instant."""
    if known_at is None:
        with monitor.look() as work:
            yield work
        return
    with monitor.look() as work:
        yield earlier(work, known_at)


def earlier(work: Work, known_at: datetime) -> Work:
    """The same view, at an earlier instant."""
    past = replace(work.monitor, clock=VirtualClock(known_at))
    return PastWork(work.connection, now=known_at, actor=CLOCK, monitor=past)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Which milestones: from a day on and what was still open; as they are, or as they were *known_at* an instant."""

    from_on: date
    known_at: datetime | None
    with_readings: bool = True


def milestones_known(
    work: Work, known: Mapping[str, Agreement], asked: Standing
) -> Iterator[tuple[Agreement, list[Known]]]:
    """For each agreement its milestones, by last safe day."""
    rows = _rows_of(work, list(known))
    if asked.known_at is None:
        for agreement in known.values():
            meant = [row for row in rows[agreement.id] if row.is_live or row.safe_on >= asked.from_on]
            yield agreement, [Known(row, _reading(work, agreement, row, asked)) for row in meant]
        return
    histories = history_of(work, list(known), asked.known_at)
    for agreement in known.values():
        yield agreement, list(_then(work, agreement, rows[agreement.id], histories[agreement.id], asked.from_on))


def _rows_of(work: Work, ids: Sequence[str]) -> dict[str, list[Milestone]]:
    named = milestone_ids(work, ids)
    rows = work.milestones.many(one for each in named.values() for one in each)
    return {holder: [rows[one] for one in each] for holder, each in named.items()}


def _reading(work: Work, agreement: Agreement, row: Milestone, asked: Standing) -> Reading | None:
    if not asked.with_readings:
        return None
    try:
        derived = derived_of(work, agreement, row)
    except LifecycleError:
        return None
    return derived.reading if derived else None


def _then(
    work: Work, agreement: Agreement, rows: Sequence[Milestone], history: Sequence[Recorded], from_on: date
) -> Iterator[Known]:
    """The days that followed from the facts of then, of the milestones that stood in the register."""
    born, gone = _born_and_gone(history)
    there = {row.key: row for row in rows if row.id in born - gone}
    since_on = min([from_on, *(row.safe_on for row in there.values())])
    derived = {one.key: one for one in _derived(work, agreement, since_on)}
    earlier_facts = [row for row in there.values() if _follows_no_more(row, derived.get(row.key), history)]
    derived |= {row.key: one for row in earlier_facts if (one := held_before(work, agreement, row))}
    for one in sorted(derived.values(), key=lambda each: (each.safe_on, each.key)):
        row = there.get(one.key)
        if row is None:
            continue
        stood = _told(_stood(work, agreement, row, one), history)
        if not stood.is_deadline and stood.safe_on < work.today(agreement):
            stood = replace(stood, state=MilestoneState.PASSED)
        if stood.is_live or stood.safe_on >= from_on:
            yield Known(stood, one.reading)


def _follows_no_more(row: Milestone, derived: Derived | None, history: Sequence[Recorded]) -> bool:
    """Whether what stood in the register followed from earlier facts than those of then.

    What is answered stays when the facts change; only once it is reopened it moves or is withdrawn.
    """
    if derived is None:
        return True
    unanswered = replace(row, state=MilestoneState.OPEN, outcome=None)
    return derived.safe_on != row.safe_on and _told(unanswered, history).outcome is not None


def _derived(work: Work, agreement: Agreement, from_on: date) -> tuple[Derived, ...]:
    horizon = Period(months=work.house.horizon_months)
    today = work.today(agreement)
    try:
        basis = work.planner.basis(agreement)
        return derive(agreement, basis, from_on=min(from_on, today), horizon=horizon, today=today).milestones
    except LifecycleError:
        return ()


def _born_and_gone(history: Sequence[Recorded]) -> tuple[set[str], set[str]]:
    born: set[str] = set()
    gone: set[str] = set()
    for one in history:
        if isinstance(one.event, happened.MilestonesReplanned):
            born.update(one.event.added)
            gone.update(one.event.withdrawn)
            gone.difference_update(one.event.reopened)
    return born, gone


def _stood(work: Work, agreement: Agreement, row: Milestone, derived: Derived) -> Milestone:
    """The milestone as it was born, with the days of then; nothing had become of it yet."""
    playbook, version = work.planner.playbook(agreement, derived.key.kind)
    return born(
        derived, row.id, playbook=playbook.name, version=version, armed_on=row.armed_on, next_step_at=None
    )  # fmt: skip


def _told(row: Milestone, history: Sequence[Recorded]) -> Milestone:
    """*row* when the log had told all that it held by then."""
    for one in history:
        row = _after(row, one)
    return row


def _after(row: Milestone, one: Recorded) -> Milestone:  # noqa: C901, PLR0911 - one table of what became of it
    """*row* when the log had said so."""
    event, by = one.event, one.actor.name
    if getattr(event, "milestone_id", None) != row.id:
        return row
    match event:
        case happened.MilestoneAcknowledged(is_noted=False):
            return replace(row, state=MilestoneState.ACKNOWLEDGED, acknowledged=Answer(by, one.at))
        case happened.MilestoneSnoozed(until_at=until_at):
            snoozed = Answer(by, one.at)
            return replace(row, state=MilestoneState.SNOOZED, snoozed=snoozed, snoozed_until_at=until_at)
        case happened.MilestoneDone(on=on, evidence=evidence):
            return _ended(row, Outcome(kind=MilestoneState.DONE, on=on, by=by, at=one.at, evidence=evidence))
        case happened.MilestoneDecided(choice=choice, is_closing=is_closing, note=note):
            decided = replace(row, decision=Decision(choice=choice, by=by, at=one.at, note=note))
            end = Outcome(kind=MilestoneState.DECIDED, on=one.at.date(), by=by, at=one.at)
            return _ended(decided, end) if is_closing else decided
        case happened.MilestoneWaived(because=because):
            end = Outcome(kind=MilestoneState.WAIVED, on=one.at.date(), by=by, at=one.at, reason=because)
            return _ended(row, end)
        case happened.MilestoneUndone() | happened.MilestoneReopened():
            return replace(row, state=MilestoneState.OPEN, acknowledged=None, snoozed=None, outcome=None)
        case happened.MilestoneAssigned(owner_id=owner_id, backup_id=backup_id):
            return replace(row, owner_id=owner_id, backup_id=backup_id)
        case happened.MilestoneVerified():
            return replace(row, verified=Answer(by, one.at))
        case happened.MilestoneMissed():
            return replace(row, missed_at=one.at)
        case happened.MilestoneMooted():
            return replace(row, state=MilestoneState.MOOTED)
        case _:
            return row


def _ended(row: Milestone, outcome: Outcome) -> Milestone:
    return replace(row, state=outcome.kind, outcome=outcome)
