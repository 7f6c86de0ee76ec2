"""Days as people write them, settled per column."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.intake.days import NoEnd, column_order, read_day
from engine.intake.import_map import DayOrder, ImportMap, MappedColumn
from tests.support.intake import codes, read

DMY, MDY = DayOrder.DMY, DayOrder.MDY
D = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2026, 12, 1), D),
        (datetime(2026, 12, 1, 23, 59), D),  # noqa: DTZ001 - spreadsheets know no zones
        (46357, D),
        (46357.75, D),
        ("46357", D),
        ("2026-12-01", D),
        ("2026-12-01T00:00:00Z", D),
        ("2026-12-01 09:30", D),
        ("20261201", D),
        ("1 Dec 2026", D),
        ("1. Dezember 2026", D),
        ("December 1, 2026", D),
        ("Dec. 1st, 2026", D),
        ("Tue, 1 Dec 2026", D),
        ("1st of December 2026", D),
        ("01-Dec-2026", D),
        ("01.12.2026", D),
        ("1.12.2026", D),
        ("2026/12/1", D),
        (" 2026-12-01 ", D),
        ("4. März 2027", date(2027, 3, 4)),
        ("12/13/2026", date(2026, 12, 13)),
        ("13/12/2026", date(2026, 12, 13)),
        ("5/5/2026", date(2026, 5, 5)),
    ],
)
def test_a_day_is_read_without_an_order(cell, day):
    assert read_day(cell, None) == (day, None, None)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("03/04/2026", "ambiguous_day"),
        ("12/1/2026 0:00", "ambiguous_day"),
        ("[]/[]/2020", "redacted"),
        ("[ ]/[ ]/20[ ]", "redacted"),
        ("4/30/[][]", "redacted"),
        ("07/31/2000; 07/[]/2000", "redacted"),
        ("07/31/2000; 08/31/2000", "several_days"),
        ("1/2/2020 / 2/3/2020", "several_days"),
        ("09/05/2019; perpetual", "several_days"),
        ("perpetual, 11/15/2014", "several_days"),
        ("31/13/2020", "no_such_day"),
        ("2/30/2020", "no_such_day"),
        ("29.02.2023", "no_such_day"),
        ("2026", "unreadable_day"),
        (2026, "unreadable_day"),
        (True, "unreadable_day"),
        (time(3), "unreadable_day"),
        ("12 Marching 2020", "unreadable_day"),
        ("May 2020", "unreadable_day"),
        ("soon", "unreadable_day"),
        ("perpetual", "unreadable_day"),
        ("1/1/20200", "unreadable_day"),
        ("1026-01-01", "day-out-of-range"),
        (date(2400, 1, 1), "day-out-of-range"),
        ("Q2 2025", "unreadable_day"),
    ],
)
def test_what_is_no_day_is_refused_by_its_reason(cell, code):
    said = read_day(cell, None)
    assert (said.value, said.fault.code) == (None, code)
    assert said.fault.remedy


def test_a_quarter_is_not_taken_for_a_month():
    assert read_day("Q2 2025", None).fault.message == "This is no day."


@pytest.mark.parametrize(("order", "day"), [(MDY, date(2026, 3, 4)), (DMY, date(2026, 4, 3))])
def test_an_ambiguous_day_takes_the_order_of_its_column(order, day):
    assert read_day("03/04/2026", order).value == day


def test_a_dot_means_day_first_whatever_the_column_says():
    assert read_day("03.04.2026", MDY).value == date(2026, 4, 3)


def test_a_day_that_does_not_fit_the_order_is_no_day():
    assert read_day("31/01/2025", MDY).fault.code == "day_order"


@pytest.mark.parametrize(
    ("text", "year"), [("12/31/34", 2034), ("12/31/89", 2089), ("12/31/90", 1990), ("31-Dec-99", 1999)]
)
def test_two_digit_years_from_90_on_are_of_the_last_century(text, year):
    said = read_day(text, MDY)
    assert (said.value.year, said.warning.code) == (year, "two_digit_year")


@pytest.mark.parametrize("text", ["never", "Never expires", "no expiry", "läuft nicht ab", "unbefristet"])
def test_what_never_ends_is_perpetual_where_that_can_be(text):
    assert read_day(text, None, may_be_perpetual=True).value is NoEnd.PERPETUAL
    assert read_day(text, None).fault.code == "unreadable_day"


@pytest.mark.parametrize("cell", ["9999-12-31", date(9999, 12, 31), 2958465])
def test_the_last_day_of_all_is_perpetual_with_a_warning(cell):
    said = read_day(cell, None, may_be_perpetual=True)
    assert (said.value, said.warning.code) == (NoEnd.PERPETUAL, "perpetual_assumed")


def test_an_order_is_what_the_unmistakable_values_agree_on():
    assert column_order(["03/04/2026", "31/01/2025", date(2026, 1, 2), "2026-01-31", ""]) is DMY
    assert column_order(["31/01/2025", "01/31/2025"]) is None
    assert column_order(["03/04/2026", "31.01.2025", "28-01-2025"]) is DMY, "whatever their separators"
    assert column_order(["12/31/2025", "31.01.2025"]) is None
    assert column_order(["03/04/2026", "03.04.2025"]) is None


def test_each_column_settles_its_own_order():
    intake = read(
        ["Reference", "Counterparty", "Signed on", "Effective on", "Expires on"],
        ["A", "x", "31/01/2025", "01/31/2025", "01/31/2026"],
        ["B", "y", "03/04/2025", "03/04/2025", "31/01/2026"],
        ["C", "z", "", "", "03/04/2026"],
    )
    assert intake.orders == {"Signed on": DMY, "Effective on": MDY, "Expires on": None}
    _, second, third = intake.drafts
    assert second.fields["signed_on"] == date(2025, 4, 3)
    assert second.fields["effective_on"] == date(2025, 3, 4)
    assert second.fields["last_on"] == date(2026, 1, 31)
    assert codes(third.findings) == ["E4 ambiguous_day"]


def test_an_order_that_a_column_has_settled_is_told_once_where_it_decided():
    headers = ["Reference", "Counterparty", "Signed on", "Effective on", "Expires on"]
    rows = (
        ["A", "x", "01/03/2025", "15.02.2025", "31/12/2026"],
        ["B", "y", "02-03-2025", "03/04/2025", "30.11.2026"],
        ["C", "z", "31/12/2024", "2025-01-31", ""],
    )
    intake = read(headers, *rows)
    assert intake.orders == {"Signed on": DMY, "Effective on": DMY, "Expires on": DMY}
    assert [(one.cell, one.code, one.is_error, one.message) for one in intake.findings] == [
        ("C2", "day_order_settled", False,
         'Read day first, as 1 Mar 2025, and 1 more of this column likewise: "31/12/2024" shows it.'),
        ("D3", "day_order_settled", False, 'Read day first, as 3 Apr 2025: "15.02.2025" shows it.'),
    ]  # fmt: skip
    assert [draft.findings for draft in intake.drafts] == [()] * 3
    assert read(headers, *rows, dates=DMY).findings == ()


def test_the_word_of_a_person_beats_the_evidence_and_the_map_of_a_column_beats_both():
    rows = (["A", "x", "31/01/2025", "03/04/2025"],)
    headers = ["Reference", "Counterparty", "Signed on", "Effective on"]
    mapped = ImportMap(dates=DMY, columns={"Effective on": MappedColumn("effective_on", dates=DMY)})
    intake = read(headers, *rows, given=mapped, dates=MDY)
    assert intake.orders == {"Signed on": MDY, "Effective on": DMY}
    assert codes(intake.drafts[0].findings) == ["C2 day_order"]
    assert intake.drafts[0].fields["effective_on"] == date(2025, 4, 3)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.sampled_from(DayOrder))
def test_a_written_day_is_read_back(day, order):
    written = f"{day:%d/%m/%Y}" if order is DMY else f"{day:%m/%d/%Y}"
    assert read_day(written, order).value == day
    assert read_day(day.isoformat(), order).value == day


@given(st.text(), st.sampled_from([None, DMY, MDY]))
def test_no_text_raises(text, order):
    said = read_day(text, order, may_be_perpetual=True)
    assert (said.value is None) is (said.fault is not None)
