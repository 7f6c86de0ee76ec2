"""Governing law in words: what people write, and what is not guessed."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.holiday_calendars import business_calendar
from config.laws import laws, lookup
from lifecycle.counting.rules import rule_set

REGISTER = Path(__file__).resolve().parents[3] / "shared" / "data" / "cuad" / "register.csv"


@pytest.mark.parametrize(
    ("text", "calendar", "rules"),
    [
        ("New York", "US-NY", "us-contract"),
        ("the laws of the State of New York", "US-NY", "us-contract"),
        ("New York, USA", "US-NY", "us-contract"),
        ("Washington", "US-WA", "us-contract"),
        ("Washington, D.C.", "US-DC", "us-contract"),
        ("Georgia", "US-GA", "us-contract"),
        ("Republic of Georgia", "GE", "us-contract"),
        ("Commonwealth of Massachusetts", "US-MA", "us-contract"),
        ("United States", "US:national", "us-contract"),
        ("England and Wales", "GB-ENG", "england-contract"),
        ("English law", "GB-ENG", "england-contract"),
        ("ENGLAND; Wales", "GB-ENG", "england-contract"),
        ("England, United Kingdom; Wales, United Kingdom", "GB-ENG", "england-contract"),
        ("United Kingdom", "GB-ENG", "england-contract"),
        ("Scotland, United Kingdom", "GB-SCT", "england-contract"),
        ("Northern Ireland", "GB-NIR", "england-contract"),
        ("Republic of Ireland", "IE", "england-contract"),
        ("Province of Ontario, Canada", "CA-ON", "england-contract"),
        ("British Columbia,Canada", "CA-BC", "england-contract"),
        ("Newfoundland and Labrador, Canada", "CA-NL", "england-contract"),
        ("Trinidad and Tobago", "TT", "england-contract"),
        ("Victoria, Australia", "AU-VIC", "england-contract"),
        ("Federal Republic of Germany", "DE:national", "bgb"),
        ("deutsches Recht", "DE:national", "bgb"),
        ("Berlin, Germany", "DE-BE", "bgb"),
        ("Zürich", "CH-ZH", "bgb"),
        ("Grand Duchy of Luxembourg", "LU", "eu-1182-71"),
        ("Kingdom of Norway", "NO", "eu-1182-71"),
        ("Italy and the European Union", None, None),
        ("People\u2019s Republic of China", "CN", "us-contract"),
        ("Republic of China", "TW", "us-contract"),
        ("US-NY", "US-NY", "us-contract"),
    ],
)
def test_a_law_is_found_however_it_is_written(text, calendar, rules):
    law = lookup(text)
    assert (law and law.calendar, law and law.rules) == (calendar, rules)


@pytest.mark.parametrize(
    "text",
    [
        "New York; Delaware",
        "Delaware, Illinois",
        "Texas; Singapore; Belgium",
        "California; the state in which the breach occurs",
        "York",
        "the laws of the State",
        "[]",
        "",
        "x" * 5000,
        ";" * 300,
    ],
)
def test_several_laws_or_none_are_not_guessed(text):
    assert lookup(text) is None


def test_every_law_has_a_calendar_and_a_rule_set_that_exist():
    for law in laws():
        assert business_calendar(law.calendar, 2026, 2027).code
        assert rule_set(law.rules).name == law.rules


def test_no_name_stands_for_two_laws():
    assert {lookup(law.name) for law in laws()} == set(laws())


def test_every_state_of_the_union_is_known():
    assert sum(1 for law in laws() if law.country == "US" and law.is_region) == 54  # 50, DC, GU, PR, VI


def test_of_the_laws_of_a_real_register_only_those_that_are_several_are_not_found():
    if not REGISTER.exists():
        pytest.skip("../shared/data/cuad/register.csv is not there: CUAD tests not run")
    with REGISTER.open(encoding="utf-8-sig", newline="") as rows:
        written = {row["Governing law"] for row in csv.DictReader(rows)} - {"", "[]"}
    assert sorted(text for text in written if lookup(text) is None) == [
        "California; Hong Kong",
        "California; the state in which the breach occurs",
        "Delaware, Illinois",
        "Illinois; New York",
        "Massachusetts; Netherlands",
        "Texas; Singapore; Belgium",
    ]


@given(st.text(max_size=60))
def test_no_text_breaks_the_search(text):
    assert lookup(text) is None or lookup(text) in laws()
