"""Real agreements: the expiry that lawyers wrote down is one of the two readings of the stated length."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from lifecycle.days.dates import Period
from lifecycle.terms.terms import EndConvention, Lasting, Terms, end_reading, initial_end

GOLD = Path(__file__).parents[3] / "shared" / "data" / "cuad" / "gold.json"
READINGS = {0: EndConvention.ANNIVERSARY, -1: EndConvention.DAY_BEFORE}


@pytest.fixture(scope="module")
def labelled():
    """Reference, first day, length, label and its distance in days from the anniversary."""
    if not GOLD.exists():
        pytest.skip("../shared/data/cuad/gold.json is not there: CUAD tests not run")
    rows = json.loads(GOLD.read_text("utf-8"))
    return [
        (
            reference,
            date.fromisoformat(row["base_date"]),
            Lasting(Period.of(row["n"], row["unit"])),
            date.fromisoformat(row["expiration"]),
            row["diff"],
        )
        for reference, row in rows.items()
        if row["n"] is not None
    ]


def test_the_label_is_the_last_day_by_its_own_convention(labelled):
    matched = Counter(
        diff
        for _, first_on, end, label, diff in labelled
        if initial_end(Terms(effective_on=first_on, end=end, convention=READINGS[diff])).last_on == label
    )
    assert matched == {0: 67, -1: 8}


def test_where_no_convention_is_stated_the_label_lies_between_the_readings(labelled):
    outside = [
        reference
        for reference, first_on, end, label, _ in labelled
        if not (reading := end_reading(Terms(effective_on=first_on, end=end), 0)).safe_on <= label <= reading.latest_on
    ]
    assert (len(labelled), outside) == (75, [])


def test_each_convention_alone_misses_the_labels_of_the_other(labelled):
    last_days = {
        convention: sum(
            initial_end(Terms(effective_on=first_on, end=end, convention=convention)).last_on == label
            for _, first_on, end, label, _ in labelled
        )
        for convention in READINGS.values()
    }
    assert last_days == {EndConvention.ANNIVERSARY: 67, EndConvention.DAY_BEFORE: 8}
