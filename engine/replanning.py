"""Deriving an agreement's milestones anew and making the rows say the same.

1. Derive from the facts, from the oldest day that is still owed up to the horizon.
2. Compare with the rows, key by key (``lifecycle.milestones.reconciling``).
3. Insert, move, hold back, withdraw, reopen; each row that changed gets its cursor by the ladder.
4. Withdraw what is on its way about days that no longer hold.
5. Record what changed, and when time next changes the agreement.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from engine.looking import first_instant, looked_at
from engine.next_passage import schedule
from engine.zones import midnight
from lifecycle.days.dates import Period
from lifecycle.delivery import DAY_GONE
from lifecycle.events import MilestonesReplanned
from lifecycle.milestones.deriving import derive
from lifecycle.milestones.milestone import MilestoneState, Proposed
from lifecycle.milestones.reconciling import Cause, Pair, Reconciled, born, reconcile, refreshed
from lifecycle.playbooks.ladder import SOON

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Derived, Milestone


def replan(work: Work, agreement: Agreement, *, because: str, cause: Cause = Cause.FACTS, is_new: bool = False) -> None:
    """See the module. *because* is written into the log.

    Raises LifecycleError where the facts are impossible; nothing of it is kept then.
    """
    today = work.today(agreement)
    rows = [] if is_new else work.milestones.of(agreement.id)
    from_on = min([today, *(row.safe_on for row in rows if row.is_live)])
    horizon = Period(months=work.house.horizon_months)
    derivation = derive(agreement, work.planner.basis(agreement), from_on=from_on, horizon=horizon, today=today)
    change = reconcile(rows, derivation.milestones, today=today, cause=cause)
    applied = _Applied(work, agreement, today)
    if is_new and work.only_counts:
        applied.count_unborn(derivation.milestones)
        return
    applied.apply(change)
    applied.count()
    applied.record(because)
    live = applied.live_after(rows)
    schedule(work, agreement, live, today, derivation.extend_on)


class _Applied:
    """The rows of one agreement while they are being changed."""

    def __init__(self, work: Work, agreement: Agreement, today: date) -> None:
        self._work, self._agreement, self._today = work, agreement, today
        self.added: list[Milestone] = []
        self.changed: dict[str, Milestone] = {}
        self.moved: list[tuple[Milestone, Milestone]] = []
        self.withdrawn: list[Milestone] = []
        self.reopened: list[Milestone] = []

    def apply(self, change: Reconciled) -> None:
        self.added = [self._born(derived) for derived in change.added]
        for pair in change.moved:
            self.moved.append((pair.row, self._keep(self._moved(pair))))
        for pair in change.refreshed:
            self._keep(self._refreshed(pair))
        for pair in change.proposed:
            self._keep(self._proposed(pair))
        for pair in change.reopened:
            self.reopened.append(self._keep(self._reopened(pair)))
        for row in change.withdrawn:
            self.withdrawn.append(self._keep(ended(row, MilestoneState.WITHDRAWN)))
        self._work.milestones.add(self.added)
        self._work.milestones.save(list(self.changed.values()))
        for row in [*self.withdrawn, *(old for old, _ in self.moved)]:
            self._work.deliveries.cancel_of_milestone(row.id, DAY_GONE)

    def count(self) -> None:
        """For reports and trials: what this did, and which messages are due today."""
        live = (*self.added, *(row for row in self.changed.values() if row.is_live))
        self._count(self.added, [row.next_step_at for row in live])

    def count_unborn(self, new: Sequence[Derived]) -> None:
        """As ``count``, where all is new and nothing is to be kept."""
        self._count(new, [self._first(derived)[-1] for derived in new])

    def _count(self, new: Sequence[Milestone | Derived], told: Iterable[datetime | None]) -> None:
        tomorrow_at = midnight(self._today + timedelta(days=1), self._agreement.time_zone)
        tally = self._work.tally
        tally["new"] += len(new)
        tally["moved"] += len(self.moved)
        tally["withdrawn"] += len(self.withdrawn)
        tally["past"] += sum(1 for one in new if one.is_deadline and one.safe_on < self._today)
        tally["messages_today"] += sum(1 for at in told if at is not None and at < tomorrow_at)

    def record(self, because: str) -> None:
        if not (self.added or self.moved or self.withdrawn or self.reopened):
            return
        self._work.record(
            MilestonesReplanned(
                agreement_id=self._agreement.id,
                added=tuple(one.id for one in self.added),
                moved=tuple((new.id, old.safe_on, new.safe_on) for old, new in self.moved),
                withdrawn=tuple(one.id for one in self.withdrawn),
                reopened=tuple(one.id for one in self.reopened),
                because=because,
            )
        )

    def live_after(self, rows: Iterable[Milestone]) -> list[Milestone]:
        now = [self.changed.get(row.id, row) for row in rows]
        return [row for row in (*now, *self.added) if row.is_live]

    def _keep(self, row: Milestone) -> Milestone:
        self.changed[row.id] = row
        return row

    def _born(self, derived: Derived) -> Milestone:
        playbook, version, armed_on, at = self._first(derived)
        row_id = self._work.new_id()
        return born(derived, row_id, playbook=playbook, version=version, armed_on=armed_on, next_step_at=at)

    def _first(self, derived: Derived) -> tuple[str, int, date, datetime | None]:
        """By which playbook a milestone is followed, from which day on, and when it is looked at first."""
        planner, agreement = self._work.planner, self._agreement
        playbook, version = planner.playbook(agreement, derived.key.kind)
        frame = planner.frame_of(agreement, (playbook.name, version))
        armed_on = self._armed_on(derived.reading.safe_on)
        return playbook.name, version, armed_on, first_instant(self._work, derived, frame, armed_on)

    def _armed_on(self, safe_on: date) -> date:
        """Today; after the quiet days that an import asked for, so that nobody is escalated to before they end.

        What is overdue or soon due does not wait for them.
        """
        quiet_until_on = self._agreement.quiet_until_on
        if quiet_until_on is None or safe_on - self._today <= SOON:
            return self._today
        return max(self._today, quiet_until_on)

    def _moved(self, pair: Pair) -> Milestone:
        return replace(self._reopened(pair), verified=None)

    def _refreshed(self, pair: Pair) -> Milestone:
        row = refreshed(pair)
        if row.state is not MilestoneState.OPEN:
            return row
        return looked_at(self._work, self._agreement, row)

    def _proposed(self, pair: Pair) -> Milestone:
        reading = pair.derived.reading
        proposed = Proposed(
            safe_on=reading.safe_on,
            target_on=pair.derived.target_on,
            nominal_on=reading.nominal_on,
            latest_on=reading.latest_on,
            because=f"the business days of {self._agreement.calendar} changed",
        )
        return replace(pair.row, proposed=proposed)

    def _reopened(self, pair: Pair) -> Milestone:
        row = begun_anew(refreshed(pair), self._armed_on(pair.derived.safe_on))
        return looked_at(self._work, self._agreement, replace(row, missed_at=None))


def ended(row: Milestone, state: MilestoneState) -> Milestone:
    """A row to which nothing more happens: no instant, nothing quiet; what readers were told no longer holds."""
    return replace(
        row, state=state, revision=row.revision + 1, generation=row.generation + 1, next_step_at=None,
        acknowledged_until_at=None, snoozed_until_at=None, snooze_limit_at=None, proposed=None,
    )  # fmt: skip


def begun_anew(row: Milestone, armed_on: date) -> Milestone:
    """What readers were told no longer holds: it is open, quiet falls, the ladder begins anew by late birth (L5)."""
    return replace(
        row, state=MilestoneState.OPEN, revision=row.revision + 1, generation=row.generation + 1, armed_on=armed_on,
        cursor=None, is_final=False, outcome=None, acknowledged=None, acknowledged_until_at=None,
        snoozed_until_at=None, snooze_limit_at=None, proposed=None,
    )  # fmt: skip
