"""What a notice brings about: when it counts, and the last day in force that follows, the earliest that terms allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from engine.intake.methods import delivery_method
from lifecycle.errors import LifecycleError
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.terms.leaving import end_if_noticed
from lifecycle.terms.leaving_days import SET_DAYS, way_out
from lifecycle.terms.provisions import CountsAs, RenewalKind, Side, Terms
from lifecycle.terms.renewals import term_on
from lifecycle.terms.sending import counts_on
from lifecycle.terms.windows import windows_from
from lifecycle.words import spoken

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.days.calendars import BusinessCalendar
    from lifecycle.terms.provisions import DeliveryMethod, ForConvenience
    from lifecycle.terms.reckoning import Reckoning
    from lifecycle.terms.windows import Window

_SIDES = {"us": Side.OURS, "them": Side.THEIRS}


class NoRightToLeave(LifecycleError):
    """Nothing in the terms lets this side end it by notice."""

    code = "no-right-to-leave"

    def __init__(self, reference: str, by: str) -> None:
        super().__init__(
            f"{reference}: nothing in its terms lets {by} end it by notice.",
            remedy="Amend its terms, or record that it was terminated.",
            command=f"longstop agreement terminate {reference} --last-on DATE",
        )


class NoticeTooEarly(LifecycleError):
    """A notice that counts before the first day on which it may be given, by every reading."""

    code = "notice-too-early"

    def __init__(self, reference: str, counts_on: date, opens_on: date) -> None:
        super().__init__(
            f"{reference}: notice that counts on {spoken(counts_on)} is too early and ends nothing. "
            f"It may be given from {spoken(opens_on)} on.",
            remedy="Give it again from then on; where both sides take it as it is, record that it was terminated.",
            command=f"longstop agreement terminate {reference} --last-on DATE",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What is known of a notice that was sent."""

    sent_on: date
    by: str  # us, them
    method: str = ""
    received_on: date | None = None
    proof: str = ""


class Effect(NamedTuple):
    """The last day in force that a notice leads to, when it counts, and between which days it had to."""

    last_on: date
    counts_on: date
    opens_on: date | None = None
    closes_on: date | None = None
    cycle: str | None = None  # of the deadline that it meets


def effect_of(work: Work, agreement: Agreement, terms: Terms, facts: NoticeFacts) -> Effect:
    """When the notice counts, and the last day in force that it leads to: the earliest that the terms allow."""
    side = _SIDES[facts.by]
    calendar = work.calendar(agreement.calendar)
    by = work.planner.basis(agreement).reckoning(MilestoneKind.NOTICE)
    window, counted_on = _first_window(terms, side, facts, by)
    is_void = window is not None and window.void_before_on is not None and counted_on < window.void_before_on
    found = [_stopped(window, counted_on)] if window is not None and not is_void else []
    for leave in terms.for_convenience:
        if leave.side in {side, Side.EITHER}:
            counted_on = _counted_on(facts, leave.method, calendar, leave.counts_as)
            found.append(_left(terms, leave, counted_on, by))
    if not found and window is not None and window.opens_on is not None:
        raise NoticeTooEarly(agreement.reference, counted_on, window.opens_on)
    if not found:
        raise NoRightToLeave(agreement.reference, facts.by)
    return min(found, key=lambda effect: (effect.last_on, effect.counts_on))


def _first_window(terms: Terms, side: Side, facts: NoticeFacts, by: Reckoning) -> tuple[Window | None, date]:
    """The first window that a notice not to renew does not come too late for, and when the notice counts there."""
    counted_on = facts.sent_on
    if terms.renewal.kind is RenewalKind.AUTOMATIC:
        for window in windows_from(terms, side, terms.effective_on, by):
            notice = window.notice
            method, counts_as = (notice.method, notice.counts_as) if notice else (None, None)
            counted_on = _counted_on(facts, method, by.calendar, counts_as)
            if counted_on <= window.reading.latest_on and window.term.last_on is not None:
                return window, counted_on
    return None, counted_on


def _stopped(window: Window, counted_on: date) -> Effect:
    last_on = window.term.last_on or counted_on
    return Effect(last_on, counted_on, window.opens_on, window.reading.nominal_on, str(window.term.number))


def _left(terms: Terms, leave: ForConvenience, counted_on: date, by: Reckoning) -> Effect:
    """The first end that notice reaches; where it ends on set days, with the deadline of that one."""
    last_on = end_if_noticed(terms, leave, counted_on, by.calendar)
    if leave.ends not in SET_DAYS:
        return Effect(last_on, counted_on, cycle=_cycle_ending(terms, last_on))
    way = way_out(leave, last_on, by)
    return Effect(last_on, counted_on, closes_on=way.reading.nominal_on, cycle=way.cycle)


def _counted_on(
    facts: NoticeFacts, agreed: DeliveryMethod | None, calendar: BusinessCalendar, counts_as: CountsAs | None
) -> date:
    """When it counts: when it arrived, else when it usually does by the way it went, or agreed if that takes longer.

    Where the agreement says that it counts when sent, or so long after that, nobody asks when it arrived.
    """
    is_deemed = counts_as is CountsAs.DEEMED and agreed is not None and agreed.deemed is not None
    if facts.received_on is not None and counts_as is not CountsAs.SENT and not is_deemed:
        return facts.received_on
    ways = [agreed]
    if facts.method:
        went, is_known = delivery_method(facts.method)
        ways = [agreed, went] if is_known else [agreed or went]  # what nobody knows is mostly the number of a parcel
    return max(counts_on(facts.sent_on, way, calendar, counts_as=counts_as) for way in ways)


def _cycle_ending(terms: Terms, last_on: date) -> str | None:
    ending = term_on(terms, last_on)
    return str(ending.number) if ending else None
