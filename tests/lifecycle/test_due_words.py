"""When a duty is due, as people say it."""

from datetime import date
from itertools import islice

import pytest

from lifecycle.counting.rules import US_CONTRACT
from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.dates import Period
from lifecycle.errors import PeriodError
from lifecycle.obligations.due_words import DueNotUnderstood, due_in_words
from lifecycle.obligations.duties import Basis, Direction, Offset, OffsetFrom, Recurrence, Series

BEGINS = date(2026, 2, 10)
MONTH = Period(days=30)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("30 days after last-day", Offset(MONTH, Direction.AFTER, OffsetFrom.LAST_DAY)),
        ("2 months before exit", Offset(Period(months=2), Direction.BEFORE, OffsetFrom.EXIT)),
        ("30 days after each quarter", Recurrence(Period(months=3), BEGINS, Basis.QUARTER, due_after=MONTH)),
        (
            "thirty (30) days after the end of each calendar month",
            Recurrence(Period(months=1), BEGINS, Basis.MONTH, due_after=MONTH),
        ),
        ("30 days after year-end", Recurrence(Period(years=1), BEGINS, Basis.YEAR, due_after=MONTH)),
    ],
)
def test_words_say_a_turning_point_or_a_period_of_the_calendar(text, due):
    assert due_in_words(text, BEGINS) == due


@pytest.mark.parametrize("text", ["30 days after", "30 days before each quarter", "30 days after the contract year"])
def test_what_is_no_such_day_is_refused_with_those_that_are(text):
    with pytest.raises(DueNotUnderstood) as refused:
        due_in_words(text, BEGINS)
    assert "each quarter" in refused.value.remedy


def test_a_length_that_is_none_is_refused():
    with pytest.raises(PeriodError):
        due_in_words("soon after last-day", BEGINS)


def test_each_month_is_counted_from_its_own_end():
    due = due_in_words("30 days after each month", BEGINS)
    series = Series(recurrence=due, last_on=None, rules=US_CONTRACT, calendar=SAT_SUN)
    assert [(one.cycle, one.reading.nominal_on.isoformat()) for one in islice(series.from_day(BEGINS), 3)] == [
        ("2026-02", "2026-03-30"),
        ("2026-03", "2026-04-30"),
        ("2026-04", "2026-05-30"),
    ]
