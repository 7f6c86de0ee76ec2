"""Every published date vector, through the public functions."""

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.holiday_calendars import business_calendar
from lifecycle.counting.rules import (
    BGB,
    CPR_2_8,
    EU_1182_71,
    FRCP_6A,
    US_CONTRACT,
    advance,
    deadline_after,
    deadline_before,
    earliest_after,
)
from lifecycle.days.calendars import SAT_SUN, BusinessCalendar, Holiday
from lifecycle.days.dates import MonthEnd, Period, Roll, after, elapsed, last_day, rolled, year_end

FILE = Path(__file__).parents[2].parent / "shared" / "data" / "dates" / "vectors.json"
SOUTH_AFRICA = BusinessCalendar(
    "ZA", tuple(Holiday(date(2015, m, d), "") for m, d in ((1, 1), (3, 21), (4, 3), (4, 6), (4, 27), (5, 1)))
)
KNOWN = {"SAT_SUN": SAT_SUN, "ZA": SOUTH_AFRICA}
CODES = {"EU": "XECB", "US": "US:national", "DE": "DE:national"}


def calendar_of(vector):
    name = vector.get("calendar") or vector.get("jurisdiction")
    return KNOWN[name] if name in KNOWN else business_calendar(CODES.get(name, name)) if name else SAT_SUN


def instant(text):
    local, zone = text.split()
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))


def moved(v, k):
    return after(v.day, Period(months=v["months"]), month_end=MonthEnd.named(v["eom"]), calendar=k)


def advanced(v, k):
    roll = Roll.named(v["convention"])
    return advance(v.day, v["n"], v["unit"], roll=roll, end_of_month=v["end_of_month"], calendar=k)


def within(rules):
    return lambda v, k: deadline_after(v.day, v.period, rules=rules, calendar=k).nominal_on


def back(rules):
    return lambda v, k: deadline_before(v.day, v.period, rules=rules, calendar=k).nominal_on


def bgb_event(v, k):
    return deadline_after(v.day, v.period, rules=BGB, calendar=k, roll=None if v["roll"] else Roll.NONE).nominal_on


CALLS = {
    "roll": lambda v, k: rolled(v.day, Roll.named(v["convention"]), k),
    "add_months": moved,
    "advance": advanced,
    "months_after": lambda v, k: after(v.day, v.period, calendar=k),
    "end_of_calendar_year": lambda v, _: year_end(v.day),
    "hours": lambda v, _: elapsed(instant(v["start"]), v["hours"]),
    "bgb_begin_period": lambda v, _: last_day(v.day, v.period),
    "term_end_day_before": lambda v, _: last_day(v.day, v.period),
    "bgb_event_period": bgb_event,
    "notice_before": back(US_CONTRACT),
    "notice_before_termination": back(BGB),
    "before_event_clear_days": back(CPR_2_8),
    "within_days_after": within(CPR_2_8),
    "after_event_clear_days_at_least": lambda v, k: earliest_after(v.day, v.period, rules=CPR_2_8, calendar=k),
    "frcp6a_forward": within(FRCP_6A),
    "frcp6a_backward": back(FRCP_6A),
    "eu_forward": within(EU_1182_71),
    "eu_retroactive": back(EU_1182_71),
}


class Vector(dict):
    @property
    def day(self):
        return next(date.fromisoformat(self[name]) for name in ("date", "event", "end", "start") if name in self)

    @property
    def period(self):
        return Period.of(self["n"], self.get("unit") or "days")

    @property
    def expected(self):
        text = self["expected"]
        return instant(text) if self["rule"] == "hours" else date.fromisoformat(text)

    @property
    def computed(self):
        return CALLS[self["rule"]](self, calendar_of(self))


@pytest.fixture(scope="module")
def vectors():
    if not FILE.exists():
        pytest.skip("../shared/data/dates/vectors.json is not there: published date vectors not run")
    return [Vector(vector) for vector in json.loads(FILE.read_text(encoding="utf-8"))]


def test_every_published_vector_gives_its_published_day(vectors):
    wrong = {v["id"]: (v.computed, v.expected) for v in vectors if v.computed != v.expected}

    assert wrong == {}
    assert len(vectors) == 84
