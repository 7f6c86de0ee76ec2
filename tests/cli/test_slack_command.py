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


def test_a_channel_that_is_not_set_up_says_what_to_set(longstop):
    answer = longstop("send-test", "slack", "--to", "olga@example.com", expect=2)
    assert "LONGSTOP_SLACK_MODE" in answer.err
