"""Takes a derivation step again from its rule, its inputs and the day before: written apart from the rules."""

from datetime import date, timedelta

from lifecycle.counting.derivation import DerivationStep
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Period, Roll, after, before, last_day, latest_start, rolled


def replayed(step: DerivationStep, calendar: BusinessCalendar) -> date:
    """The day that *step* leads to; raises KeyError where the rule is unknown or the inputs are not enough."""
    return RULES[step.rule](step.was_on, dict(step.inputs), calendar)


def period(facts):
    return Period.from_code(facts.get("counted") or facts["period"])


def one(day, facts, calendar, way):
    return calendar.shift(day, way) if facts["unit"] == "business day" else day + way * timedelta(days=1)


RULES = {
    "notice-before": lambda day, facts, calendar: before(day, period(facts), calendar=calendar),
    "months-fit": lambda day, facts, calendar: latest_start(day, period(facts), calendar),
    "period-after": lambda day, facts, calendar: after(day, period(facts), calendar=calendar),
    "period-from": lambda day, facts, calendar: last_day(day, period(facts), calendar),
    "roll": lambda day, facts, calendar: rolled(day, Roll(facts["by"]), calendar),
    "clear-day": lambda day, facts, calendar: one(day, facts, calendar, -1),
    "first-day-counted": lambda day, facts, calendar: one(day, facts, calendar, 1),
    "earliest": lambda _day, facts, _calendar: min(date.fromisoformat(text) for text in facts["of"].split()),
    "least-business-days": lambda _day, facts, calendar: calendar.shift(
        date.fromisoformat(facts["origin_on"]), int(facts["business_days"])
    ),
}
