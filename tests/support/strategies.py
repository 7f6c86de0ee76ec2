"""What hypothesis draws for the laws of dates: days, periods, calendars."""

from datetime import date, timedelta

from hypothesis import strategies as st

from lifecycle.counting.rules import RULE_SETS
from lifecycle.days.calendars import BusinessCalendar, Holiday, Joint, Weekend, joint
from lifecycle.days.dates import Counting, Period, Roll

FIRST, LAST = date(1950, 1, 1), date(2150, 12, 31)

days = st.dates(FIRST, LAST)
month_ends = days.map(lambda day: day.replace(day=1) - timedelta(days=1)).filter(lambda day: day >= FIRST)
some_days = days | month_ends
rule_sets = st.sampled_from(sorted(RULE_SETS)).map(RULE_SETS.__getitem__)
countings = st.sampled_from(Counting)
rolls = st.sampled_from(Roll)

month_periods = st.builds(Period, years=st.integers(0, 9), months=st.integers(0, 40))
day_periods = st.builds(Period, weeks=st.integers(0, 20), days=st.integers(0, 700))
business_periods = st.builds(Period, business_days=st.integers(0, 60))
mixed_periods = st.builds(
    Period,
    years=st.integers(0, 5),
    months=st.integers(0, 20),
    weeks=st.integers(0, 10),
    days=st.integers(0, 90),
    business_days=st.integers(0, 20),
)
countable_periods = month_periods | day_periods | business_periods | mixed_periods
large = st.integers(0, 36525)
any_periods = st.builds(Period, years=large, months=large, weeks=large, days=large, business_days=large) | st.builds(
    Period, hours=large
)

weekends = st.sampled_from(
    [
        (Weekend(frozenset({5, 6})),),
        (Weekend(frozenset({6})),),
        (Weekend(frozenset({4, 5})), Weekend(frozenset({5, 6}), date(2022, 1, 1))),
        (Weekend(frozenset({3, 4})), Weekend(frozenset({4, 5}), date(2013, 6, 28))),
        (),
    ]
)


# All are made once: making a strategy takes longer than drawing from it.
_shapes = st.tuples(st.sets(st.integers(-28, 28), max_size=8), weekends)
_one_or_two = st.lists(_shapes, min_size=1, max_size=2)
_joints = st.sampled_from(Joint)


def _simple(day, shape) -> BusinessCalendar:
    """Its holidays lie within four weeks of *day*, where they matter."""
    distances, weekend = shape
    holidays = tuple(Holiday(day + timedelta(days=one), f"Holiday {one}") for one in distances)
    return BusinessCalendar("T", holidays=holidays, weekends=weekend)


def _joined(parts, rule) -> BusinessCalendar:
    return parts[0] if len(parts) == 1 else joint(*parts, rule=rule)


def simple_calendars(around=days):
    """Calendars whose holidays lie about such a day."""
    return st.builds(_simple, around, _shapes)


def calendars(around=days):
    """One, or two that together are one."""
    return st.builds(_joined, st.lists(simple_calendars(around), min_size=1, max_size=2), _joints)


@st.composite
def days_with_calendars(draw) -> tuple[date, BusinessCalendar]:
    """A day and a calendar whose holidays lie about it."""
    day = draw(some_days)
    return day, _joined([_simple(day, one) for one in draw(_one_or_two)], draw(_joints))
