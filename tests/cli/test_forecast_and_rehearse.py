"""``forecast`` and ``rehearse``: what will be sent."""

import json

import pytest


@pytest.fixture
def acme(longstop):
    longstop.agreement()
    return longstop


def test_a_rehearsal_writes_messages_log_calendars_and_summary(acme, tmp_path):
    out = tmp_path / "out"
    item = acme("rehearse", "--from", "today", "--until", "+60d", "--out", out, "--json").item
    written = {path.name for path in out.iterdir()}
    assert {"messages.jsonl", "events.jsonl", "summary.json", "feeds"} <= written
    messages = [json.loads(line) for line in (out / "messages.jsonl").read_text().splitlines()]
    assert len(messages) == item["counts"]["messages"] > 3
    assert {one["reference"] for one in messages if one["reference"]} == {"ACME-7"}
    assert list((out / "feeds").rglob("*.ics"))


def test_a_rehearsal_changes_nothing(acme, tmp_path):
    before = acme("log", "verify", "--json").item
    acme("rehearse", "--from", "today", "--until", "+60d", "--out", tmp_path / "out")
    assert acme("log", "verify", "--json").item == before


def test_a_folder_that_is_not_empty_is_left_alone(acme, tmp_path):
    (tmp_path / "kept.txt").write_text("kept")
    acme("rehearse", "--from", "today", "--until", "+60d", "--out", tmp_path, expect=2)
    acme("rehearse", "--from", "today", "--until", "-60d", "--out", tmp_path / "out", expect=2)


def test_answers_are_given_in_a_rehearsal(acme, tmp_path):
    answers = tmp_path / "answers.jsonl"
    said = {"at": "2026-11-24T09:00:00Z", "by": "olga@example.com", "deadline": "ACME-7 notice", "operation": "ack"}
    answers.write_text(json.dumps(said) + "\n")
    item = acme(
        "rehearse", "--from", "today", "--until", "+9d", "--out", tmp_path / "out", "--answers", answers, "--json"
    ).item
    assert [answer["result"] for answer in item["answers"]] == [
        "noted"
    ]  # so near its day the stage asks for a decision


def test_a_rehearsal_tells_which_answers_were_refused_and_why(acme, tmp_path):
    answers = tmp_path / "answers.jsonl"
    said = {"at": "2026-11-24T09:00:00Z", "by": "olga@example.com", "deadline": "ACME-7 notice", "operation": "ack"}
    answers.write_text("\n".join(json.dumps({**said, "deadline": one}) for one in ("ACME-7 notice", "ACME-7 fee")))
    told = acme("rehearse", "--from", "today", "--until", "+9d", "--out", tmp_path / "out", "--answers", answers).lines
    assert told[-2:] == [
        "  Answers: 1 noted, 1 refused",
        "    ACME-7 fee, ack by olga@example.com: There is no deadline ACME-7 fee.",
    ]


def test_a_forecast_tells_who_will_hear_what_and_when(acme):
    answer = acme("forecast", "--until", "+30d", "--json")
    assert {one["reference"] for one in answer.items} == {"ACME-7"}
    assert {one["recipient"]["address"] for one in answer.items} >= {"olga@example.com", "ben@example.com"}
    assert [one["send_at"] for one in answer.items] == sorted(one["send_at"] for one in answer.items)
    assert answer.document["until_on"] == "2026-12-22"


def test_a_forecast_of_one_person_or_one_agreement_is_part_of_the_whole(acme):
    acme.agreement("BETA-1")
    whole = {one["dedupe_key"] for one in acme("forecast", "--until", "+30d", "--json").items}
    of_ben = acme("forecast", "--until", "+30d", "--recipient", "ben@example.com", "--json").items
    of_beta = acme("forecast", "--until", "+30d", "--reference", "BETA-1", "--json").items
    assert {one["recipient"]["address"] for one in of_ben} == {"ben@example.com"}
    assert {one["reference"] for one in of_beta} == {"BETA-1"}
    assert {one["dedupe_key"] for one in of_ben + of_beta} < whole


def test_a_forecast_that_is_not_empty_can_end_with_10(acme):
    acme("forecast", "--until", "+30d", "--exit-code", expect=10)
    acme("forecast", "--until", "+30d", "--reference", "NOPE", expect=3)
