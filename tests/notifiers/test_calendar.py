import ast
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from lifecycle.milestones.milestone import MilestoneKind
from notifiers.calendar import Closed, CutOff, Detail, Reminders, entry_of, feed, left_out, todo
from notifiers.wording import clean
from tests.support.facts import HOSTILE, deadline
from tests.support.feed_facts import BASE_URL, notice, term_end, view
from tests.support.golden import GOLDEN, assert_golden
from tests.support.ics_lint import lint

ROOT = Path(__file__).parents[2]
GOLDEN_SHA256 = "e4ac2670593e88a3b0cced39f1f19389d68331eda05308a1ada620f69cc2edfe"


def body(*entries, settings=None, detail=Detail.FULL, reminders=Reminders.NONE):
    data = feed(settings or view(), entries, detail=detail, reminders=reminders)
    assert lint(data, base_url=BASE_URL) == []
    return data


def tasks(*entries, settings=None, detail=Detail.FULL):
    data = todo(settings or view(), entries, detail=detail)
    assert lint(data, kind="todo", base_url=BASE_URL) == []
    return data


def parts(data, name="VEVENT"):
    return Calendar.from_ical(data).walk(name)


def summaries(data, name="VEVENT"):
    return [str(part["SUMMARY"]) for part in parts(data, name)]


def test_the_golden_feed_is_the_one_of_the_design():
    data = body(notice(), term_end())
    assert_golden("feeds/golden.ics", data)
    assert (len(data), data.count(b"\r\n"), sha256(data).hexdigest()) == (1847, 52, GOLDEN_SHA256)


def test_the_order_of_the_rows_does_not_matter():
    assert body(term_end(), notice()) == body(notice(), term_end())


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_with_other_surroundings_makes_the_same_bytes(seed):
    script = (
        "import sys; from tests.support.feed_facts import *; from notifiers.calendar import *;"
        "sys.stdout.buffer.write(feed(view(), [term_end(), notice()], detail=Detail.FULL, reminders=Reminders.NONE))"
    )
    around = {"PYTHONHASHSEED": seed, "TZ": "Pacific/Kiritimati", "LANG": "de_DE.UTF-8", "PYTHONPATH": str(ROOT)}
    made = subprocess.run([sys.executable, "-c", script], env=os.environ | around, check=True, capture_output=True)
    assert made.stdout == (GOLDEN / "feeds/golden.ics").read_bytes()


def test_uids_come_from_the_key_alone():
    moved = notice(safe_on=date(2027, 3, 1), title="x", counterparty="y", reference="z", milestone_id="other")
    for one, other in zip(parts(body(notice())), parts(body(moved, detail=Detail.BUSY)), strict=True):
        assert one["UID"] == other["UID"]
    assert view().uid(f"{notice().name}/r30") == "93f0c5e1-4574-5351-bdc5-36e36f3da6c8"


def test_a_move_keeps_the_uid_and_raises_sequence_by_two_and_leaves_the_others_alone():
    changed_at = datetime(2026, 11, 10, 9, 0, 0, 999, tzinfo=UTC)
    moved = replace(notice(), safe_on=date(2026, 11, 30), revision=2, changed_at=changed_at)
    before, after = body(notice(), term_end()), body(moved, term_end())
    old, new = parts(before)[0], parts(after)[0]
    assert (new["UID"], new["SEQUENCE"], new["DTSTART"].dt) == (old["UID"], old["SEQUENCE"] + 2, date(2026, 11, 30))
    assert new["DTSTAMP"].dt == new["LAST-MODIFIED"].dt == datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
    assert before.split(b"BEGIN:VEVENT")[2] == after.split(b"BEGIN:VEVENT")[2]


def test_a_change_of_the_feed_stamps_every_entry():
    changed = view(changed_at=datetime(2026, 12, 24, tzinfo=UTC))
    stamps = {part["DTSTAMP"].dt for part in parts(body(notice(), term_end(), settings=changed))}
    assert stamps == {datetime(2026, 12, 24, tzinfo=UTC)}


def test_a_leap_day_ends_on_the_first_of_march():
    data = body(notice(safe_on=date(2028, 2, 29)))
    assert b"DTSTART;VALUE=DATE:20280229\r\nDTEND;VALUE=DATE:20280301\r\n" in data


CUT_OFF = CutOff(time(17, 0), "America/New_York")


def test_a_cut_off_stands_in_the_text_and_moves_no_day():
    data = body(notice(cut_off=CUT_OFF, counterparty="", title=""))
    assert summaries(data) == ["Last safe day, 17:00 America/New_York: send non-renewal notice"]
    assert b"DTSTART;VALUE=DATE:20261201\r\n" in data


def test_a_timed_feed_shows_the_half_hour_before_the_cut_off_in_utc():
    data = body(notice(cut_off=CUT_OFF), term_end(), settings=view(timed=True))
    assert b"DTSTART:20261201T213000Z\r\nDTEND:20261201T220000Z\r\n" in data
    assert b"DTSTART;VALUE=DATE:20270131\r\n" in data


def test_a_cut_off_in_a_gap_of_the_clocks_is_still_an_instant():
    night = notice(cut_off=CutOff(time(2, 30), "Europe/Berlin"), safe_on=date(2026, 3, 29))
    assert b"DTSTART:20260329T0029" in body(night, settings=view(timed=True))


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (Detail.BUSY, ["Deadline", "Date"]),
        (Detail.REDACTED, ["Last safe day: send notice {} MSA-0042", "Last day in force {} MSA-0042"]),
    ],
)
def test_less_detail_says_less(detail, said):
    data = body(notice(), term_end(), detail=detail)
    assert summaries(data) == [line.format("\N{EN DASH}") for line in said]
    assert Calendar.from_ical(data)["NAME"] == "Deadlines"
    assert all(("CATEGORIES" in part) == (detail is Detail.REDACTED) for part in parts(data))
    assert all("URL" in part for part in parts(data))


def test_redacted_says_whether_it_is_verified_and_where_to_look():
    first, second = parts(body(notice(), term_end(), detail=Detail.REDACTED))
    assert first["DESCRIPTION"] == f"Verified.\n{BASE_URL}/deadlines/k3v9q2"
    assert second["DESCRIPTION"] == f"Not verified.\n{BASE_URL}/agreements/h7m2x4#p8d1z6"
    assert [part["STATUS"] for part in (first, second)] == ["CONFIRMED", "TENTATIVE"]


def test_a_day_without_a_document_is_neither_verified_nor_unverified():
    day = notice(subject="training.handbook", kind=MilestoneKind.TRAINING, is_verified=False)
    for detail in (Detail.REDACTED, Detail.FULL):
        (part,) = parts(body(day, detail=detail))
        assert "erified" not in part["DESCRIPTION"]
        assert part["STATUS"] == "CONFIRMED"


def canary(**changes):
    word = "canary"
    secrets = {"counterparty": word, "title": word, "owner": word, "backup": word, "why": (word,), "action": word}
    return notice(**(secrets | {"consequence": word, "readings": word} | changes))


@pytest.mark.parametrize("detail", [Detail.BUSY, Detail.REDACTED])
@pytest.mark.parametrize("closed", [None, Closed("decided", datetime(2026, 11, 20, tzinfo=UTC), "canary")])
def test_no_word_of_an_agreement_is_in_a_feed_below_full(detail, closed):
    settings = view(name="canary")
    assert b"canary" not in body(
        canary(closed=closed), settings=settings, detail=detail, reminders=Reminders.BOTH
    ) + tasks(canary(closed=closed), settings=settings, detail=detail)
    assert b"canary" in body(canary())


def test_a_restricted_agreement_is_redacted_in_a_full_feed():
    data = body(canary(is_restricted=True), term_end(), reminders=Reminders.BOTH)
    assert b"canary" not in data
    assert b"Hosting MSA" in data


def test_what_is_closed_says_how_and_is_struck_through():
    at = datetime(2026, 11, 20, tzinfo=UTC)
    for how, choice, head in (
        ("done", "", "Done: "),
        ("decided", "let-lapse", "Decided, let lapse: "),
        ("waived", "", "Waived: "),
        ("withdrawn", "", "Withdrawn: "),
    ):
        closed = notice(closed=Closed(how, at, choice))
        data = body(closed, reminders=Reminders.BOTH)
        (part,) = parts(data)
        assert str(part["SUMMARY"]).startswith(f"{head}Last safe day: send non-renewal notice")
        assert (part["STATUS"], part["SEQUENCE"]) == ("CANCELLED", 3)
        assert b"VALARM" not in data
        assert summaries(body(closed, detail=Detail.BUSY)) == ["Closed"]


def test_reminders_are_events_before_an_open_deadline():
    data = body(notice(), term_end(), settings=view(reminder_days=(30, 7, 200)), reminders=Reminders.EVENTS)
    told = [(part["DTSTART"].dt, str(part["SUMMARY"])[:34]) for part in parts(data)]
    assert told == [
        (date(2026, 11, 1), "In 30 days: send non-renewal notic"),
        (date(2026, 11, 24), "In 7 days: send non-renewal notice"),
        (date(2026, 12, 1), "Last safe day: send non-renewal no"),
        (date(2027, 1, 31), "Last day in force \N{EN DASH} Acme Labs GmbH"),
    ]  # 200 days before is before the window
    assert ["DESCRIPTION" in part for part in parts(data)] == [False, False, True, True]
    assert b"VALARM" not in data


@pytest.mark.parametrize(
    ("days", "settings", "trigger"),
    [
        ((1,), {}, b"TRIGGER:-PT15H\r\n"),
        ((30, 7), {}, b"TRIGGER:-P6DT15H\r\n"),
        ((30,), {}, b"TRIGGER:-P29DT15H\r\n"),
        ((7,), {"timed": True}, b"TRIGGER:-P7D\r\n"),
    ],
)
def test_an_alarm_rings_at_nine_of_the_readers_clock(days, settings, trigger):
    data = body(
        notice(cut_off=CUT_OFF), term_end(), settings=view(reminder_days=days, **settings), reminders=Reminders.ALARMS
    )
    assert data.count(b"BEGIN:VALARM") == 1
    assert trigger in data
    assert len(parts(data)) == 2


def test_an_empty_feed_holds_one_day_that_says_so():
    data = body()
    assert summaries(data) == ["No deadlines in this feed"]
    assert parts(data)[0]["UID"] == view().uid("feed/7/empty")
    assert parts(data)[0]["DTSTART"].dt == date(2026, 9, 1)


def test_the_side_feed_holds_deadlines_as_things_to_do():
    data = tasks(notice(), term_end())
    (part,) = parts(data, "VTODO")
    assert (part["DUE"].dt, part["STATUS"]) == (date(2026, 12, 1), "NEEDS-ACTION")
    assert part["UID"] == view().uid(f"{notice().name}/todo")
    assert b"VEVENT" not in data


def test_a_thing_done_is_completed_and_a_thing_waived_is_cancelled():
    at = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    done, waived = (parts(tasks(notice(closed=Closed(how, at))), "VTODO")[0] for how in ("done", "waived"))
    assert (done["STATUS"], done["COMPLETED"].dt) == ("COMPLETED", at)
    assert (waived["STATUS"], waived.get("COMPLETED")) == ("CANCELLED", None)


def test_an_empty_list_of_things_to_do_holds_one_that_is_done():
    assert [str(part["STATUS"]) for part in parts(tasks(term_end()), "VTODO")] == ["COMPLETED"]


def many(count):
    kinds = [MilestoneKind.NOTICE, MilestoneKind.AUDIT, MilestoneKind.TERM_END]
    return [
        notice(
            holder=f"a{n}",
            kind=kinds[n % 3],
            is_deadline=n % 3 != 2,
            milestone_id=f"m{n}",
            safe_on=date(2026, 12, 1) + timedelta(days=n),
        )
        for n in range(count)
    ]


def kept(data):
    return [str(part["CATEGORIES"].to_ical(), "utf-8") if "CATEGORIES" in part else "" for part in parts(data)]


def test_what_fits_is_all_told():
    assert left_out(view(), many(9), detail=Detail.FULL, reminders=Reminders.NONE) == 0


def sized(share, reminders=Reminders.NONE):
    entries = many(30)
    size = len(feed(view(), entries, detail=Detail.FULL, reminders=reminders))
    settings = view(max_bytes=int(size * share))
    return settings, entries, body(*entries, settings=settings, reminders=reminders)


def test_above_the_cap_reminders_go_first_from_the_latest_day_on():
    settings, entries, data = sized(0.9, Reminders.EVENTS)
    told = [summary for summary in summaries(data) if summary.startswith("In ")]
    assert 0 < len(told) < 40
    assert max(part["DTSTART"].dt for part in parts(data) if str(part["SUMMARY"]).startswith("In ")) < date(
        2026, 12, 25
    )
    assert len(data) <= settings.max_bytes
    assert left_out(settings, entries, detail=Detail.FULL, reminders=Reminders.EVENTS) == 0


def test_above_the_cap_descriptions_go_before_entries():
    settings, entries, data = sized(0.8)
    assert len(parts(data)) == len(entries)
    described = [part for part in parts(data) if "DESCRIPTION" in part]
    assert all(part in described for part in parts(data) if part["CATEGORIES"].to_ical() == b"notice")
    assert len(described) < len(entries)
    assert len(data) <= settings.max_bytes


def test_far_above_the_cap_only_notices_are_left_and_the_feed_says_how_many_are_not():
    settings, entries, data = sized(0.2)
    assert kept(data) == ["notice"] * 10
    assert left_out(settings, entries, detail=Detail.FULL, reminders=Reminders.NONE) == 20
    assert str(Calendar.from_ical(data)["X-WR-CALDESC"]).endswith("20 entries left out.")


def test_markers_go_before_deadlines():
    _, _, data = sized(0.5)
    assert "audit" in kept(data)
    assert kept(data).count("audit") > kept(data).count("term-end")


@pytest.mark.parametrize("title", vars(HOSTILE).values(), ids=vars(HOSTILE).keys())
def test_hostile_texts_stay_in_their_property(title):
    data = body(notice(title=title, counterparty=title, owner=title, reference=title, why=(title,)))
    (part,) = parts(data)
    assert part.property_items()[0] == ("BEGIN", b"VEVENT")
    assert "ATTENDEE" not in part


def test_a_title_that_looks_like_a_property_stays_in_the_summary():
    (part,) = parts(body(notice(title="A\r\nATTENDEE:x", counterparty="a,b;c\\d")))
    assert str(part["SUMMARY"]).endswith("a,b;c\\d \N{EN DASH} A ATTENDEE:x")
    assert "ATTENDEE" not in part


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_lints_clean_and_parses_back(title, owner):
    entry = notice(title=title, counterparty="", owner=owner)
    data = body(entry, reminders=Reminders.BOTH, settings=view(name=title))
    assert len(parts(data)) == 3
    assert Calendar.from_ical(data).errors == []
    tasks(entry)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=60).map(str.strip))
def test_what_is_harmless_comes_back_as_it_went_in(title):
    (part,) = parts(body(notice(title=title, counterparty="Acme"), detail=Detail.FULL))
    expected = clean(title, 60)
    assert str(part["SUMMARY"]) == clean(
        " \N{EN DASH} ".join(["Last safe day: send non-renewal notice", "Acme", *([expected] if title else [])]), 200
    )


def test_a_deadline_becomes_an_entry_with_its_words():
    entry = entry_of(deadline(is_verified=True), "n1", changed_at=datetime(2026, 11, 3, tzinfo=UTC))
    (part,) = parts(body(replace(entry, cut_off=None)))
    assert str(part["DESCRIPTION"]).split("\n") == [
        "Send non-renewal notice by Tue 1 Dec 2026, or it renews for 12 months.",
        "31 Jan 2027: the term ends: 1 Feb 2024 + 36 months - 1 day (cl. 2.1, p. 3).",
        "2 Dec 2026: 60 days before, the day of notice not counted (cl. 12.3, p. 9).",
        "1 Dec 2026: courier: received the next business day (cl. 18.2).",
        "Readings: safe 1, nominal 2, latest 2 Dec 2026.",
        "Owner Dana Krüger, backup Bela Novák. MSA-0042. Computed aid, not legal advice.",
        f"{BASE_URL}/deadlines/k3v9q2",
    ]
    assert b"240" not in body(entry)


FORBIDDEN = {"new", "add_missing_timezones", "validate", "uuid4", "now", "today", "environ", "getenv", "time"}


def test_the_renderer_asks_no_clock_no_surroundings_and_no_random_source():
    for path in sorted((ROOT / "notifiers/calendar").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                assert node.attr not in FORBIDDEN, f"{path.name}:{node.lineno} {node.attr}"
            if isinstance(node, ast.ImportFrom) and node.module in {"uuid", "os", "random", "time"}:
                assert {alias.name for alias in node.names} <= {"UUID", "uuid5"}
