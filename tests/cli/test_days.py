"""Days and lengths as people type them."""

from datetime import date

import pytest

from cli.days import parse_day, parse_length
from cli.errors import UsageRefused
from lifecycle.days.dates import Period

TODAY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("2026-12-01", date(2026, 12, 1)),
        ("+30d", date(2026, 3, 2)),
        ("-2w", date(2026, 1, 17)),
        ("+1m", date(2026, 2, 28)),
        ("+1y", date(2027, 1, 31)),
        ("5d", date(2026, 2, 5)),
    ],
)
def test_a_day_is_iso_or_counted_from_today(text, day):
    assert parse_day(text, TODAY, "--on") == day


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "01/02/2026", "2026-02-30", "+", "+3x", "99999y", "9999-12-31", "0001-01-01"]
)
def test_what_is_no_day_names_its_option(text):
    with pytest.raises(UsageRefused, match="--on"):
        parse_day(text, TODAY, "--on")


def test_a_length_is_a_period():
    assert parse_length("5 business days", "--for") == Period(business_days=5)


@pytest.mark.parametrize("text", ["", "60", "perpetual", "soon"])
def test_what_has_no_length_names_its_option(text):
    with pytest.raises(UsageRefused, match="--for"):
        parse_length(text, "--for")
