"""The milestones that follow from an agreement's terms, term by term.

A term is told by its windows (ours is a deadline, theirs a marker), by what happens at its end, and by the day on which
leaving must begin. Series are lazy: the caller says how far it wants to look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lifecycle.agreements.agreement import Agreement, exit_length, is_leaving
from lifecycle.counting.derivation import Reading
from lifecycle.counting.rules import RuleSet
from lifecycle.counting.steps import roll_step
from lifecycle.counting.told import Told
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Period, Roll
from lifecycle.exits.start_by import exit_start
from lifecycle.milestones.milestone import Derived, MilestoneKey, MilestoneKind
from lifecycle.terms.course import course
from lifecycle.terms.provisions import Side, Terms
from lifecycle.terms.reckoning import Reckoning, targeted
from lifecycle.terms.renewals import Term, count, last_number, term_on
from lifecycle.terms.renewals import term as numbered
from lifecycle.terms.term_readings import end_reading, settled_end
from lifecycle.terms.windows import ACTS, Act, Window, opening_steps, windows_in

_ONE_DAY: Final = timedelta(days=1)
_KINDS: Final = {
    Act.NOT_RENEW: MilestoneKind.NOTICE,
    Act.RENEW: MilestoneKind.OPTION,
    Act.SIGN: MilestoneKind.RENEWAL_AGREEMENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """By what milestones are derived, beside the facts: rules, business days, and the playbook's buffer of a kind."""

    rules: RuleSet
    calendar: BusinessCalendar
    buffer: Callable[[MilestoneKind], Period]
    assumptions: tuple[str, ...] = ()

    def reckoning(self, kind: MilestoneKind) -> Reckoning:
        """The same for one kind of deadline."""
        return Reckoning(
            rules=self.rules, calendar=self.calendar, buffer=self.buffer(kind), assumptions=self.assumptions
        )


def of_terms(agreement: Agreement, terms: Terms, basis: Basis, *, from_on: date) -> Iterator[list[Derived]]:
    """The milestones of each term from the one that runs on *from_on*, a list per term, for ever if it renews so."""
    bound = course(terms).bound
    if bound.last_on is None and terms.ended is not None:
        yield _left(agreement, terms, basis)
        return
    if bound.last_on is None and bound.not_before_on is not None:
        yield [_confirm_end(agreement, terms, basis, bound.not_before_on)]
        return
    running = term_on(terms, max(from_on, terms.effective_on))
    if bound.last_on is None or running is None:
        return
    last, by = last_number(terms), basis.reckoning(_kind_of_windows(terms))
    for term in count(terms, running.number):
        windows = () if terms.ended else windows_in(terms, term, by)
        group = [one for window in windows for one in _window(agreement, terms, window)]
        group += _exit_start(agreement, term, basis, windows)
        group.append(_at_the_end(agreement, terms, term, is_last=term.number == last))
        yield group


def _left(agreement: Agreement, terms: Terms, basis: Basis) -> list[Derived]:
    """What follows where no last day was agreed, or not yet known, and somebody has ended it."""
    only = numbered(terms, 0)
    return [*_exit_start(agreement, only, basis, ()), _at_the_end(agreement, terms, only, is_last=True)]


def _kind_of_windows(terms: Terms) -> MilestoneKind:
    return _KINDS[ACTS.get(terms.renewal.kind, Act.NOT_RENEW)]


def _at_the_end(agreement: Agreement, terms: Terms, term: Term, *, is_last: bool) -> Derived:
    reading = end_reading(terms, term.number) if terms.ended is None else settled_end(terms, term)
    if is_last:
        return _marker(agreement, "term", MilestoneKind.TERM_END, str(term.number), reading)
    return _renewal(agreement, terms, term, reading)


def _window(agreement: Agreement, terms: Terms, window: Window) -> Iterator[Derived]:
    kind, cycle, is_ours = _KINDS[window.act], str(window.term.number), window.side is not Side.THEIRS
    if window.opens_on is not None and is_ours:
        told = Told(lambda: (*window.reading.steps[:1], *opening_steps(window)))
        opens = Reading(window.opens_on, window.opens_on, window.opens_on, told)
        yield _marker(agreement, window.subject, MilestoneKind.NOTICE_OPENS, cycle, opens)
    yield Derived(
        key=MilestoneKey(agreement.id, window.subject, kind, cycle),
        is_deadline=is_ours,
        reading=window.reading,
        target_on=window.target_on if is_ours else window.reading.safe_on,
        side=window.side.value,
        opens_on=window.opens_on,
        cutoff=window.cutoff,
        then=course(terms).renewal,
        then_on=window.term.expires_on,
        over_on=window.term.last_on,
        clause=window.clause,
    )


def _exit_start(
    agreement: Agreement, term: Term, basis: Basis, windows: tuple[Window, ...]
) -> Iterator[Derived]:  # fmt: skip
    length = exit_length(agreement)
    if term.last_on is None or length is None or is_leaving(agreement):
        return
    ours = [window.reading for window in windows if window.side is not Side.THEIRS]
    notice = min(ours, key=lambda reading: reading.safe_on) if ours else None
    start = exit_start(term.last_on, length, notice=notice, calendar=basis.calendar)
    reading, target_on = targeted(start.reading, basis.reckoning(MilestoneKind.EXIT_START))
    yield Derived(
        key=MilestoneKey(agreement.id, "exit", MilestoneKind.EXIT_START, str(term.number)),
        is_deadline=True,
        reading=reading,
        target_on=target_on,
        then=length,
        then_on=term.expires_on,
        over_on=term.last_on,
    )


def _confirm_end(agreement: Agreement, terms: Terms, basis: Basis, not_before_on: date) -> Derived:
    """The end hangs on a fact: by the earliest day on which it may have come, somebody has to look."""
    uncertain = end_reading(terms, 0)
    on = basis.calendar.previous(not_before_on)
    steps = (*uncertain.steps, roll_step(not_before_on, on, Roll.PRECEDING, basis.calendar))
    reading = Reading(on, not_before_on, not_before_on, steps, uncertain.assumptions, basis.calendar.provenance)
    reading, target_on = targeted(reading, basis.reckoning(MilestoneKind.CONFIRM_END))
    key = MilestoneKey(agreement.id, "term", MilestoneKind.CONFIRM_END, "0")
    name = " and ".join(course(terms).bound.waiting_for)
    return Derived(key=key, is_deadline=True, reading=reading, target_on=target_on, name=name)


def _renewal(agreement: Agreement, terms: Terms, term: Term, reading: Reading) -> Derived:
    """The day on which the next term begins by itself."""
    on, nominal_on, latest_on = (day + _ONE_DAY for day in (reading.safe_on, reading.nominal_on, reading.latest_on))
    begins = Reading(on, nominal_on, latest_on, reading.steps, reading.assumptions)
    key = MilestoneKey(agreement.id, "term", MilestoneKind.RENEWAL, str(term.number + 1))
    then = course(terms).renewal
    return Derived(key=key, is_deadline=False, reading=begins, target_on=on, then=then, then_on=term.expires_on)


def _marker(agreement: Agreement, subject: str, kind: MilestoneKind, cycle: str, reading: Reading) -> Derived:
    key = MilestoneKey(agreement.id, subject, kind, cycle)
    return Derived(key=key, is_deadline=False, reading=reading, target_on=reading.safe_on)
