"""``longstop send-test``: one message leaves now, and nothing else does."""

import pytest

from tests.support.smtp_server import Reply, SmtpServer


@pytest.fixture
def server(monkeypatch):
    """A mail server that the settings name."""
    with SmtpServer() as made:
        monkeypatch.setenv("LONGSTOP_SMTP_HOST", made.host)
        monkeypatch.setenv("LONGSTOP_SMTP_PORT", str(made.port))
        monkeypatch.setenv("LONGSTOP_SMTP_TLS", "none")
        monkeypatch.setenv("LONGSTOP_MAIL_FROM", "longstop@example.com")
        yield made


def test_a_mail_arrives_and_is_in_the_outbox(longstop, server):
    told = longstop("send-test", "email", "--to", "olga@example.com", "--json").item
    assert (told["state"], told["channel"], told["to"]) == ("accepted", "email", "olga@example.com")
    [mail] = server.accepted
    assert mail.recipient == "olga@example.com"
    [row] = longstop("outbox", "list", "--json").items
    assert (row["id"], row["kind"], row["state"]) == (told["id"], "test", "accepted")
    assert row["recipient_name"] == "Olga"


def test_what_waits_for_others_does_not_leave_with_it(longstop, server):
    longstop.agreement(owner="ben@example.com")
    longstop("deadlines")
    server.script("rcpt", Reply("450 later"), recipient="ben@example.com")
    longstop("assign", "ACME-7", "notice", "--to", "olga@example.com")
    before = {row["id"] for row in longstop("outbox", "list", "--json").items}
    assert len(before) == 1  # Olga shall be told that it is hers
    longstop("send-test", "email", "--to", "leo@example.com")
    assert [mail.recipient for mail in server.accepted] == ["leo@example.com"]
    assert {row["id"] for row in longstop("outbox", "list", "--state", "pending", "--json").items} == before


def test_a_trial_sends_nothing_and_keeps_nothing(longstop, server):
    assert "nothing is sent" in longstop("send-test", "email", "--to", "olga@example.com", "--dry-run").out
    assert server.accepted == []
    assert longstop("outbox", "list", "--json").items == []


def test_an_address_that_is_refused_is_a_failure_with_its_reason(longstop, server):
    server.script("rcpt", Reply("550 5.1.1 nobody of that name"), recipient="gone@example.com")
    told = longstop("send-test", "email", "--to", "gone@example.com", "--json", expect=1).item
    assert told["state"] == "failed"
    assert "nobody of that name" in told["why"]


def test_what_could_not_leave_now_is_not_sent_later(longstop, server):
    server.script("rcpt", Reply("450 4.7.1 greylisted"), recipient="olga@example.com")
    told = longstop("send-test", "email", "--to", "olga@example.com", "--json", expect=1).item
    assert told["state"] == "cancelled"
    assert "greylisted" in told["why"]
    longstop("worker", "--once")
    assert server.accepted == []


def test_in_shadow_mode_nothing_leaves(longstop, server, monkeypatch):
    monkeypatch.setenv("LONGSTOP_SHADOW_MODE", "true")
    told = longstop("send-test", "email", "--to", "olga@example.com", "--json", expect=1).item
    assert (told["state"], told["why"]) == ("cancelled", "shadow mode")
    assert server.accepted == []


def test_without_mail_the_console_can_be_tried(longstop):
    answer = longstop("send-test", "console", "--to", "olga@example.com")
    assert answer.lines == ["accepted"]
    assert "If you can read it" in answer.err


@pytest.mark.parametrize("channel", ["email", "slack", "pigeon"])
def test_a_channel_that_is_not_set_up_is_said_plainly(longstop, channel):
    told = longstop("send-test", channel, "--to", "olga@example.com", "--json", expect=2).document
    assert "is not set up" in told["detail"]
    assert told["remedy"]


def test_only_admins_may(longstop):
    longstop("send-test", "console", "--to", "x@example.com", "--as", "ada@example.com")
    refused = longstop("send-test", "console", "--to", "x@example.com", "--as", "olga@example.com", "--json", expect=4)
    assert refused.document["code"] == "forbidden"
