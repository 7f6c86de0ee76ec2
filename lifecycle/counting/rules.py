"""Deadlines under a rule set.

The candidates are what the rule set admits; the nominal day is its ordinary reading, off a closed day only where that
law moves it; the safe day is the earliest candidate, moved *back* to a business day; the latest day is the last one
that can be argued: ``safe_on <= nominal_on <= latest_on``.

No law here lets a weekend shorten a period that is counted back: Reg. 1182/71 art. 3(4), BGH III ZR 172/04,
FRCP 6(a)(5). That is why the safe day leads.
"""

from datetime import date, timedelta

from lifecycle.counting.counting_back import Back, candidates_back, flagged
from lifecycle.counting.derivation import DerivationStep, Reading, Source
from lifecycle.counting.rule_sets import (
    BGB,
    CPR_2_8,
    ENGLAND_CONTRACT,
    EU_1182_71,
    FRCP_6A,
    ISDA,
    RULE_SETS,
    US_CONTRACT,
    MonthsBack,
    RuleSet,
    rule_set,
)
from lifecycle.counting.steps import (
    PERIOD_AFTER,
    PERIOD_FROM,
    count_step,
    least_step,
    roll_step,
)
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Counting, MonthEnd, Period, Roll, after, before, last_day, rolled
from lifecycle.errors import CountingError
from lifecycle.words import spoken

__all__ = [
    "BGB",
    "CPR_2_8",
    "ENGLAND_CONTRACT",
    "EU_1182_71",
    "FRCP_6A",
    "ISDA",
    "RULE_SETS",
    "US_CONTRACT",
    "MonthsBack",
    "RuleSet",
    "advance",
    "deadline_after",
    "deadline_before",
    "earliest_after",
    "rule_set",
]

_ONE_DAY = timedelta(days=1)


def deadline_before(  # noqa: PLR0913 - what a notice clause may state, each by its name
    to_on: date,
    period: Period,
    *,
    rules: RuleSet,
    calendar: BusinessCalendar,
    counting: Counting | None = None,
    at_least: bool = False,
    roll: Roll | None = None,
) -> Reading:
    """The deadline *period* before *to_on*, such as the last day in force.

    A stated *counting* admits no other. *roll* beats the rule set's roll of the nominal day. Raises DayOutOfRange, and
    PeriodError for hours.
    """
    counted = rules.counted(period)
    source = Source.AGREEMENT if counting else Source.RULE_SET
    kinds = (counting,) if counting else rules.countings_back(at_least=at_least)
    candidates = candidates_back(to_on, counted, kinds, rules.months_back, calendar)
    back = Back(to_on, period, counted, source, candidates, roll or rules.backward_roll, rules.arguable_roll, calendar)
    return back.reading()


def deadline_after(  # noqa: PLR0913 - what a clause may state, each by its name
    from_on: date,
    period: Period,
    *,
    rules: RuleSet,
    calendar: BusinessCalendar,
    counting: Counting = Counting.PLAIN,
    roll: Roll | None = None,
) -> Reading:
    """The deadline "within *period* after *from_on*"; counted INCLUSIVE, *from_on* is day 1.

    Raises CountingError for clear days, which say the earliest day and no deadline: see ``earliest_after``.
    """
    if counting is Counting.CLEAR:
        raise CountingError(
            f"{period} clear after {spoken(from_on)} says the earliest day, not a deadline.",
            remedy="Ask for the earliest day after, or count plain days.",
        )
    steps = _counted_on(from_on, period, counting, rules, calendar)
    candidate, by = steps[-1].on, roll or rules.forward_roll
    nominal, safe = rolled(candidate, by, calendar), calendar.previous(candidate)
    argued = rolled(candidate, rules.arguable_roll, calendar)
    if nominal != candidate:
        steps.append(roll_step(candidate, nominal, by, calendar))
    inside = safe == candidate or safe > from_on or (safe == from_on and counting is Counting.INCLUSIVE)
    if not inside:
        safe = min(candidate, nominal)
    elif safe != nominal or nominal == candidate:
        steps.append(roll_step(candidate, safe, Roll.PRECEDING, calendar))
    if argued > nominal and argued != candidate:
        steps.append(roll_step(candidate, argued, rules.arguable_roll, calendar))
    days = (safe, nominal, max(candidate, nominal, argued))
    assumptions = () if inside else ("no-business-day-inside",)
    seen_on = from_on if steps[0].calendar else None
    return flagged(days, tuple(steps), calendar, seen_on=seen_on, assumptions=assumptions)


def earliest_after(
    from_on: date, period: Period, *, rules: RuleSet, calendar: BusinessCalendar, counting: Counting = Counting.CLEAR
) -> date:
    """The earliest day that leaves *period* after *from_on*: "28 clear days after". It is not rolled."""
    counted = rules.counted(period)
    if counting is Counting.INCLUSIVE:
        return last_day(from_on, counted, calendar)
    there = after(from_on, counted, calendar=calendar)
    if counting is Counting.PLAIN:
        return there
    return calendar.shift(there, 1) if counted.business_days else there + _ONE_DAY


def advance(  # noqa: PLR0913 - the parameters of the published function
    day: date, n: int, unit: str, *, roll: Roll, end_of_month: bool = False, calendar: BusinessCalendar
) -> date:
    """*n* units after *day* (before, if negative) as ISDA calendars advance: days are business days, the rest rolls.

    With *end_of_month* a start at the end of a month stays there: on its last day if *roll* is NONE, else on its last
    business day.
    """
    period = Period.of(abs(n), unit)
    if period.days:
        return calendar.shift(day, n)
    sticks = MonthEnd.LAST_DAY if roll is Roll.NONE else MonthEnd.LAST_BUSINESS_DAY
    move = before if n < 0 else after
    return move(day, period, month_end=sticks if end_of_month else MonthEnd.CORRESPONDING, calendar=calendar, roll=roll)


def _counted_on(
    from_on: date, period: Period, counting: Counting, rules: RuleSet, calendar: BusinessCalendar
) -> list[DerivationStep]:
    counted = rules.counted(period)
    if counting is Counting.INCLUSIVE:
        rule, candidate, origin = PERIOD_FROM, last_day(from_on, counted, calendar), from_on - _ONE_DAY
    else:
        rule, candidate, origin = PERIOD_AFTER, after(from_on, counted, calendar=calendar), from_on
    steps = [count_step(rule, from_on, candidate, period=period, counted=counted, calendar=calendar)]
    if rules.least_business_days and not (counted.is_zero or counted == Period(days=1)):
        least = calendar.shift(origin, rules.least_business_days)
        if least > candidate:
            steps.append(least_step(candidate, least, rules.least_business_days, origin, calendar))
    return steps
