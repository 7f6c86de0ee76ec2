"""Days after and before days: months, weeks, days and business days on the civil calendar.

Years and months are one addition that clips to the end of a month, then weeks and days, then business days, in both
directions. So months are never chained (31 Jan + 1 month + 1 month is 28 Mar) and going back is no inverse of going
forward: ``before`` subtracts, ``latest_start`` fits. Days outside 1900 to 2200 raise DayOutOfRange.
"""

from calendar import isleap
from datetime import date, timedelta

from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.instants import cutoff_at, elapsed
from lifecycle.days.period_text import parse_period
from lifecycle.days.periods import MONTHS_A_YEAR, Counting, Period, StatedPeriod
from lifecycle.days.rolls import MonthEnd, Roll, rolled
from lifecycle.days.years import FIRST_DAY, LAST_DAY, must_be_within
from lifecycle.errors import FIRST_YEAR, LAST_YEAR, CalendarRequired, DayOutOfRange, PeriodError

__all__ = [
    "Counting",
    "MonthEnd",
    "Period",
    "Roll",
    "StatedPeriod",
    "after",
    "before",
    "cutoff_at",
    "elapsed",
    "half_year_end",
    "last_day",
    "latest_start",
    "month_end",
    "parse_day",
    "parse_period",
    "quarter_end",
    "rolled",
    "year_end",
]

_ONE_DAY = timedelta(days=1)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FIRST, _LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()


def parse_day(text: str) -> date:
    """A day as it is written, ``2026-12-31``. Raises ValueError for what is no day, and DayOutOfRange."""
    on = date.fromisoformat(text)
    must_be_within(on)
    return on


def after(
    from_on: date,
    period: Period,
    *,
    month_end: MonthEnd = MonthEnd.CORRESPONDING,
    calendar: BusinessCalendar | None = None,
    roll: Roll = Roll.NONE,
) -> date:
    """The day *period* after *from_on*, which is not counted itself; then rolled.

    Raises CalendarRequired for business days, LAST_BUSINESS_DAY or a roll without a calendar, PeriodError for hours.
    """
    return _moved(from_on, period, 1, month_end, calendar, roll)


def before(
    to_on: date,
    period: Period,
    *,
    month_end: MonthEnd = MonthEnd.CORRESPONDING,
    calendar: BusinessCalendar | None = None,
    roll: Roll = Roll.NONE,
) -> date:
    """The day *period* before *to_on* by subtraction; raises as ``after`` does. See also ``latest_start``."""
    return _moved(to_on, period, -1, month_end, calendar, roll)


def last_day(first_on: date, period: Period, calendar: BusinessCalendar | None = None) -> date:
    """The last day of a period of which *first_on* is the first day.

    It is the day before the corresponding day; where that does not exist, the month's last day itself (BGB s. 188(3)).
    """
    _refuse_hours(period)
    end = first_on - _ONE_DAY
    if months := period.total_months:
        there = _months_away(first_on, months)
        end = there - _ONE_DAY if there.day == first_on.day else there
    return _with_days(end, period, 1, calendar)


def latest_start(last_on: date, period: Period, calendar: BusinessCalendar | None = None) -> date:
    """The latest day from which *period* fits: the latest d with ``after(d, period) <= last_on``."""
    _refuse_hours(period)
    end = last_on
    if number := period.business_days:
        end = _calendar(calendar, period).shift(end + _ONE_DAY, -number) - _ONE_DAY
    end = _days_away(end, -period.total_days)
    if months := period.total_months:
        there = _months_away(end, -months)
        end = month_end(there) if end == month_end(end) else there
    return end


def month_end(day: date) -> date:
    """The last day of the month of *day*."""
    return date(day.year, day.month, _length(day.year, day.month))


def quarter_end(day: date) -> date:
    """The last day of the calendar quarter of *day*."""
    return month_end(day.replace(day=1, month=(day.month + 2) // 3 * 3))


def half_year_end(day: date) -> date:
    """30 June or 31 December, whichever comes first from *day*."""
    return month_end(day.replace(day=1, month=6 if day.month <= 6 else 12))


def year_end(day: date) -> date:
    """31 December of the year of *day*."""
    return date(day.year, 12, 31)


def _moved(  # noqa: PLR0913, PLR0917 - the one engine behind two functions that have its parameters by name
    day: date, period: Period, sign: int, ends: MonthEnd, calendar: BusinessCalendar | None, roll: Roll
) -> date:
    _refuse_hours(period)
    there = day
    if months := period.total_months:
        there = _months_away(day, sign * months)
        if ends is not MonthEnd.CORRESPONDING:
            there = _stuck(day, there, ends, calendar)
    there = _with_days(there, period, sign, calendar)
    return there if roll is Roll.NONE else rolled(there, roll, calendar)


def _with_days(day: date, period: Period, sign: int, calendar: BusinessCalendar | None) -> date:
    days = period.total_days
    there = _days_away(day, sign * days) if days else day
    if number := period.business_days:
        return _calendar(calendar, period).shift(there, sign * number)
    return there


def _months_away(day: date, months: int) -> date:
    """The corresponding day, clipped to the last day of a shorter month; it never spills over."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DayOutOfRange(f"{months:+} months from {day.isoformat()}")
    if day.day <= 28:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, _length(year, month + 1)))


def _length(year: int, month: int) -> int:
    return 29 if month == 2 and isleap(year) else _LENGTHS[month - 1]


def _days_away(day: date, days: int) -> date:
    ordinal = day.toordinal() + days
    if not _FIRST <= ordinal <= _LAST:
        raise DayOutOfRange(f"{days:+} days from {day.isoformat()}")
    return date.fromordinal(ordinal)


def _stuck(day: date, there: date, ends: MonthEnd, calendar: BusinessCalendar | None) -> date:
    if ends is MonthEnd.LAST_DAY:
        return month_end(there) if day == month_end(day) else there
    if calendar is None:
        raise CalendarRequired("The last business day of a month")
    return calendar.previous(month_end(there)) if day >= calendar.previous(month_end(day)) else there


def _calendar(calendar: BusinessCalendar | None, period: Period) -> BusinessCalendar:
    if calendar is None:
        raise CalendarRequired(str(period))
    return calendar


def _refuse_hours(period: Period) -> None:
    if period.hours:
        raise PeriodError(f"{period} is counted from an instant, not from a day.", remedy="Write the period in days.")
