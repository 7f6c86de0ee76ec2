"""``longstop disclosure``: what was handed over, with its own clock where the agreement gives it one."""

import pytest


@pytest.fixture
def nda(longstop):
    longstop("agreement", "add", "NDA-1", "--counterparty", "Acme", "--kind", "NDA", "--signed-on", "2026-02-02",
             "--effective-on", "2026-02-02", "--term", "3 years", "--renewal", "never", "--owner", "olga@example.com",
             "--survival", "5 years", "--survival-from", "each-disclosure")  # fmt: skip
    return longstop


def clocks(longstop):
    found = longstop("deadlines", "NDA-1", "--kind", "survival-end", "--markers", "--within", "9y", "--json").items
    return {(one["subject"], one["action"], one["nominal_on"]) for one in found}


def test_each_disclosure_starts_a_clock_and_a_withdrawn_one_stops_it(nda):
    nda("disclosure", "add", "NDA-1", "--what", "Source code", "--to", "Acme Labs", "--on", "2026-03-01")
    nda("disclosure", "add", "NDA-1", "--what", "Price list", "--on", "2026-04-01")
    assert {(subject, on) for subject, _, on in clocks(nda)} == {("s1-d1", "2031-03-01"), ("s1-d2", "2031-04-01")}
    nda("disclosure", "withdraw", "NDA-1", "d1", "--because", "It was never sent")
    assert {(subject, on) for subject, _, on in clocks(nda)} == {("s1-d2", "2031-04-01")}
    found = nda("disclosure", "list", "NDA-1", "--json").items
    assert [(one["id"], one["what"], one["withdrawn_because"]) for one in found] == [
        ("d1", "Source code", "It was never sent"),
        ("d2", "Price list", None),
    ]
    nda("disclosure", "withdraw", "NDA-1", "d1", "--because", "Again", expect=3)


def test_the_same_told_twice_is_one_disclosure(nda):
    nda("disclosure", "add", "NDA-1", "--what", "Source code", "--on", "2026-03-01")
    assert "already" in nda("disclosure", "add", "NDA-1", "--what", "Source code", "--on", "2026-03-01").out
    assert len(nda("disclosure", "list", "NDA-1", "--json").items) == 1


def test_what_nothing_protects_is_recorded_and_said_so(nda):
    said = nda("disclosure", "add", "NDA-1", "--what", "Talks", "--on", "2026-01-15")
    assert "before the agreement was signed on 2 Feb 2026" in said.out + said.err
    assert [one["what"] for one in nda("disclosure", "list", "NDA-1", "--json").items] == ["Talks"]


def test_what_has_not_come_yet_is_refused(nda):
    nda("disclosure", "add", "NDA-1", "--what", "Plans", "--on", "2026-12-24", expect=4)
    assert nda("disclosure", "list", "NDA-1", "--json").items == []


def test_what_is_asked_back_shows_its_day_and_then_that_it_is_back(nda):
    nda("asset", "add", "Compiler", "--kind", "source-code", "--agreement", "NDA-1")
    nda("disclosure", "add", "NDA-1", "--asset", "Compiler", "--to", "Jane Roe", "--on", "2026-03-01")
    said = nda("disclosure", "request-return", "NDA-1", "d1", "--by", "2027-01-04")
    assert "1 new" in said.out
    (one,) = nda("disclosure", "list", "NDA-1", "--json").items
    assert (one["what"], one["asset"], one["return_due_on"]) == ("Compiler", "Compiler", "2027-01-04")
    assert one["protected"] == {"by": "NDA-1", "until_on": "2031-03-01"}
    nda("done", "NDA-1", "return", "--evidence", "certificate 4711")
    assert nda("disclosure", "list", "NDA-1", "--json").items[0]["returned_on"] is not None
    assert "returned" in nda("disclosure", "list", "NDA-1").out
    nda("disclosure", "request-return", "NDA-1", "d7", expect=3)
    nda("disclosure", "request-return", "NDA-1", "d1", "--by", "2020-01-01", expect=4)


def test_an_asset_that_somebody_cannot_see_is_no_subject_of_a_disclosure(nda):
    nda("person", "role", "olga@example.com", "contributor")
    nda("agreement", "add", "NDA-2", "--counterparty", "Beta", "--kind", "NDA", "--owner", "leo@example.com")
    nda("asset", "add", "Recipe", "--kind", "trade-secret", "--agreement", "NDA-2")
    nda("agreement", "amend", "NDA-2", "--set", "restricted_to=leo@example.com", "--because", "Secret")
    nda("disclosure", "add", "NDA-1", "--asset", "Recipe", "--as", "olga@example.com", expect=3)
    nda("disclosure", "add", "NDA-1", expect=4)
