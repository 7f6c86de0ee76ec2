"""Rows that add up the others are no agreements; and a word such as Total is not always a sum."""

import pytest

from tests.support.intake import read

HEADERS = ["Reference", "Counterparty", "Title", "Value", "Notice", "Expires on"]


@pytest.mark.parametrize(
    "row",
    [
        ["Total", "", "", 6000.0, "", ""],
        ["TOTAL:", "", "", "6.000,00 €", "", ""],
        ["Summe", "", "", "6000", "", ""],
        ["", "", "Grand total", "EUR 6,000.00", 12.0, ""],
        ["", "Gesamtsumme", "", "6000", "", ""],
        ["", "Sub-total (3)", "", "6000", "", ""],
        ["", "", "", 6000.0, 180.0, ""],
        ["Total", "", "", "", "", ""],
    ],
)
def test_a_row_of_sums_is_told_from_agreements(row):
    first, second, third = read(HEADERS, ["A", "Acme", "", 1000.0, "", "2027-01-31"], row, row).drafts
    assert [one.adds_up for one in (first, second, third)] == [False, True, True]


@pytest.mark.parametrize(
    "row",
    [
        ["Total", "Total SE", "", 6000.0, "", ""],
        ["B", "Total", "", 6000.0, "", ""],
        ["Total", "", "", 6000.0, "", "2027-01-31"],
        ["17", "", "", 6000.0, "", ""],
        ["", "Acme", "", 6000.0, "", ""],
        ["", "", "Total cost of ownership", 6000.0, "", ""],
        ["", "Total", "Lubricants", 6000.0, "", ""],
        ["", "", "", "", "", "2027-01-31"],
    ],
)
def test_what_names_a_thing_or_has_a_day_is_read_as_an_agreement(row):
    (found,) = read(HEADERS, row).drafts
    assert found.adds_up is False
