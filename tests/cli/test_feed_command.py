"""``longstop feed render``: the window, what is closed, rights, and bytes that stay the same."""

from datetime import date, timedelta

import icalendar
import pytest

from tests.support.ics_lint import lint


def body(longstop, *words):
    return longstop("feed", "render", *words).out.encode()


def events(data):
    return {
        f"{one['CATEGORIES'].to_ical().decode()} {one.decoded('DTSTART')}": one
        for one in icalendar.Calendar.from_ical(data).walk("VEVENT")
    }


def next_notice(longstop):
    return longstop("deadlines", "--kind", "notice", "--within", "36m", "--json").items[0]


def test_a_deadline_is_an_entry_on_its_last_safe_day(longstop):
    longstop.agreement()
    due = next_notice(longstop)
    data = body(longstop)
    entry = events(data)[f"notice {due['safe_on']}"]
    assert "Acme Labs" in entry["SUMMARY"]
    assert entry.decoded("DTEND") == date.fromisoformat(due["safe_on"]) + timedelta(1)
    assert entry["STATUS"] == "TENTATIVE"
    assert lint(data, base_url="http://localhost:8080") == []


@pytest.mark.parametrize("reminders", ["none", "events", "alarms", "both"])
@pytest.mark.parametrize("detail", ["busy", "redacted", "full"])
def test_every_kind_of_feed_is_sound(longstop, detail, reminders):
    longstop.agreement()
    data = body(longstop, "--detail", detail, "--reminders", reminders, "--reminder-days", "20")
    assert lint(data, base_url="http://localhost:8080") == []
    assert (b"Acme" in data) is (detail == "full")
    assert (b"BEGIN:VALARM" in data) is (reminders in {"alarms", "both"})
    assert (b"In 20 days" in data) is (reminders in {"events", "both"})


def test_the_same_register_gives_the_same_bytes_on_every_day_of_a_month(longstop):
    longstop.agreement()
    first = body(longstop, "--today", "2027-03-01")
    assert body(longstop, "--today", "2027-03-31") == first
    assert body(longstop, "--today", "2027-04-01") != first


def test_an_acknowledgement_changes_no_byte_and_an_outcome_does(longstop):
    longstop.agreement()
    due = next_notice(longstop)
    before = body(longstop)
    longstop.now += timedelta(hours=1)
    longstop("ack", due["id"])
    assert body(longstop) == before
    number = events(before)[f"notice {due['safe_on']}"]["SEQUENCE"]
    longstop("waive", due["id"], "--because", "They leave anyway")
    entry = events(body(longstop))[f"notice {due['safe_on']}"]
    assert entry["STATUS"] == "CANCELLED"
    assert entry["SEQUENCE"] > number
    assert entry["SUMMARY"].startswith("Waived: ")


def test_what_was_closed_goes_with_the_month_in_which_14_days_are_over(longstop):
    longstop.agreement()
    due = next_notice(longstop)
    longstop("waive", due["id"], "--because", "They leave anyway")
    closed_on = date.fromisoformat(longstop("config", "docs", "--json").document["today"])
    gone_on = (closed_on + timedelta(14) + timedelta(31)).replace(day=1)
    gone_on = gone_on if gone_on > closed_on + timedelta(14) else (gone_on + timedelta(31)).replace(day=1)
    told = f"notice {due['safe_on']}"
    assert told in events(body(longstop, "--today", gone_on - timedelta(1)))
    assert told not in events(body(longstop, "--today", gone_on))


def test_what_was_withdrawn_stays_and_says_so(longstop):
    longstop.agreement()
    due = next_notice(longstop)
    longstop("agreement", "archive", "ACME-7", "--because", "Replaced")
    entry = events(body(longstop))[f"notice {due['safe_on']}"]
    assert entry["SUMMARY"].startswith("Withdrawn: ")
    assert {one["STATUS"] for one in events(body(longstop)).values()} == {"CANCELLED"}


def test_the_window_is_whole_months(longstop):
    told = longstop("feed", "render", "--today", "2026-11-21", "--out", longstop.data_dir / "a.ics", "--json").item
    assert (told["first_on"], told["last_on"]) == ("2026-08-01", "2028-11-30")
    shorter = longstop("feed", "render", "--today", "2026-11-21", "--months-ahead", "3", "--json").item
    assert (shorter["first_on"], shorter["last_on"]) == ("2026-08-01", "2027-02-28")


def test_a_search_chooses_and_the_window_replaces_due_and_overdue(longstop):
    longstop.agreement("ACME-7", "--tags", "critical")
    longstop.agreement("ACME-8")
    everything = events(body(longstop))
    chosen = body(longstop, "tag:critical", "due:<1d", "is:overdue")
    assert events(chosen).keys() == everything.keys()  # both agreements have the same days
    assert b"ACME-7" in chosen
    assert b"ACME-8" not in chosen


def test_a_reader_sees_what_they_may_see_and_no_trace_of_the_rest(longstop):
    longstop.agreement("ACME-7", "--restricted-to", "leo@example.com")
    assert b"ACME-7" in body(longstop, "--for", "leo@example.com")
    hidden = body(longstop, "--for", "mia@example.com")
    assert b"ACME-7" not in hidden
    assert b"No deadlines in this feed" in hidden
    assert b"Acme Labs" not in body(longstop)  # a restricted agreement tells its reference alone


def test_an_owner_and_kinds_choose(longstop):
    longstop.agreement("ACME-7")
    longstop.agreement("ACME-8", owner="ben@example.com")
    mine = body(longstop, "--owner", "ben@example.com", "--kind", "notice")
    assert b"ACME-7" not in mine
    assert {one.split()[0] for one in events(mine)} == {"notice"}


def test_an_empty_feed_is_sound_and_the_same_tomorrow(longstop):
    data = body(longstop, "--today", "2027-03-01")
    assert lint(data, base_url="http://localhost:8080") == []
    assert body(longstop, "--today", "2027-03-09") == data


def test_a_file_is_written_whole(longstop, tmp_path):
    longstop.agreement()
    out = tmp_path / "files" / "deadlines.ics"
    out.parent.mkdir()
    told = longstop("feed", "render", "--out", out)
    assert told.lines == [f"{out}: {len(events(out.read_bytes()))} entries."]
    assert out.read_bytes() == body(longstop)
    assert list(out.parent.iterdir()) == [out]


def test_a_to_do_list_holds_deadlines_alone(longstop):
    longstop.agreement()
    data = body(longstop, "--todo")
    assert lint(data, kind="todo", base_url="http://localhost:8080") == []
    assert b"CATEGORIES:notice" in data
    assert b"CATEGORIES:term-end" not in data


def test_more_than_the_house_allows_is_refused(longstop, monkeypatch):
    longstop.agreement()
    monkeypatch.setenv("LONGSTOP_FEED_MAX_DETAIL", "redacted")
    refused = longstop("feed", "render", "--detail", "full", "--json", expect=4).document
    assert refused["code"] == "feed-detail"
    assert b"Acme" not in body(longstop)


@pytest.mark.parametrize(
    "words",
    [
        ("--months-ahead", "2"),
        ("--months-ahead", "61"),
        ("--reminder-days", "0"),
        ("--reminder-days", "366"),
        ("--detail", "everything"),
        ("--kind", "party"),
        ("colour:red",),
        ("is:acknowledged",),
        ("tag:critical", "is:snoozed"),
    ],
)
def test_what_a_feed_cannot_be_is_wrong_usage(longstop, words):
    assert longstop("feed", "render", *words, expect=2).out == ""


def test_somebody_unknown_is_not_found(longstop):
    longstop("feed", "render", "--for", "nobody@example.com", expect=3)
