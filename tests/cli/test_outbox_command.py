"""``longstop outbox``: what waits, and what a person does about it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lifecycle.delivery import DeliveryKind, DeliveryState
from tests.support import schemas


@pytest.fixture
def waiting(longstop):
    """One message waits: Olga shall be told that a deadline is hers."""
    longstop.agreement(owner="ben@example.com")
    longstop("assign", "ACME-7", "notice", "--to", "olga@example.com")
    [row] = longstop("outbox", "list", "--json").items
    assert (row["state"], row["address"], row["kind"]) == ("pending", "olga@example.com", "changed")
    return row["id"]


def states(longstop):
    return {row["id"]: row["state"] for row in longstop("outbox", "list", "--json").items}


@pytest.mark.usefixtures("waiting")
def test_an_empty_outbox_says_so_and_a_script_can_ask(longstop):
    assert longstop("outbox", "list", "--state", "failed").lines == ["The outbox is empty."]
    longstop("outbox", "list", "--state", "failed", "--exit-code")
    longstop("outbox", "list", "--exit-code", expect=10)


def test_a_list_tells_whom_and_what_about(longstop, waiting):
    [row] = longstop("outbox", "list").lines[1:]
    assert waiting in row
    assert "olga@example.com" in row


@pytest.mark.usefixtures("waiting")
def test_times_are_those_of_the_house_and_those_of_programs_in_utc(longstop, waiting, monkeypatch):
    monkeypatch.setenv("LONGSTOP_TIME_ZONE", "Asia/Tokyo")
    (row,) = longstop("outbox", "list", "--json").items
    at = datetime.fromisoformat(row["next_attempt_at"])
    assert row["next_attempt_at"].endswith("Z")
    here = f"{at.astimezone(ZoneInfo('Asia/Tokyo')):%Y-%m-%d %H:%M}"
    head, listed = longstop("outbox", "list").lines
    assert ("When (Asia/Tokyo)" in head, here in listed) == (True, True)
    longstop("worker", "--once")
    assert " Asia/Tokyo  send: accepted" in longstop("outbox", "show", waiting).out


@pytest.mark.usefixtures("waiting")
def test_a_list_is_about_one_agreement_and_to_one_address(longstop):
    longstop.now += timedelta(minutes=1)
    longstop.agreement("BETA-2", owner="ben@example.com")
    longstop("assign", "BETA-2", "notice", "--to", "mia@example.com")

    def found(*words):
        return [row["address"] for row in longstop("outbox", "list", *words, "--json").items]

    assert found() == ["mia@example.com", "olga@example.com"]
    assert found("BETA-2") == ["mia@example.com"]
    assert found("--to", "olga@example.com") == found("ACME-7") == ["olga@example.com"]
    assert found("ACME-7", "--to", "mia@example.com") == found("ACME-7", "--state", "failed") == []
    assert found("--limit", "1") == ["mia@example.com"]
    longstop("outbox", "list", "NONE-1", expect=3)


@pytest.mark.parametrize("name", ["outbox", "outbox-changed", "message"])
def test_a_message_of_every_kind_and_state_is_described(name):
    assert schemas.choices(name, "kind") == [[kind.value for kind in DeliveryKind]]
    assert schemas.choices(name, "state") == [[state.value for state in DeliveryState]]


def test_a_message_is_shown_with_its_tries_and_what_it_says(longstop, waiting):
    assert longstop("outbox", "show", waiting, "--json").item["tries"] == []
    longstop("worker", "--once")
    shown = longstop("outbox", "show", waiting, "--json").item
    assert [(one["action"], one["result"]) for one in shown["tries"]] == [("send", "accepted")]
    assert "Send non-renewal notice to Acme Labs" in shown["text"]
    read = longstop("outbox", "show", waiting).out
    assert "send: accepted" in read
    assert "Send non-renewal notice to Acme Labs" in read
    longstop("outbox", "show", "nothing", expect=3)


def test_a_message_is_shown_to_those_who_may_read_it(longstop, waiting):
    codes = {name: longstop("outbox", "show", waiting, "--as", f"{name}@example.com", expect=None).code
             for name in ("olga", "leo", "ada", "mia")}  # fmt: skip
    assert codes == {"olga": 0, "leo": 0, "ada": 0, "mia": 3}


def test_a_held_message_waits_until_it_is_released(longstop, waiting):
    told = longstop("outbox", "hold", waiting, "--because", "Wrong address", "--json").document
    assert [one["state"] for one in told["items"]] == ["held"]
    [row] = longstop("outbox", "list", "--state", "held", "--json").items
    assert row["why"].endswith("Wrong address")
    longstop("worker", "--once")
    assert states(longstop) == {waiting: "held"}
    longstop("outbox", "release", waiting)
    assert states(longstop) == {waiting: "pending"}
    longstop("worker", "--once")
    assert states(longstop) == {waiting: "accepted"}


def test_a_trial_keeps_nothing(longstop, waiting):
    told = longstop("outbox", "hold", "--all", "--because", "Trial", "--dry-run", "--json").document
    assert told["is_dry_run"] is True
    assert [one["state"] for one in told["items"]] == ["held"]
    assert states(longstop) == {waiting: "pending"}


def test_all_that_is_held_by_hand_is_released_at_once(longstop, waiting):
    longstop("outbox", "hold", "--all", "--because", "Freeze")
    assert longstop("outbox", "release", "--all").lines[0] == "release: 1 message."
    assert states(longstop) == {waiting: "pending"}


@pytest.mark.parametrize("words", [("retry",), ("hold", "--because", "X"), ("release",)])
def test_what_has_left_is_not_moved_any_more(longstop, waiting, words):
    longstop("worker", "--once")
    operation, *more = words
    refused = longstop("outbox", operation, waiting, *more, "--json", expect=4).document
    assert refused["code"] == "not-waiting"
    assert states(longstop) == {waiting: "accepted"}


def test_a_retry_makes_what_waits_due_now(longstop, waiting):
    [before] = longstop("outbox", "list", "--json").items
    told = longstop("outbox", "retry", waiting, "--json").document
    assert told["operation"] == "retry"
    assert [before["next_attempt_at"] <= one["next_attempt_at"] <= told["generated_at"] for one in told["items"]] == [
        True
    ]


@pytest.mark.parametrize("operation", ["retry", "release"])
def test_it_must_be_said_which(longstop, waiting, operation):
    longstop("outbox", operation, expect=2)
    longstop("outbox", operation, waiting, "--all", expect=2)
    longstop("outbox", operation, "nothing", expect=3)


def test_a_hold_has_a_reason(longstop, waiting):
    longstop("outbox", "hold", waiting, expect=2)


def test_an_unknown_state_is_wrong_usage(longstop):
    assert "in_doubt" in longstop("outbox", "list", "--state", "lost", expect=2).err


def test_only_admins_may(longstop, waiting):
    longstop("outbox", "retry", waiting, "--as", "olga@example.com", expect=4)
    longstop("outbox", "retry", waiting, "--as", "ada@example.com")


def test_what_is_leaving_at_this_moment_cannot_be_held(longstop, waiting):
    taken = "state = 'sending', lease_token = 't', lease_until = 9000000000000000, next_attempt_at = NULL"
    longstop.sql(f"UPDATE deliveries SET {taken} WHERE id = '{waiting}'")
    refused = longstop("outbox", "hold", waiting, "--because", "Wrong address", "--json", expect=4).document
    assert refused["code"] == "leaving"
    assert "longstop outbox list" in refused["remedy"]
    assert states(longstop) == {waiting: "sending"}


def set_to(longstop, delivery_id, values):
    longstop.sql(f"UPDATE deliveries SET {values} WHERE id = '{delivery_id}'")


def test_what_shadow_mode_held_leaves_also_where_nothing_but_single_looks_are_run(longstop, waiting, monkeypatch):
    monkeypatch.setenv("LONGSTOP_SHADOW_MODE", "true")
    longstop("worker", "--once")
    longstop("worker", "--once")
    assert states(longstop) == {waiting: "held"}
    monkeypatch.delenv("LONGSTOP_SHADOW_MODE")
    longstop("worker", "--once")
    assert states(longstop) == {waiting: "accepted"}


FAILED = "state = 'failed', next_attempt_at = NULL, why = '550 no such mailbox'"
IN_DOUBT = "state = 'in_doubt', in_doubt_since = 1700000000000000, next_attempt_at = 9000000000000000"


def test_what_has_failed_is_tried_again_by_its_id_and_arrives(longstop, waiting):
    set_to(longstop, waiting, FAILED)
    longstop("outbox", "retry", "--all")
    assert states(longstop) == {waiting: "failed"}
    longstop("outbox", "retry", waiting)
    assert states(longstop) == {waiting: "pending"}
    longstop("worker", "--once")
    assert states(longstop) == {waiting: "accepted"}


def test_what_may_have_arrived_is_sent_again_only_by_decision(longstop, waiting):
    set_to(longstop, waiting, IN_DOUBT)
    refused = longstop("outbox", "retry", waiting, "--json", expect=4).document
    assert refused["code"] == "may-have-arrived"
    assert states(longstop) == {waiting: "in_doubt"}
    longstop("outbox", "retry", waiting, "--again")
    longstop("worker", "--once")
    assert states(longstop) == {waiting: "accepted"}


def test_what_is_over_is_not_tried_again(longstop, waiting):
    set_to(longstop, waiting, f"{FAILED}, expires_at = 1700000000000000")
    refused = longstop("outbox", "retry", waiting, "--json", expect=4).document
    assert refused["code"] == "too-late"
    assert states(longstop) == {waiting: "failed"}
