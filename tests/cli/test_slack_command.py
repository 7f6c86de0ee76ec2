"""``longstop slack manifest`` and ``longstop send-test slack``, against a server that speaks Slack."""

import json

import pytest

from tests.support.cli import run
from tests.support.slack_server import TOKEN, Reply, Says, SlackServer


@pytest.fixture
def slack(monkeypatch):
    """A Slack that the settings name."""
    with SlackServer() as made:
        made.user("Olga")
        made.channel("audits")
        monkeypatch.setenv("LONGSTOP_SLACK_MODE", "http")
        monkeypatch.setenv("LONGSTOP_SLACK_BOT_TOKEN", TOKEN)
        monkeypatch.setenv("LONGSTOP_SLACK_SIGNING_SECRET", "s" * 32)
        monkeypatch.setenv("LONGSTOP_SLACK_API_URL", made.url)
        yield made


def test_the_manifest_is_what_slack_takes_whole():
    answer = run("slack", "manifest", "--socket")
    assert json.loads(answer.out)["settings"]["socket_mode_enabled"] is True


def test_without_a_word_the_manifest_is_for_the_mode_that_is_set(slack):
    assert json.loads(run("slack", "manifest").out)["settings"]["socket_mode_enabled"] is False
    assert json.loads(run("slack", "manifest", "--socket").out)["settings"]["socket_mode_enabled"] is True
    assert len(slack.calls) == 0


def test_a_test_message_reaches_a_person_by_their_mail_address(longstop, slack):
    told = longstop("send-test", "slack", "--to", "olga@example.com", "--json").item
    assert (told["state"], told["channel"]) == ("accepted", "slack")
    [message] = slack.said_to("D0001")
    assert message["text"].startswith("Test message from Longstop")
    assert message["metadata"]["event_payload"] == {"delivery_id": told["id"]}


@pytest.mark.parametrize("to", ["#audits", "C0001"])
def test_a_test_message_reaches_a_channel(longstop, slack, to):
    assert longstop("send-test", "slack", "--to", to, "--json").item["state"] == "accepted"
    assert len(slack.said_to("C0001")) == 1


def test_a_token_that_is_wrong_says_so(longstop, slack):
    slack.script("users.lookupByEmail", Says("invalid_auth"))
    told = longstop("send-test", "slack", "--to", "olga@example.com", "--json", expect=1).item
    assert "invalid_auth" in told["why"]


def test_a_slack_that_asks_for_patience_gets_no_test_later(longstop, slack):
    slack.script("chat.postMessage", Reply(429, headers={"Retry-After": "30"}))
    told = longstop("send-test", "slack", "--to", "olga@example.com", "--json", expect=1).item
    assert told["state"] == "cancelled"
    assert slack.accepted == []


@pytest.mark.rehearsal
def test_a_rehearsal_writes_what_slack_would_get_and_calls_nobody(longstop, slack, tmp_path):
    longstop.agreement(owner="olga@example.com")
    longstop("rehearse", "--from", "today", "--until", "+400d", "--out", str(tmp_path / "out"))
    lines = [json.loads(line) for line in (tmp_path / "out" / "messages.jsonl").read_text().splitlines()]
    told = [line for line in lines if line["channel"] == "slack"]
    assert told
    for line in told:
        assert line["path"].startswith("slack/")
        made = json.loads((tmp_path / "out" / line["path"]).read_text())
        assert made["text"]
        assert made["blocks"][0]["type"] == "header"
    assert slack.calls == []


def test_a_channel_that_is_not_set_up_says_what_to_set(longstop):
    answer = longstop("send-test", "slack", "--to", "olga@example.com", expect=2)
    assert "LONGSTOP_SLACK_MODE" in answer.err


def seen(longstop, *words, expect=None):
    answer = longstop("doctor", "--json", *words, expect=expect)
    return next(((one["state"], one["detail"]) for one in answer.items if one["check"] == "slack"), None)


def test_the_doctor_asks_slack_whose_token_it_is(longstop, slack):
    assert seen(longstop) == ("ok", "Example, http mode")
    assert seen(longstop, "--offline") == ("ok", "http mode, not asked")
    assert len(slack.calls) == 1


def test_the_doctor_names_the_scopes_that_are_missing(longstop, slack):
    slack.scopes -= {"im:history", "users:read"}
    assert seen(longstop) == ("warning", "Example: the bot may not users:read, im:history")


def test_the_doctor_says_that_a_token_is_wrong(longstop, slack):
    slack.script("auth.test", Says("invalid_auth"))
    assert seen(longstop) == ("bad", "invalid_auth")


def test_a_house_without_slack_is_not_asked_about_it(longstop):
    assert seen(longstop) is None


@pytest.mark.rehearsal
@pytest.mark.usefixtures("slack")
def test_a_forecast_says_what_a_rehearsal_then_sends(longstop, tmp_path):
    longstop.agreement(owner="olga@example.com")
    told = longstop("forecast", "--until", "+400d", "--json").items
    longstop("rehearse", "--from", "today", "--until", "+400d", "--out", str(tmp_path / "out"))
    lines = [json.loads(line) for line in (tmp_path / "out" / "messages.jsonl").read_text().splitlines()]
    assert {line["channel"] for line in lines} == {"slack"}
    assert sorted(map(message, told)) == sorted(map(message, lines))


def message(one):
    return *(one[key] for key in ("send_at", "channel", "subject", "stage", "step", "repeat")), one["recipient"][
        "address"
    ]
