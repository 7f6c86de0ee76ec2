"""Which playbook a milestone has, in which frame its ladder stands, and by what it is derived.

One ``Planner`` serves a transaction: what it found out for one agreement holds for the next with the same facts.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import proxy

from engine.zones import zone
from lifecycle.counting.rules import rule_set
from lifecycle.milestones.deriving import derive_one
from lifecycle.milestones.milestone import Cursor, MilestoneKind
from lifecycle.milestones.of_terms import Basis
from lifecycle.playbooks.frame import Frame
from lifecycle.playbooks.ladder import steps
from lifecycle.playbooks.matching import MatchFacts, choose
from lifecycle.terms.reckoning import buffered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, time, tzinfo

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.days.calendars import BusinessCalendar
    from lifecycle.days.dates import Period
    from lifecycle.milestones.milestone import Derived, Milestone
    from lifecycle.playbooks.ladder import PlannedStep
    from lifecycle.playbooks.playbook import Playbook

_ASSUMPTIONS = {"rules": "rule-set-assumed", "calendar": "weekends-assumed", "effective_on": "effective-assumed"}
_FAR = timedelta(days=400)
_ONE_DAY = timedelta(days=1)
#: What outlives an agreement is counted from the end of the term that runs today.
_COUNTED_FROM_NOW = frozenset({MilestoneKind.SURVIVAL_END, MilestoneKind.RESTRICTION_END})


class Planner:
    """Playbooks chosen and frames made, each once."""

    def __init__(self, work: Work, playbooks: Mapping[tuple[str, int], Playbook]) -> None:
        """Choose among *playbooks*, by name and version."""
        self._work: Work = proxy(work)  # which keeps the planner: all of a transaction is gone as it ends
        self._playbooks = playbooks
        self._chosen: dict[tuple[Any, ...], tuple[Playbook, int]] = {}
        self._agreement: Agreement | None = None  # the one that was asked about last, and what was chosen for it
        self._here: dict[MilestoneKind, tuple[Playbook, int]] = {}
        self._frames: dict[tuple[tuple[str, int], str, str], Frame] = {}
        self._newest = {playbook.name: (playbook, version) for (_, version), playbook in playbooks.items()}
        self._books = [playbook for playbook, _ in self._newest.values()]
        self._bounds = [bound for playbook in self._books if (bound := playbook.match.value) is not None]

    def playbook(self, agreement: Agreement, kind: MilestoneKind) -> tuple[Playbook, int]:
        """The playbook for a kind of milestone of an agreement, and its version."""
        if agreement is not self._agreement:
            self._agreement, self._here = agreement, {}
        if kind not in self._here:
            self._here[kind] = self._matching(agreement, kind)
        return self._here[kind]

    def _matching(self, agreement: Agreement, kind: MilestoneKind) -> tuple[Playbook, int]:
        within = tuple([bound.holds(agreement.value) for bound in self._bounds])  # values are as many as agreements
        asked = (kind, agreement.kind, agreement.tags, agreement.calendar, agreement.team, within)
        if asked not in self._chosen:
            facts = MatchFacts(
                kind=agreement.kind.value,
                milestone=kind,
                tags=frozenset(agreement.tags),
                jurisdiction=agreement.calendar,
                team=agreement.team,
                value=agreement.value,
            )
            self._chosen[asked] = self._newest[choose(self._books, facts).name]
        return self._chosen[asked]

    def frame(self, agreement: Agreement, milestone: Milestone) -> Frame:
        """What the ladder of a milestone stands in; its own version of the playbook."""
        return self.frame_of(agreement, (milestone.playbook, milestone.playbook_version))

    def frame_of(self, agreement: Agreement, named: tuple[str, int]) -> Frame:
        """What ladders of an agreement stand in by one playbook, *named* by name and version."""
        key = (named, agreement.calendar, agreement.time_zone)
        found = self._frames.get(key)
        if found is None:
            playbook = self._playbooks.get(named) or self._work.playbook(*named)
            calendar = self._work.calendar(agreement.calendar)
            found = _frame(playbook, calendar, zone(agreement.time_zone), self._work.house.send_at)
            self._frames[key] = found
        return found

    def ahead(self, agreement: Agreement, milestone: Milestone, after: Cursor | None) -> Iterator[PlannedStep]:
        """The steps of a milestone's ladder that follow *after*, endless for a deadline."""
        return steps(milestone, self.frame(agreement, milestone), after=after)

    def step_at(self, agreement: Agreement, milestone: Milestone, place: str) -> PlannedStep | None:
        """The step of a ladder that a message names; None where the ladder no longer has it."""
        stage, number, repeat = place.rsplit(".", 2)
        wanted = Cursor(stage, int(number), int(repeat))
        before = wanted._replace(repeat=wanted.repeat - 1)
        step = next(steps(milestone, self.frame(agreement, milestone), after=before), None)
        return step if step is not None and step.cursor == wanted else None

    def basis(self, agreement: Agreement) -> Basis:
        """By what the milestones of an agreement are derived."""
        return Basis(
            rules=rule_set(agreement.rules),
            calendar=self._work.calendar(agreement.calendar),
            buffer=self._buffer(agreement),
            assumptions=tuple(_ASSUMPTIONS[name] for name in agreement.assumed if name in _ASSUMPTIONS),
        )

    def target(self, agreement: Agreement, milestone: Milestone) -> date:
        """The last safe day less the buffer, as it is derived."""
        return buffered(milestone.safe_on, self.basis(agreement).reckoning(milestone.key.kind))

    def explained(self, agreement: Agreement, milestone: Milestone) -> Derived | None:
        """The derivation of a milestone as it holds now, with its steps; None if the facts no longer hold it."""
        from_on = min(milestone.safe_on, milestone.over_on or milestone.safe_on)
        if milestone.key.kind is MilestoneKind.RENEWAL:
            from_on -= _ONE_DAY  # it is of the term that ends, and falls on the first day of the next
        if milestone.key.kind in _COUNTED_FROM_NOW:
            from_on = min(from_on, self._work.today(agreement))
        return derive_one(
            agreement, milestone.key, self.basis(agreement), from_on=from_on, until_on=milestone.latest_on + _FAR
        )

    def _buffer(self, agreement: Agreement) -> Callable[[MilestoneKind], Period]:
        return lambda kind: self.playbook(agreement, kind)[0].buffer


@lru_cache(maxsize=64)
def _frame(playbook: Playbook, calendar: BusinessCalendar, zone: tzinfo, send_at: time) -> Frame:
    """One frame for many transactions: what was found out of it is found once."""
    return Frame(playbook, calendar, zone, send_at)


def forget_frames() -> None:
    """Find anew what frames have found: a process that has derived much has much of it."""
    _frame.cache_clear()
