"""Calendars out of the holidays library, against the official lists."""

import json
from datetime import date, timedelta
from itertools import accumulate, compress
from pathlib import Path

import pytest
from holidays import country_holidays, list_supported_countries, list_supported_financial

from config.holiday_calendars import business_calendar
from lifecycle.days.calendars import SAT_SUN, Holiday
from lifecycle.days.dates import Period, Roll, after, before, latest_start, rolled
from lifecycle.errors import SubdivisionRequired, UnknownCalendar

FILE = Path(__file__).parents[2].parent / "shared" / "data" / "dates" / "govuk_bank_holidays.json"


@pytest.mark.parametrize("region", ["ENG", "SCT", "NIR"])
def test_british_bank_holidays_are_those_that_the_government_lists(region):
    if not FILE.exists():
        pytest.skip("../shared/data/dates/govuk_bank_holidays.json is not there: official bank holidays not compared")
    official = json.loads(FILE.read_text(encoding="utf-8"))[region]
    calendar = business_calendar(f"GB-{region}")

    for year, days in official.items():
        off = calendar.closed(date(int(year), 1, 1), date(int(year), 12, 31))
        assert [day.on.isoformat() for day in off if day.on.weekday() < 5] == sorted(days), year


@pytest.mark.parametrize("country", ["AU", "CA", "CH", "DE", "ES", "GB", "IN", "MY", "US"])
def test_a_country_whose_regions_differ_is_refused_alone_and_passes_as_national(country):
    with pytest.raises(SubdivisionRequired) as refused:
        business_calendar(country)

    assert business_calendar(refused.value.choices[0], 2024, 2026).code == refused.value.choices[0]
    assert business_calendar(f"{country}:national", 2024, 2026).assumptions == ()


def test_another_country_passes_as_an_assumption_where_it_has_regions():
    assert business_calendar("FR").assumptions == ("national-calendar",)
    assert business_calendar("FR:national").assumptions == ()
    assert business_calendar("HU").assumptions == ()
    assert business_calendar("FR+HU").assumptions == ("national-calendar",)


@pytest.mark.parametrize("code", ["", "XX", "DE-ZZ", "DE:regional", "DE-BE:national", "DE-BE+US-NY|GB-ENG", "DE-BE+"])
def test_an_unknown_code_is_refused(code):
    with pytest.raises(UnknownCalendar):
        business_calendar(code)


def test_case_and_aliases_lead_to_one_code():
    assert {business_calendar(code).code for code in ("DE-BE", "de-be", "DEU-Berlin")} == {"DE-BE"}
    assert business_calendar("uk-eng").code == "GB-ENG"
    assert business_calendar("sat_sun") is SAT_SUN


def test_observed_days_are_holidays_and_half_days_are_not():
    assert business_calendar("US:national").why_closed(date(2026, 7, 3)) == "Independence Day (observed)"
    assert business_calendar("XNYS").is_business_day(date(2026, 12, 24))


def test_a_werktag_may_be_a_saturday():
    saturday = date(2026, 5, 23)

    assert business_calendar("DE-BE:six-day").is_business_day(saturday)
    assert not business_calendar("DE-BE").is_business_day(saturday)
    assert business_calendar("DE-BE:six-day").why_closed(date(2026, 5, 1)) == "Labor Day"


def test_the_emirates_moved_their_weekend_in_2022():
    emirates = business_calendar("AE")

    assert [era.since_on for era in emirates.weekends] == [date.min, date(2022, 1, 1)]
    assert [sorted(era.days) for era in emirates.weekends] == [[4, 5], [5, 6]]


def test_estimated_days_are_marked():
    emirates = business_calendar("AE")
    estimated = [day for day in emirates.holidays if day.estimated]

    assert estimated
    assert all("(estimated)" in day.name or "estimated)" in day.name for day in estimated)
    assert not any(day.estimated for day in business_calendar("DE-BE").holidays)


def test_the_cover_is_what_the_library_knows():
    assert (business_calendar("XECB").first_on, business_calendar("XECB").last_on) == (
        date(1999, 1, 1),
        date(2045, 12, 31),
    )
    # For India the library warns outside 2001 to 2035: the days that move are not known there.
    india = business_calendar("IN-MH")
    assert (india.first_on, india.last_on) == (date(2001, 1, 1), date(2035, 12, 31))


def test_closures_of_our_own_keep_their_name_and_change_the_digest():
    bridge = Holiday(date(2026, 5, 15), "Bridge day")
    closed = business_calendar("DE-BE", closures=(bridge,))

    assert closed.why_closed(bridge.on) == "Bridge day"
    assert closed.digest != business_calendar("DE-BE").digest
    assert closed.provenance[0].source == "holidays"


def test_one_calendar_is_built_once():
    assert business_calendar("DE-BE") is business_calendar("DE-BE")


def days(*texts):
    return [date.fromisoformat(text) for text in texts]


def test_ten_business_days_end_later_where_epiphany_is_a_holiday():  # G10
    ten = Period(business_days=10)
    ends = [after(date(2025, 12, 22), ten, calendar=business_calendar(code)) for code in ("DE-BE", "DE-BY")]

    assert ends == days("2026-01-08", "2026-01-09")


def test_plain_britain_would_miss_easter_monday():  # G11, B5
    three = Period(business_days=3)
    starts = [before(date(2026, 4, 9), three, calendar=business_calendar(code)) for code in ("GB-ENG", "GB:national")]

    assert starts == days("2026-04-02", "2026-04-06")


def test_a_joint_calendar_counts_days_on_which_all_or_any_are_open():  # G12, B6
    codes = ("GB-ENG+US:national", "GB-ENG|US:national")
    starts = [before(date(2026, 7, 8), Period(business_days=3), calendar=business_calendar(code)) for code in codes]

    assert starts == days("2026-07-02", "2026-07-03")


def test_what_must_count_after_easter_is_sent_before_it():  # G21
    england = business_calendar("GB-ENG")
    sent = [
        england.previous(latest_start(date(2026, 4, 7), Period(business_days=number), england)) for number in (2, 1)
    ]

    assert sent == days("2026-04-01", "2026-04-02")


def test_business_days_cross_a_change_of_the_weekend_and_a_tie_goes_on():  # G26
    assert after(date(2021, 12, 30), Period(business_days=2), calendar=business_calendar("AE")) == date(2022, 1, 4)
    assert rolled(date(2026, 7, 4), Roll.NEAREST, business_calendar("US:national")) == date(2026, 7, 6)


def places():
    """Every country, region and exchange that the library knows, each by its code."""
    for country, regions in list_supported_countries(include_aliases=False).items():
        try:
            business_calendar(country, 2025, 2025)
            yield country
        except SubdivisionRequired:
            yield f"{country}:national"
        yield from (f"{country}-{region}" for region in regions)
    yield from list_supported_financial(include_aliases=False)


def test_counts_agree_with_a_count_day_by_day_in_every_calendar_that_there_is():
    days = [date(2025, 11, 1) + timedelta(days=number) for number in range(240)]
    seen = 0
    for code in places():
        calendar = business_calendar(code, 2025, 2026)
        is_open = [calendar.why_closed(day) is None for day in days]
        passed = list(accumulate(is_open))
        open_days = list(compress(days, is_open))
        assert [calendar.business_days(days[0], day) for day in days] == [one - passed[0] for one in passed], code
        assert {off.on for off in calendar.closed(days[0], days[-1])} == set(days) - set(open_days), code
        for n in (1, 5, 30):
            there = [calendar.shift(day, n) for day in open_days[:60]]
            assert there == open_days[n : n + 60], code
            assert [calendar.shift(day, -n) for day in there] == open_days[:60], code
        seen += 1
    assert seen > 300


@pytest.mark.parametrize("code", ["DE-BE", "DE-BY", "GB-ENG", "US-NY", "FR", "CH-ZH", "AE", "IN-MH", "BR"])
def test_a_day_is_off_where_the_library_says_that_it_is(code):
    country, _, region = code.partition("-")
    library = country_holidays(country, subdiv=region or None, years=(2025, 2026))
    calendar = business_calendar(code, 2025, 2026)
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(730)]
    weekend = {5, 6}
    off = [day for day in days if day.weekday() in weekend or day in library]
    assert [one.on for one in calendar.closed(days[0], days[-1])] == off
