"""Days after and before days: months, weeks, days and business days on the civil calendar.

Years and months are one addition that clips to the end of a month, then weeks and days, then business days, in both
directions. So months are never chained (31 Jan + 1 month + 1 month is 28 Mar) and going back is no inverse of going
forward: ``before`` subtracts, ``latest_start`` fits. Days outside 1900 to 2200 raise DayOutOfRange.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Self, TypeVar

from lifecycle.calendars import FIRST_DAY, LAST_DAY, BusinessCalendar
from lifecycle.errors import (
    FIRST_YEAR,
    LAST_YEAR,
    CalendarRequired,
    DayOutOfRange,
    PeriodError,
    UnknownName,
    ZoneRequired,
)
from lifecycle.periods import MONTHS_A_YEAR, Counting, Period, StatedPeriod

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
    "last_day",
    "latest_start",
    "month_end",
    "quarter_end",
    "rolled",
    "year_end",
]

_ONE_DAY = timedelta(days=1)
_Named = TypeVar("_Named", bound=StrEnum)
_FIRST, _LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()


class Roll(StrEnum):
    """Where a day goes that is no business day."""

    NONE = "none"
    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified-following"
    MODIFIED_FOLLOWING_BIMONTHLY = "modified-following-bimonthly"
    PRECEDING = "preceding"
    MODIFIED_PRECEDING = "modified-preceding"
    NEAREST = "nearest"

    @classmethod
    def named(cls, name: str) -> Self:
        """The roll by its name in FpML, QuantLib, Strata or here; case, blanks and dashes do not matter."""
        plain = _plain(name)
        if plain == "FRN":
            raise UnknownName(
                "roll", name, tuple(cls), remedy="FRN is a pair: roll MODIFIED_FOLLOWING, month end LAST_BUSINESS_DAY."
            )
        return _by_name(cls, "roll", _OTHER_ROLLS.get(plain, name))


class MonthEnd(StrEnum):
    """Where the last day of a month goes, months away."""

    CORRESPONDING = "corresponding"  # the same number, or the month's last day where it has no such number
    LAST_DAY = "last-day"  # the month's last day goes to the month's last day
    LAST_BUSINESS_DAY = "last-business-day"  # the same with business days

    @classmethod
    def named(cls, name: str) -> Self:
        """The rule by its name; ``NONE`` is the corresponding day."""
        return _by_name(cls, "month-end rule", "CORRESPONDING" if _plain(name) == "NONE" else name)


_OTHER_ROLLS = {
    "NOADJUST": "NONE",
    "UNADJUSTED": "NONE",
    "NOTAPPLICABLE": "NONE",
    "MODFOLLOWING": "MODIFIED_FOLLOWING",
    "MODPRECEDING": "MODIFIED_PRECEDING",
    "HALFMONTHMODIFIEDFOLLOWING": "MODIFIED_FOLLOWING_BIMONTHLY",
}


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


def rolled(day: date, by: Roll, calendar: BusinessCalendar | None) -> date:
    """*day* itself if it is a business day, else where *by* takes it. Raises CalendarRequired."""
    if by is Roll.NONE:
        return day
    if calendar is None:
        raise CalendarRequired(f"The roll {by}")
    if calendar.is_business_day(day):
        return day
    return _off(day, by, calendar)


def month_end(day: date) -> date:
    """The last day of the month of *day*."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def quarter_end(day: date) -> date:
    """The last day of the calendar quarter of *day*."""
    return month_end(day.replace(day=1, month=(day.month + 2) // 3 * 3))


def year_end(day: date) -> date:
    """31 December of the year of *day*."""
    return date(day.year, 12, 31)


def elapsed(start_at: datetime, hours: int) -> datetime:
    """*hours* of real time after *start_at*, in the zone of *start_at*, whatever its clocks do meanwhile."""
    if start_at.tzinfo is None:
        raise ZoneRequired(f"{start_at:%Y-%m-%d %H:%M}")
    return (start_at.astimezone(UTC) + timedelta(hours=hours)).astimezone(start_at.tzinfo)


def cutoff_at(day: date, cutoff: time, zone: tzinfo) -> datetime:
    """The instant, in UTC, of *cutoff* on *day* in *zone*.

    Where the clocks are put back and the local time comes twice: the first. Where they are put forward and it never
    comes: the last instant before the gap.
    """
    local = datetime.combine(day, cutoff.replace(tzinfo=None, fold=0))
    at = local.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == local:
        return at
    return _change_before(at, zone) - timedelta.resolution


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
    there = _days_away(day, sign * period.total_days)
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
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


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


def _off(day: date, by: Roll, calendar: BusinessCalendar) -> date:
    match by:
        case Roll.FOLLOWING:
            return calendar.next(day)
        case Roll.PRECEDING:
            return calendar.previous(day)
        case Roll.MODIFIED_FOLLOWING:
            there = calendar.next(day)
            return there if there.month == day.month else calendar.previous(day)
        case Roll.MODIFIED_FOLLOWING_BIMONTHLY:
            there = calendar.next(day)
            crosses = there.month != day.month or day.day <= 15 < there.day
            return calendar.previous(day) if crosses else there
        case Roll.MODIFIED_PRECEDING:
            there = calendar.previous(day)
            return there if there.month == day.month else calendar.next(day)
        case Roll.NEAREST:
            back, on = calendar.previous(day), calendar.next(day)
            return on if on - day <= day - back else back
        case Roll.NONE:
            return day


def _change_before(at: datetime, zone: tzinfo) -> datetime:
    """The instant, in whole seconds, of the last change of the clocks of *zone* in the day up to *at*."""
    low, high = int(at.timestamp()) - 86400, int(at.timestamp())

    def offset(second: int) -> timedelta | None:
        return datetime.fromtimestamp(second, zone).utcoffset()

    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if offset(middle) == offset(high) else (middle, high)
    return datetime.fromtimestamp(high, UTC)


def _calendar(calendar: BusinessCalendar | None, period: Period) -> BusinessCalendar:
    if calendar is None:
        raise CalendarRequired(str(period))
    return calendar


def _refuse_hours(period: Period) -> None:
    if period.hours:
        raise PeriodError(f"{period} is counted from an instant, not from a day.", remedy="Write the period in days.")


def _plain(name: str) -> str:
    return "".join(letter for letter in name.upper() if letter.isalnum())


def _by_name(kind: type[_Named], what: str, name: str) -> _Named:
    for member in kind:
        if _plain(member.name) == _plain(name):
            return member
    raise UnknownName(what, name, tuple(member.name for member in kind))
