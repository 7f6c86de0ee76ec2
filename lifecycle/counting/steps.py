"""The steps of a deadline, in the words of a derivation."""

from datetime import date, timedelta
from functools import lru_cache

from lifecycle.counting.derivation import DerivationStep, Source
from lifecycle.days.calendars import SAT_SUN, BusinessCalendar
from lifecycle.days.dates import Counting, Period, Roll
from lifecycle.words import spoken, weekday

NOTICE_BEFORE = "notice-before"  # counted back by subtraction
MONTHS_FIT = "months-fit"  # counted back so that all of it fits
PERIOD_AFTER = "period-after"  # counted on from the day before its first
PERIOD_FROM = "period-from"  # counted on from its first day

_ONE_DAY = timedelta(days=1)
_DAY_WORDS = {
    NOTICE_BEFORE: "the day of notice not counted",
    MONTHS_FIT: "the day of notice not counted",
    PERIOD_AFTER: "the day of the event not counted",
    PERIOD_FROM: "the first day is day 1",
}
_MONTH_WORDS = _DAY_WORDS | {
    NOTICE_BEFORE: "back to the corresponding day",
    MONTHS_FIT: "back to the last day from which all of it fits",
}
_COUNTING_WORDS = {
    Counting.CLEAR: ("clear-day", "clear: the day of notice and the last day are both not counted"),
    Counting.INCLUSIVE: ("first-day-counted", "the first day is day 1"),
}


def count_step(  # noqa: PLR0913 - the facts of the step, each by its name
    rule: str, was_on: date, on: date, *, period: Period, counted: Period, calendar: BusinessCalendar
) -> DerivationStep:
    """A stated *period*, counted as *counted* in the way that *rule* names."""
    inputs, text = _count_words(rule, period, counted)
    if not counted.business_days:
        return DerivationStep(rule, was_on, on, inputs, text, Source.AGREEMENT)
    closed = calendar.closed(min(was_on, on), max(was_on, on))
    return DerivationStep(rule, was_on, on, inputs, text, Source.AGREEMENT, calendar=calendar.provenance, closed=closed)


def counting_step(was_on: date, on: date, counting: Counting, *, unit: str, source: Source) -> DerivationStep:
    """One *unit* (``day``, ``business day``) further, because of the way of counting."""
    rule, words = _COUNTING_WORDS[counting]
    return DerivationStep(rule, was_on, on, (("unit", unit),), f"{words}, one {unit} {_way(was_on, on)}", source)


@lru_cache(maxsize=4096)
def roll_step(was_on: date, on: date, by: Roll, calendar: BusinessCalendar) -> DerivationStep:
    """*was_on* rolled *by*, with the closed days stepped over."""
    inputs = (("by", by.value),)
    if was_on == on:
        text = f"{weekday(on)}, open{_in(calendar)}: no change"
        return DerivationStep("roll", was_on, on, inputs, text, calendar=calendar.provenance)
    closed = calendar.closed(on + _ONE_DAY, was_on) if on < was_on else calendar.closed(was_on, on - _ONE_DAY)
    name, why = weekday(was_on), calendar.why_closed(was_on)
    said = name if why == name else f"{name}, {why}"
    text = f"{said}, closed{_in(calendar)}: {'back' if on < was_on else 'on'} to {weekday(on)}, {spoken(on)}"
    return DerivationStep("roll", was_on, on, inputs, text, calendar=calendar.provenance, closed=closed)


def least_step(was_on: date, on: date, number: int, origin_on: date, calendar: BusinessCalendar) -> DerivationStep:
    """The period, counted from *origin_on*, holds at least *number* business days."""
    text = f"ends no earlier than on business day {number} after {spoken(origin_on)}"
    inputs = (("origin_on", origin_on.isoformat()), ("business_days", str(number)))
    return DerivationStep("least-business-days", was_on, on, inputs, text, calendar=calendar.provenance)


@lru_cache(maxsize=1024)
def _count_words(rule: str, period: Period, counted: Period) -> tuple[tuple[tuple[str, str], ...], str]:
    words = (_MONTH_WORDS if counted.total_months else _DAY_WORDS)[rule]
    if counted == period:
        return (("period", period.code),), f"{period}, {words}"
    inputs = (("period", period.code), ("counted", counted.code))
    return inputs, f"{period}, short: counted as {counted}, {words}"


def _in(calendar: BusinessCalendar) -> str:
    """Where it is open or closed; a weekend is one everywhere."""
    return "" if calendar.code == SAT_SUN.code else f" in {calendar.code}"


def _way(was_on: date, on: date) -> str:
    return "earlier" if on < was_on else "later"
