"""Leaving: when the agreement ends if notice is given now, and by when to give it for an end that is wanted.

Leaving for convenience runs forward from the day on which the notice counts and then on to a day on which it may take
effect. Its inverse counts back from the wanted day as every notice does.
"""

from datetime import date
from typing import ClassVar, assert_never

from lifecycle.counting.derivation import DerivationStep, Reading, Source
from lifecycle.counting.rules import RuleSet
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Period, after, half_year_end, month_end, quarter_end, year_end
from lifecycle.errors import LifecycleError
from lifecycle.terms.course import course
from lifecycle.terms.provisions import EndsAt, ForConvenience, RenewalKind, Side, Terms
from lifecycle.terms.reckoning import Reckoning, counted_back
from lifecycle.terms.renewals import initial_end, last_number, last_term, number_on, term_on
from lifecycle.terms.sending import counts_on as counting_day
from lifecycle.terms.windows import windows_from
from lifecycle.words import spoken


class EndNotPossible(LifecycleError):
    """A wanted last day that the right to leave does not reach."""

    code: ClassVar[str] = "end-not-possible"

    def __init__(self, wanted_on: date, earliest_on: date) -> None:
        super().__init__(
            f"It cannot end by {spoken(wanted_on)}.",
            remedy=f"The first day on which it may end is {spoken(earliest_on)}.",
        )


def end_if_noticed(
    terms: Terms, leave: ForConvenience, counts_on: date, calendar: BusinessCalendar | None = None
) -> date:
    """The last day in force if a notice under *leave* counts on *counts_on*.

    Raises CalendarRequired for notice in business days without a *calendar*.
    """
    return next_end(terms, leave, _earliest(leave, counts_on, calendar))


def deadline_for_end(  # noqa: PLR0913 - a day and a reckoning, each part by its name
    terms: Terms,
    leave: ForConvenience,
    last_on: date,
    *,
    rules: RuleSet,
    calendar: BusinessCalendar,
    buffer: Period | None = None,
) -> Reading:
    """By when to give notice so that the agreement ends on *last_on* at the latest.

    Where it may end on some days only, the last of them up to *last_on* counts. Raises EndNotPossible where none is.
    """
    by = Reckoning(rules=rules, calendar=calendar, buffer=buffer or Period())
    end_on = _end_before(terms, leave, last_on)
    inputs = (("wanted", last_on.isoformat()), ("ends", leave.ends.value))
    text = "the day wanted" if end_on == last_on else f"the last {END_WORDS[leave.ends]} up to {spoken(last_on)}"
    step = DerivationStep("wanted-end", last_on, end_on, inputs, text, Source.AGREEMENT, leave.clause)
    return counted_back(leave, [(end_on, lambda: step)], by)[0]


def earliest_end(  # noqa: PLR0913 - a day and a reckoning, each part by its name
    terms: Terms,
    side: Side,
    today: date,
    *,
    rules: RuleSet,
    calendar: BusinessCalendar,
    buffer: Period | None = None,
) -> date | None:
    """The earliest last day that *side* can still bring about if it sends notice today; None if it cannot."""
    if terms.ended is not None:
        return terms.ended.last_on
    by = Reckoning(rules=rules, calendar=calendar, buffer=buffer or Period())
    ends = [end for end in (_at_a_term(terms, side, today, by), *_by_leaving(terms, side, today, calendar)) if end]
    return min(ends, default=None)


END_WORDS = {
    EndsAt.ANY_DAY: "day",
    EndsAt.MONTH_END: "end of a month",
    EndsAt.QUARTER_END: "end of a quarter",
    EndsAt.HALF_YEAR_END: "end of a half-year",
    EndsAt.YEAR_END: "end of a year",
    EndsAt.TERM_END: "end of a term",
}


def _earliest(leave: ForConvenience, counts_on: date, calendar: BusinessCalendar | None) -> date:
    noticed_on = after(counts_on, leave.period, calendar=calendar)
    return max(noticed_on, leave.not_before_on) if leave.not_before_on else noticed_on


def next_end(terms: Terms, leave: ForConvenience, day: date) -> date:
    """The first day from *day* on which leaving may take effect; where no term has an end, every day is one."""
    match leave.ends:
        case EndsAt.ANY_DAY:
            return day
        case EndsAt.MONTH_END:
            return month_end(day)
        case EndsAt.QUARTER_END:
            return quarter_end(day)
        case EndsAt.HALF_YEAR_END:
            return half_year_end(day)
        case EndsAt.YEAR_END:
            return year_end(day)
        case EndsAt.TERM_END:
            running = term_on(terms, max(day, terms.effective_on))
            return (running.last_on if running else None) or day
        case _:
            assert_never(leave.ends)


def _end_before(terms: Terms, leave: ForConvenience, wanted_on: date) -> date:
    """The last day up to *wanted_on* on which leaving may take effect."""
    end_on = next_end(terms, leave, wanted_on)
    if end_on > wanted_on:
        end_on = _end_before_that(terms, leave, wanted_on)
    first_on = next_end(terms, leave, max(leave.not_before_on or terms.effective_on, terms.effective_on))
    if end_on < first_on:
        raise EndNotPossible(wanted_on, first_on)
    return end_on


def _end_before_that(terms: Terms, leave: ForConvenience, wanted_on: date) -> date:
    """The end of the month, quarter, year or term before the one that holds *wanted_on*."""
    if leave.ends is EndsAt.TERM_END:
        number = number_on(terms, wanted_on, last_number(terms))
        return course(terms).last_on(number - 1) if number else date.min
    months = {EndsAt.QUARTER_END: 3, EndsAt.HALF_YEAR_END: 6, EndsAt.YEAR_END: 12}.get(leave.ends, 1)
    start = wanted_on.replace(day=1, month=(wanted_on.month - 1) // months * months + 1)
    return date.fromordinal(start.toordinal() - 1)


def _at_a_term(terms: Terms, side: Side, today: date, by: Reckoning) -> date | None:
    """The last day of the first term whose renewal *side* can still stop, or that is followed by none."""
    if initial_end(terms).last_on is None:
        return None
    if terms.renewal.kind is not RenewalKind.AUTOMATIC:
        running = term_on(terms, today) or last_term(terms)
        return running.last_on if running else None
    window = next(windows_from(terms, side, today, by), None)
    return window.term.last_on if window else _last_on(terms)


def _last_on(terms: Terms) -> date | None:
    last = last_term(terms)
    return last.last_on if last else None


def _by_leaving(terms: Terms, side: Side, today: date, calendar: BusinessCalendar) -> list[date]:
    """The ends that notice for convenience leads to, sent on the first business day from today on."""
    ends = []
    for leave in terms.for_convenience:
        if leave.side in {side, Side.EITHER}:
            sent_on = calendar.next(today)
            counted_on = counting_day(sent_on, leave.method, calendar, counts_as=leave.counts_as)
            ends.append(next_end(terms, leave, _earliest(leave, counted_on, calendar)))
    return ends
