"""``deadlines``, ``explain`` and ``calc``: what is due, and why that day."""

import csv
import io

import pytest


@pytest.fixture
def acme(longstop):
    """A notice that must leave by Thu 3 Dec 2026 (60 days before Sun 31 Jan 2027, post nothing said)."""
    longstop.agreement("ACME-7", "--governing-law", "Germany", "--value", "EUR 240,000", "--tags", "critical")
    return longstop


def kinds(answer):
    return [(one["reference"], one["kind"], one["safe_on"]) for one in answer.items]


def test_the_nearest_deadline_leads(acme):
    acme.agreement("BETA-1", "--notice-period", "90 days")
    answer = acme("deadlines", "--today", "2026-10-01", "--json")
    assert [row[:2] for row in kinds(answer)] == [("BETA-1", "notice"), ("ACME-7", "notice")]


def test_a_deadline_tells_its_readings_and_its_people(acme):
    (one,) = acme("deadlines", "--today", "2026-11-01", "--json").items
    assert one["safe_on"] <= one["nominal_on"] <= one["latest_on"]
    assert (one["owner"]["email"], one["backup"]["email"]) == ("olga@example.com", "ben@example.com")
    assert one["value"] == {"amount": "240000.00", "currency": "EUR"}
    assert one["action"] == "send non-renewal notice"
    assert one["consequence"] == "it renews for 12 months"


def test_what_is_past_is_overdue(acme):
    answer = acme("deadlines", "--today", "2026-12-24", "--overdue", "--json")
    assert [(one["is_overdue"], one["days_left"] < 0) for one in answer.items] == [(True, True)]


def test_what_cannot_be_done_in_time_any_more_is_not_asked_for(acme):
    told = {day: " ".join(acme("deadlines", "--today", day).out.split()) for day in ("2026-11-30", "2026-12-24")}
    assert "Send non-renewal notice or it renews for 12 months" in told["2026-11-30"]
    assert "Too late to send non-renewal notice: ask them to agree, or it renews for 12 months" in told["2026-12-24"]


def test_a_fixed_day_is_told_as_today(acme):
    assert acme("deadlines", "--today", "2026-10-01", "--json").document["today"] == "2026-10-01"


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (("--kind", "audit"), 0),
        (("--kind", "notice"), 1),
        (("--owner", "olga@example.com"), 1),
        (("--owner", "ben@example.com"), 0),
        (("--counterparty", "acme"), 1),
        (("--counterparty", "beta"), 0),
        (("hosting",), 1),
        (("hosting", "tag:critical", "kind:notice"), 1),
        (("value:>100k",), 1),
        (("value:>1m",), 0),
        (("is:verified",), None),
        (("colour:red",), None),
        (("--state", "done"), 0),
        (("--state", "asleep"), None),
        (("--within", "10 days"), 0),
        (("--until", "2026-12-31"), 1),
    ],
)
def test_lists_are_narrowed(acme, words, number):
    answer = acme("deadlines", *words, "--today", "2026-11-01", "--json", expect=2 if number is None else 0)
    assert number is None or len(answer.items) == number


def test_a_list_that_is_not_empty_can_end_with_10(acme):
    acme("deadlines", "--today", "2026-11-01", "--exit-code", expect=10)
    acme("deadlines", "--today", "2026-11-01", "--kind", "audit", "--exit-code")


def test_markers_are_listed_when_asked_for(acme):
    listed = acme("deadlines", "--until", "2027-03-01", "--markers", "--today", "2026-11-01", "--json").items
    assert {one["kind"] for one in listed if not one["is_deadline"]} == {"renewal"}


def test_an_empty_list_says_what_comes_next(acme):
    assert "Next: " in acme("deadlines", "--today", "2026-03-01", "--within", "5 days").out


def test_an_empty_register_says_how_to_begin(empty):
    assert "longstop import" in empty("deadlines").out


def test_without_a_terminal_there_is_neither_colour_nor_frame(acme):
    out = acme("deadlines", "--today", "2026-11-01").out
    assert "\x1b" not in out
    assert not set(out) & set("│─━┃╭")


def test_a_text_that_a_spreadsheet_would_run_is_quoted_in_csv(acme):
    acme("agreement", "add", "=cmd", "--counterparty", "X", "--effective-on", "2026-02-01", "--term", "12 months",
         "--renewal", "automatic", "--notice-period", "60 days")  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(acme("deadlines", "--today", "2026-11-01", "--csv").out)))
    assert sorted(row["reference"] for row in rows) == ["'=cmd", "ACME-7"]


def test_explain_goes_from_the_clause_to_the_day(acme):
    item = acme("explain", "ACME-7", "notice", "--today", "2026-11-01", "--json").item
    assert [step["n"] for step in item["steps"]] == list(range(1, len(item["steps"]) + 1))
    assert item["steps"][0]["rule"] == "term-end"
    assert item["safe_on"] in {step["on"] for step in item["steps"]}
    assert item["calendars"][0]["code"] == "DE:national"
    assert {one["code"] for one in item["assumptions"]} >= {"end-convention-unstated", "receipt-assumed"}
    assert {one["fact"] for one in item["sensitivity"]} >= {"convention", "counts_as"}


def test_where_no_law_is_known_it_says_that_no_holidays_are_counted(longstop):
    longstop.agreement()
    said = longstop("explain", "ACME-7", "notice").lines
    assert [line for line in said if line.startswith("No law is known") and "holidays" in line]
    longstop("agreement", "amend", "ACME-7", "--set", "governing_law=Germany", "--because", "cl. 20")
    told = longstop("explain", "ACME-7", "notice").out
    assert ("holidays" in told, "are taken" in told) == (False, False)


def test_explain_tells_who_has_it_since_when_and_until_when_it_is_quiet(acme):
    assert "Acknowledged" not in acme("explain", "ACME-7", "notice").out
    acme("ack", "ACME-7", "notice", "--as", "leo@example.com")
    first = acme("explain", "ACME-7", "notice").lines[0]
    assert first.startswith("Acknowledged by leo@example.com, Sun 22 Nov 2026 09:00")
    assert first.endswith("Still open.")


def test_explain_tells_what_moved_the_day_and_why(acme):
    acme("agreement", "amend", "ACME-7", "--set", "notice_period=90 days", "--because", "Amendment 2")
    (move,) = acme("explain", "ACME-7", "notice", "--json").item["changes"]
    assert move["new_on"] < move["old_on"]
    assert "Amendment 2" in move["because"]


def test_explain_shows_the_card(acme):
    lines = acme("explain", "ACME-7", "notice", "--today", "2026-11-01").lines
    assert lines[0].startswith("Send non-renewal notice to Acme Labs by ")
    assert any("LAST SAFE DAY" in line for line in lines)
    assert lines[-1].endswith("Computed aid, not legal advice.")


@pytest.mark.parametrize("words", [("NOPE",), ("ACME-7", "audit"), ("ACME-7", "notice", "--cycle", "99")])
def test_what_is_not_there_is_3(acme, words):
    acme("explain", *words, "--json", expect=3)


def test_calc_counts_as_the_design_says(empty):
    item = empty("calc", "90 days before 2027-12-31", "--rule", "us-contract", "--json").item
    assert (item["safe_on"], item["nominal_on"], item["latest_on"]) == ("2027-10-01", "2027-10-02", "2027-10-04")


def test_calc_knows_the_holidays_of_a_place(empty):
    item = empty("calc", "10bd after 2025-12-22", "--rule", "bgb", "--calendar", "DE-BY", "--json").item
    assert item["safe_on"] == "2026-01-09"


def test_calc_needs_no_register(empty):
    empty("calc", "7 clear days after 2026-03-02", "--rule", "cpr-2.8")
    assert not empty.data_dir.exists() or not (empty.data_dir / "longstop.db").exists()


@pytest.mark.parametrize(
    "words",
    [("90 before 2027-12-31",), ("soon",), ("90 days before yesterday",), ("1 day after today", "--rule", "x"),
     ("1 day after today", "--calendar", "GB"), ("1 day after today", "--roll", "sideways")],
)  # fmt: skip
def test_what_cannot_be_counted_is_wrong_usage(empty, words):
    empty("calc", *words, "--json", expect=2)


def test_what_reminds_nobody_is_said_to(longstop):
    longstop.agreement()
    longstop("obligation", "add", "ACME-7", "--kind", "return", "--name", "Samples", "--due", "2026-10-01")
    assert "[nobody is reminded]" in longstop("deadlines", "--overdue").out
    assert "nobody is reminded" in longstop("agreement", "show", "ACME-7").out
