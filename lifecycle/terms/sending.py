"""When a notice counts that is sent today, and when it must be sent to count in time.

Sent notice counts on the day it is sent. Received notice counts after the usual time of its way, deemed notice after
the time that the agreement states, both on a business day at the earliest. It is sent on a business day.
"""

from datetime import date, timedelta

from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Period, after, before
from lifecycle.terms.provisions import CountsAs, DeliveryMethod

_ONE_DAY = timedelta(days=1)
_ZERO = Period()


def on_the_way(method: DeliveryMethod | None, counts_as: CountsAs | None) -> Period:
    """The time between sending and counting; none is known where no method is."""
    if method is None or counts_as is CountsAs.SENT:
        return _ZERO
    return method.deemed if counts_as is CountsAs.DEEMED and method.deemed is not None else method.receipt


def counts_on(
    sent_on: date, method: DeliveryMethod | None, calendar: BusinessCalendar, *, counts_as: CountsAs | None = None
) -> date:
    """The day on which a notice counts that is sent on *sent_on*."""
    if counts_as is CountsAs.SENT:
        return sent_on
    return _arrives(sent_on, on_the_way(method, counts_as), calendar)


def send_by(
    count_by_on: date, method: DeliveryMethod | None, calendar: BusinessCalendar, *, counts_as: CountsAs | None = None
) -> date:
    """The latest business day on which to send a notice that counts by *count_by_on*."""
    time = on_the_way(method, counts_as)
    sent_on = working_back(calendar.previous(count_by_on), time, calendar)
    if not (time.total_months or time.total_days):  # exact already: both ends are business days
        return sent_on
    while _arrives(sent_on, time, calendar) > count_by_on:
        sent_on = calendar.previous(sent_on - _ONE_DAY)
    while _arrives(later := calendar.next(sent_on + _ONE_DAY), time, calendar) <= count_by_on:
        sent_on = later
    return sent_on


def working_back(day: date, time: Period, calendar: BusinessCalendar) -> date:
    """The business day *time* before *day*, or the last one before that; *day* itself is a business day."""
    if number := time.business_days:
        earlier = day if not (time.total_months or time.total_days) else before(day, _without_business_days(time))
        return calendar.shift(earlier, -number)
    return calendar.previous(before(day, time))


def _without_business_days(time: Period) -> Period:
    return Period(time.years, time.months, time.weeks, time.days)


def _arrives(sent_on: date, time: Period, calendar: BusinessCalendar) -> date:
    return calendar.next(after(sent_on, time, calendar=calendar))
