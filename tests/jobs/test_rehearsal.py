"""A rehearsal runs the real engine on a copy, under a virtual clock, and sends nothing."""

import json
from datetime import date

import pytest

from config.checklists import load_checklists
from engine import operations as ops
from jobs.rehearsal import Rehearsal, rehearse
from jobs.rehearsal_answers import AnswersRefused, read_answers
from tests.support.databases import in_memory

ACK = '{"at": "2026-11-02T10:00", "by": "olga@example.com", "deadline": "ACME-7 notice", "operation": "ack"}'
DONE = (
    '{"at": "2026-11-26T10:00+01:00", "by": "ben@example.com", "deadline": "ACME-7 notice 0", "operation": "done", '
    '"evidence": "letter"}'
)
FAILED = (
    '{"at": "2026-02-27T10:00", "by": "olga@example.com", "deadline": "ACME-7 exit-test", "operation": "done", '
    '"evidence": "no keys", "result": "failed", "remedy_by": "2026-03-31", "retest_by": "2026-04-30"}'
)
NONE = '{"at": "2026-11-03T10:00", "by": "olga@example.com", "deadline": "NONE-1 notice", "operation": "ack"}'


def run(world, out, from_on="2026-01-05", until_on="2027-02-28", **said):
    database = in_memory()
    plan = Rehearsal(from_on=date.fromisoformat(from_on), until_on=date.fromisoformat(until_on), out=out, **said)
    summary = rehearse(world.monitor, database, plan)
    database.close()
    return summary


def told(out):
    rows = [json.loads(line) for line in (out / "messages.jsonl").read_text().splitlines()]
    return sorted(
        f"{row['send_at_local'][:16]} {row['recipient']['name']} {row['stage']}.{row['step']}" for row in rows
    )


def test_what_is_rehearsed_leaves_the_register_and_the_channels_alone(world, tmp_path):
    world.agreement()
    before = world.events()
    run(world, tmp_path)
    assert world.events() == before
    world.expect()
    assert world.clock.now() == world.instant("2026-01-05T09:00")


def test_answers_are_given_at_their_instant_and_refused_ones_are_reported(world, tmp_path):
    world.agreement()
    answers = read_answers([DONE, ACK, NONE], "Europe/Berlin")
    summary = run(world, tmp_path, answers=answers)
    assert told(tmp_path) == [
        "2026-09-07T08:30 Olga None.None",
        "2026-11-02T08:30 Olga -30d.0",
        "2026-11-25T08:30 Ben -7d.0",
        "2026-11-25T08:30 Olga -7d.0",
    ]
    assert [(one["result"], one["said"]) for one in summary.answers] == [
        ("applied", "Quiet until Wed 25 Nov 2026 08:30 Europe/Berlin; still open."),
        ("refused", "There is no deadline NONE-1 notice."),
        ("applied", "Done. Nothing more is sent about it."),
    ]


def test_a_test_is_answered_with_its_result_and_what_failed_is_owed(world, tmp_path):
    world.agreement()
    world.do(ops.plan_exit, "ACME-7", next(one for one in load_checklists() if one.name == "exit-bpo"))
    world.do(ops.plan_test, "ACME-7", due_on=date(2026, 2, 27))
    untold = FAILED.partition(', "result"')[0] + "}"
    remedied = DONE.replace("notice 0", "finding").replace("2026-11-26", "2026-03-30")
    passed = FAILED.replace("2026-02-27", "2026-04-29").partition(', "remedy_by"')[0].replace("failed", "passed") + "}"
    answers = read_answers([untold, FAILED, remedied, passed], "Europe/Berlin")
    summary = run(world, tmp_path, answers=answers, until_on="2026-05-04")
    assert [(one["deadline"], one["result"], one["said"]) for one in summary.answers] == [
        ("ACME-7 exit-test", "refused", "A test is done when it is said what it has shown."),
        ("ACME-7 exit-test", "applied", "Done. What it has shown is a finding: to remedy it is a deadline now."),
        ("ACME-7 finding", "applied", "Done. Nothing more is sent about it."),
        ("ACME-7 exit-test", "applied", "Done. Nothing more is sent about it."),
    ]


def test_a_rehearsal_that_begins_later_does_not_tell_what_was_told_before(world, tmp_path):
    world.agreement()
    summary = run(world, tmp_path, from_on="2026-11-09", until_on="2026-11-26")
    assert told(tmp_path)[0] == "2026-11-10T08:30 Mia -30d.2"
    assert not summary.is_walked_through


def test_the_past_is_walked_through_from_the_first_day(world, tmp_path):
    world.agreement("OLD-1", effective_on="2015-03-01", end="12 months")
    world.agreement("YOUNG-1", effective_on="2018-06-01", end="24 months")
    summary = run(world, tmp_path, from_on="2015-01-01", until_on="2018-06-30")
    assert (summary.is_walked_through, summary.agreements) == (True, 2)
    events = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    registered = [
        (one["at"][:10], one["payload"]["reference"]) for one in events if one["type"] == "AgreementRegistered"
    ]
    assert registered == [("2015-02-28", "OLD-1"), ("2018-05-31", "YOUNG-1")]  # midnight in Berlin
    renewed = [one["at"][:10] for one in events if one["type"] == "TermRenewed"]
    assert renewed == ["2016-02-29", "2017-02-28", "2018-02-28"]
    assert events[0]["position"] == 1


def test_mails_lie_beside_their_lines(world, tmp_path):
    world.agreement(end="2026-03-09")
    run(world, tmp_path, until_on="2026-01-06")
    rows = [json.loads(line) for line in (tmp_path / "messages.jsonl").read_text().splitlines()]
    assert [row["path"] for row in rows] == ["mail/000001.eml", "mail/000002.eml"]
    assert b"Subject: " in (tmp_path / rows[0]["path"]).read_bytes()


def test_calendars_are_rendered_on_the_first_day_each_new_year_and_the_last(world, tmp_path):
    days = []

    def feeds(monitor, day):
        days.append((day, monitor.clock.now().astimezone(world.zone).date()))
        return {"all": b"BEGIN:VCALENDAR\r\n"}

    world.agreement()
    run(world, tmp_path, feeds=feeds)
    assert days == [(day, day) for day in (date(2026, 1, 5), date(2027, 1, 1), date(2027, 2, 28))]
    assert (tmp_path / "feeds" / "2027-01-01" / "all.ics").read_bytes() == b"BEGIN:VCALENDAR\r\n"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", r"it is not understood\."),
        (ACK.replace('"by"', '"from"'), r"it does not say by\."),
        ('["ack"]', "it is not understood"),
        (ACK.replace('"ack"', '"forget"'), "there is no operation forget"),
        (ACK.replace('"ack"', '"snooze"'), "snooze needs until"),
        (ACK.replace("2026-11-02T10:00", "tomorrow"), "it is not understood"),
        (ACK.replace("2026-11-02T10:00", "9999-12-31T23:59:59-12:00"), "it is not understood"),
        (ACK.replace('"ack"', '"snooze", "until": "soon"'), 'until: "soon" is no day; write 2026-12-01.'),
        (ACK.replace('"ack"', '"snooze", "until": "9999-12-31"'), "until: 31 Dec 9999 is outside 1900 to 2200."),
        (ACK.replace('"ack"', '"done", "evidence": "x", "on": "13/2026"'), 'on: "13/2026" is no day'),
        (FAILED.replace("failed", "unclear"), 'result: "unclear" is none; write passed, or failed.'),
        (FAILED.replace("2026-03-31", "soon"), 'remedy_by: "soon" is no day'),
        (FAILED.replace('"result": "failed", ', ""), "it is not said what it has shown; write a result"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(line, why):
    with pytest.raises(AnswersRefused, match="Line 2 of the answers: " + why):
        read_answers([ACK, line], "UTC")
