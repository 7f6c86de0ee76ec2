"""``ack`` to ``pin``: what people answer, and with which rights."""

from datetime import timedelta

import pytest


@pytest.fixture
def acme(longstop):
    longstop.agreement()
    return longstop


def state(longstop):
    return longstop("explain", "ACME-7", "notice", "--cycle", 0, "--json").item["state"]


def test_an_acknowledgement_is_applied_once(acme):
    assert acme("ack", "ACME-7", "notice", "--json").item["result"] == "applied"
    assert acme("ack", "ACME-7", "notice", "--json").item["result"] == "already"
    assert acme("undo", "ACME-7", "notice", "--json").item["result"] == "applied"
    assert state(acme) == "open"


def test_an_old_revision_is_stale(acme):
    assert acme("ack", "ACME-7", "notice", "--revision", 7, "--json", expect=4).item["result"] == "stale"
    assert state(acme) == "open"


def test_a_deadline_goes_by_its_id_too(acme):
    (one, *_) = acme("deadlines", "--until", "+3y", "--json").items
    assert acme("ack", one["id"], "--json").item["deadline"]["state"] == "acknowledged"


def test_a_snooze_beyond_its_limit_names_the_latest_day(acme):
    refused = acme("snooze", "ACME-7", "notice", "--cycle", 3, "--until", "+90d", "--json", expect=4)
    assert "latest day allowed" in refused.document["remedy"]
    assert acme("snooze", "ACME-7", "notice", "--cycle", 3, "--until", "+5d", "--json").item["result"] == "applied"


def test_done_keeps_the_file_and_tells_its_name_and_hash(acme, tmp_path):
    receipt = tmp_path / "receipt.pdf"
    receipt.write_bytes(b"%PDF")
    acme("done", "ACME-7", "notice", "--evidence", receipt, "--dry-run")
    assert not [path for path in acme.data_dir.rglob("documents/*/*") if path.is_file()]
    outcome = acme("done", "ACME-7", "notice", "--evidence", receipt, "--json").item["deadline"]["outcome"]
    (kept,) = [path for path in acme.data_dir.rglob("documents/*/*") if path.is_file()]
    assert outcome["evidence"] == f"receipt.pdf (sha256 {kept.name})"
    assert kept.read_bytes() == b"%PDF"
    assert outcome["kind"] == "done"


def test_an_outcome_can_be_taken_back(acme):
    acme("done", "ACME-7", "notice", "--evidence", "sent")
    assert acme("reopen", "ACME-7", "notice", "--because", "it came back", "--json").item["deadline"]["state"] == "open"


def test_what_was_withdrawn_later_is_not_taken_for_the_outcome_that_is_taken_back(acme):
    acme("done", "ACME-7", "notice", "--evidence", "by courier")
    answer = acme("agreement", "amend", "ACME-7", "--set", "term=60 months", "--because", "Amendment 2", "--json")
    assert answer.item["deadlines"]["withdrawn"] > 0
    acme("reopen", "ACME-7", "notice", "--because", "the courier lost it")
    assert state(acme) == "open"


def test_a_decision_that_leaves_a_duty_says_what_is_left(acme):
    item = acme("decide", "ACME-7", "notice", "stop-renewal", "--json").item
    assert "not been told" in item["said"]
    assert item["deadline"]["outcome"] is None
    assert item["deadline"]["decision"]["choice"] == "stop-renewal"


def test_what_is_decided_too_late_is_not_said_to_be_served_as_if_in_time(acme):
    acme.now += timedelta(days=20)
    said = acme("decide", "ACME-7", "notice", "stop-renewal").out
    assert "This renewal can no longer be stopped: the time for its notice ended on" in said
    assert "A notice served now ends the term after" in said
    assert "then say done" not in said


def test_a_snooze_until_today_is_not_said_to_be_a_day_gone_by(acme):
    refused = acme("snooze", "ACME-7", "notice", "--cycle", 3, "--until", "today", "--json", expect=4).document
    assert "which is today: Sun 22 Nov 2026 08:30 UTC has passed" in refused["detail"]
    over = acme("snooze", "ACME-7", "notice", "--cycle", 3, "--until", "-1d", "--json", expect=4).document
    assert ", which is over" in over["detail"]


def test_a_decision_under_the_wrong_word_names_the_right_one(acme):
    assert "stop-renewal" in acme("decide", "ACME-7", "notice", "let-lapse", "--json", expect=4).document["remedy"]


def test_a_decision_without_a_choice_is_wrong_usage(acme):
    acme("decide", "ACME-7", expect=2)


def test_waiving_and_pinning_are_legals(acme):
    acme("person", "role", "olga@example.com", "contributor")
    acme("waive", "ACME-7", "notice", "--because", "x", "--as", "olga@example.com", "--json", expect=4)
    acme("pin", "ACME-7", "notice", "--on", "2026-11-20", "--because", "board", "--as", "leo@example.com")
    item = acme("explain", "ACME-7", "notice", "--json").item
    assert (item["safe_on"], item["is_pinned"], item["pin"]["by"]) == ("2026-11-20", True, "leo@example.com")
    acme("waive", "ACME-7", "notice", "--because", "x", "--as", "leo@example.com")
    assert state(acme) == "waived"


def test_whoever_it_is_assigned_to_may_answer(acme):
    acme("ack", "ACME-7", "notice", "--as", "mia@example.com", expect=4)
    acme("assign", "ACME-7", "notice", "--to", "mia@example.com")
    acme("ack", "ACME-7", "notice", "--as", "mia@example.com")


def test_nobody_who_left_acts_or_is_asked(acme):
    acme("person", "disable", "mia@example.com", "--yes")
    acme("ack", "ACME-7", "notice", "--as", "mia@example.com", expect=4)
    acme("assign", "ACME-7", "notice", "--to", "mia@example.com", expect=4)
    acme("ack", "ACME-7", "notice", "--as", "nobody@example.com", expect=3)


def test_verified_is_verified_once(acme):
    assert acme("verify", "ACME-7", "notice", "--json").item["result"] == "applied"
    assert acme("verify", "ACME-7", "notice", "--json").item["result"] == "already"
    assert acme("accept", "ACME-7", "notice", "--json").item["result"] == "already"


def test_a_trial_keeps_nothing(acme):
    assert acme("done", "ACME-7", "notice", "--evidence", "x", "--dry-run", "--json").item["is_dry_run"] is True
    assert state(acme) == "open"


def test_a_marker_asks_nobody(acme):
    assert "marker" in acme("ack", "ACME-7", "renewal", "--json", expect=4).document["detail"]


def test_who_did_it_stands_in_the_log(acme):
    acme("ack", "ACME-7", "notice", "--as", "leo@example.com")
    last = acme("agreement", "show", "ACME-7", "--json").item["history"][-1]
    assert (last["type"], last["actor"], last["channel"]) == ("MilestoneAcknowledged", "leo@example.com", "cli")


def test_the_same_said_twice_is_said_once(acme):
    acme("obligation", "add", "ACME-7", "--name", "SOC 2", "--kind", "audit", "--due", "2027-03-31")

    def events():
        return len(acme("agreement", "show", "ACME-7", "--json").item["history"])

    def result(*words):
        return acme(*words, "--json").item["result"]

    snooze = ("snooze", "ACME-7", "notice", "--until", "+3d")
    assert (result(*snooze), result(*snooze)) == ("applied", "already")
    assert result(*snooze, "--as", "leo@example.com") == "applied", "it is somebody else's now"
    pin = ("pin", "ACME-7", "notice", "--on", "2026-11-27", "--because", "The board meets")
    assert (result(*pin), result(*pin)) == ("applied", "already")
    assert result(*pin[:-1], "The board met") == "applied", "for another reason"
    end = ("obligation", "end", "ACME-7", "o1", "--because", "Certified instead")
    acme(*end)
    known = events()
    acme(*end)
    assert events() == known
