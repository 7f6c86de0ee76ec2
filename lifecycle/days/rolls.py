"""Where a day goes that is no business day, and where the end of a month goes, by the names of other libraries too."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Self, TypeVar

from lifecycle.days.calendars import BusinessCalendar
from lifecycle.errors import CalendarRequired, UnknownName

_Named = TypeVar("_Named", bound=StrEnum)
MID_MONTH = 15


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


def rolled(day: date, by: Roll, calendar: BusinessCalendar | None) -> date:
    """*day* itself if it is a business day, else where *by* takes it. Raises CalendarRequired."""
    if by is Roll.NONE:
        return day
    if calendar is None:
        raise CalendarRequired(f"The roll {by}")
    if calendar.is_business_day(day):
        return day
    return _TAKES_TO[by](day, calendar)


def _modified_following(day: date, calendar: BusinessCalendar) -> date:
    there = calendar.next(day)
    return there if there.month == day.month else calendar.previous(day)


def _modified_following_bimonthly(day: date, calendar: BusinessCalendar) -> date:
    there = _modified_following(day, calendar)
    return calendar.previous(day) if day.day <= MID_MONTH < there.day else there


def _modified_preceding(day: date, calendar: BusinessCalendar) -> date:
    there = calendar.previous(day)
    return there if there.month == day.month else calendar.next(day)


def _nearest(day: date, calendar: BusinessCalendar) -> date:
    back, on = calendar.previous(day), calendar.next(day)
    return on if on - day <= day - back else back


_TAKES_TO: Mapping[Roll, Callable[[date, BusinessCalendar], date]] = MappingProxyType(
    {
        Roll.FOLLOWING: lambda day, calendar: calendar.next(day),
        Roll.MODIFIED_FOLLOWING: _modified_following,
        Roll.MODIFIED_FOLLOWING_BIMONTHLY: _modified_following_bimonthly,
        Roll.PRECEDING: lambda day, calendar: calendar.previous(day),
        Roll.MODIFIED_PRECEDING: _modified_preceding,
        Roll.NEAREST: _nearest,
    }
)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.upper() if letter.isalnum())


def _by_name(kind: type[_Named], what: str, name: str) -> _Named:
    for member in kind:
        if _plain(member.name) == _plain(name):
            return member
    raise UnknownName(what, name, tuple(member.name for member in kind))
