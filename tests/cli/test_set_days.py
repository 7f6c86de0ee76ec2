"""Notice to the end of a quarter by the command line: read, explained, forecast, given."""


def leased(longstop, *more):
    words = ("agreement", "add", "LEA-1", "--counterparty", "Garagenpark", "--effective-on", "2024-01-15",
             "--last-on", "perpetual", "--owner", "olga@example.com", "--governing-law", "Germany",
             "--notice-via", "email")  # fmt: skip
    return longstop(*words, *more)


def test_words_are_read_explained_and_foretold(longstop):
    leased(longstop, "--notice-period", "drei Monate zum Quartalsende")
    item = longstop("agreement", "show", "LEA-1", "--json").item
    assert item["provisions"]["for_convenience"].startswith(
        "by either side on 3 months of notice, to the end of a quarter"
    )
    found = longstop("explain", "LEA-1", "leaving", "--cycle", "2027-03-31", "--json").item
    assert (found["safe_on"], found["consequence"]) == ("2026-12-31", "it goes on from Thu 1 Apr 2027")
    assert [step["rule"] for step in found["steps"]] == ["leaving-end", "notice-before", "roll", "buffer"]
    told = longstop("explain", "LEA-1", "leaving", "--cycle", "2027-03-31").out
    assert "the end of a quarter, on which notice may end it" in told
    assert "it goes on from Thu 1 Apr 2027" in told
    assert "Clear days: -1" in told
    ahead = longstop("forecast", "--until", "2027-01-31", "--reference", "LEA-1", "--json").items
    assert "2027-03-31" in {one["cycle"] for one in ahead}


def test_a_column_says_the_same_and_an_amendment_withdraws_the_days(longstop):
    leased(longstop, "--notice-period", "3 months", "--notice-ends", "year-end")
    assert longstop("explain", "LEA-1", "leaving", "--json").item["safe_on"] == "2027-09-30"
    changed = longstop("agreement", "amend", "LEA-1", "--set", "notice_ends=any day", "--because", "x", "--json").item
    assert changed["deadlines"]["withdrawn"] > 0
    assert longstop("agreement", "show", "LEA-1", "--json").item["open_deadlines"] == 0


def test_nobody_leaves_before_the_first_day_that_is_agreed(longstop):
    leased(longstop, "--notice-period", "drei Monate zum Quartalsende", "--earliest-end-on", "2028-12-31")
    item = longstop("agreement", "show", "LEA-1", "--json").item
    assert "not before 31 Dec 2028" in item["provisions"]["for_convenience"]
    found = longstop("explain", "LEA-1", "leaving", "--json").item
    assert (found["cycle"], found["safe_on"]) == ("2028-12-31", "2028-09-29")


def test_what_is_no_set_day_is_refused_with_what_to_write(longstop):
    words = ("agreement", "add", "LEA-1", "--counterparty", "G", "--notice-period", "3 months", "--notice-ends")
    refused = longstop(*words, "full moon", "--json", expect=2)
    assert "quarter-end, half-year-end, year-end" in refused.out
