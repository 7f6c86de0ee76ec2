"""``longstop silence`` and ``longstop person absence``: who is not told for a while, and who is told instead."""

import pytest

SILENCE = ("silence", "add", "acme", "--until", "2026-12-01", "--because", "The merger")


def test_a_silence_is_added_listed_and_ended(longstop):
    added = longstop(*SILENCE, "--json").item
    assert (added["mode"], added["search"], added["ended_at"], added["held"]) == ("hold", "acme", None, 0)
    assert [one["id"] for one in longstop("silence", "list", "--json").items] == [added["id"]]
    assert longstop("silence", "end", added["id"], "--json").item["result"] == "ended"
    assert longstop("silence", "end", added["id"]).out.startswith(f"Silence {added['id']} was over already")
    assert "over" in longstop("silence", "list").out


def test_the_last_day_of_a_silence_counts_whole_and_times_are_those_of_the_house(longstop, monkeypatch):
    monkeypatch.setenv("LONGSTOP_TIME_ZONE", "Europe/Berlin")
    told = longstop(*SILENCE)
    assert told.out.endswith("added: hold, until 2026-12-02 08:30 Europe/Berlin.\n")
    (kept,) = longstop("silence", "list", "--json").items
    assert kept["ends_at"] == "2026-12-02T07:30:00Z"
    listed = longstop("silence", "list")
    assert "Ends (Europe/Berlin)" in listed.lines[0]
    assert "2026-12-02 08:30" in listed.lines[1]
    today = longstop(*SILENCE[:3], "--until", "today", "--because", "x")
    assert today.out.endswith("2026-11-23 08:30 Europe/Berlin.\n")


@pytest.mark.parametrize(("until", "code"), [("2026-11-21", 4), ("+92d", 0), ("+93d", 4), ("2200-12-31", 4)])
def test_the_last_day_of_a_silence_is_today_or_within_a_quarter_of_a_year(longstop, until, code):
    told = longstop(*SILENCE[:3], "--until", until, "--because", "x", "--json", expect=code).document
    if code:
        assert told["code"] == "silence-refused"
        assert told["remedy"] == "Its last day is one from today to 22 Feb 2027."


def test_a_trial_silences_nothing(longstop):
    assert longstop(*SILENCE, "--dry-run", "--json").item["is_dry_run"] is True
    assert longstop("silence", "list").out == "Nothing is silenced.\n"


def test_a_silence_is_of_a_known_mode_and_has_an_end_ahead(longstop):
    longstop(*SILENCE, "--mode", "loud", expect=2)
    assert longstop(*SILENCE[:3], "--until", "2026-11-01", "--because", "x", "--json", expect=4).document["code"] == (
        "silence-refused"
    )


def test_only_who_governs_may_silence(longstop):
    longstop(*SILENCE, "--as", "ben@example.com", expect=4)
    assert longstop(*SILENCE, "--as", "leo@example.com", "--json").item["author"] == "leo@example.com"


def test_somebody_is_away_and_back(longstop):
    words = ("person", "absence", "olga@example.com")
    away = longstop(*words, "--until", "2026-12-24", "--delegate", "ben@example.com", "--json").item
    assert [(one["delegate"], one["mode"], one["from_on"], one["until_on"]) for one in (away, *away["absences"])] == [
        ("ben@example.com", "instead", "2026-11-22", "2026-12-24")
    ] * 2
    assert away["result"] == "away"
    assert longstop(*words, "--until", "2026-12-30", "--delegate", "ben@example.com", "--json", expect=4).document[
        "code"
    ] == "absence-refused"  # fmt: skip
    assert longstop(*words, "--end").out == "olga@example.com is back.\n"
    here = longstop(*words, "--end", "--json").item
    assert (here["result"], here["person"], here["id"], here["absences"]) == (
        "here already", "olga@example.com", None, []
    )  # fmt: skip


def test_both_may_be_asked(longstop):
    words = ("--until", "2026-12-24", "--delegate", "ben@example.com", "--also", "--json")
    assert longstop("person", "absence", "olga@example.com", *words).item["mode"] == "also"


def test_everybody_says_for_themselves_when_they_are_away(longstop):
    words = ("person", "absence", "olga@example.com", "--until", "+3d", "--delegate", "ben@example.com")
    longstop(*words, "--as", "ben@example.com", expect=4)
    longstop(*words, "--as", "olga@example.com")


def test_an_absence_has_an_end_and_a_delegate(longstop):
    longstop("person", "absence", "olga@example.com", "--until", "+3d", expect=2)
    longstop("person", "absence", "olga@example.com", expect=2)
