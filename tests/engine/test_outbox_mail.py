"""The way out with real parts: the mail channel, a server that speaks SMTP, threads, a register in a file."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.delivery import outbox
from lifecycle.delivery import DeliveryKind
from notifiers.email import EmailNotifier, MailSettings
from store.database import open_database
from tests.support.databases import fresh_at
from tests.support.sending import Sending, queue
from tests.support.smtp_server import DROP, HANG, Reply, SmtpServer

OLGA = "olga@example.com"


@contextmanager
def house(folder, server, **said):
    database = open_database(fresh_at(folder))
    settings = MailSettings(
        host=server.host,
        port=server.port,
        mail_from="Longstop <longstop@example.com>",
        domain="example.com",
        tls="none",
        username="longstop" if server.password else "",
        password=said.pop("password", ""),
        timeout=said.pop("timeout", 5.0),
    )
    channel = EmailNotifier(settings)
    out = Sending(database=database, **{"senders": 4} | said)
    out.monitor = replace(out.monitor, notifiers={"email": channel})
    yield out
    channel.close()
    database.close()


@pytest.fixture
def server():
    with SmtpServer() as running:
        yield running


@pytest.fixture
def out(tmp_path, server):
    with house(tmp_path, server) as made:
        yield made


def recipients(server):
    return [one.recipient.removesuffix("@example.com") for one in server.accepted]


def test_a_mail_arrives_once_byte_for_byte_as_it_was_composed(out, server):
    out.go_on(minutes=1)
    assert recipients(server) == ["olga"]
    assert server.accepted[0].data == out.body()
    assert server.accepted[0].message["Message-ID"] == f"<{out.id}@example.com>"


def test_a_dead_mailbox_leads_to_the_backup(out, server):
    server.script("rcpt", Reply("550 5.1.1 no such user"), recipient=OLGA)
    out.go_on(minutes=1)
    assert recipients(server) == ["ben"]
    assert out.one.why == "550 5.1.1 no such user"


def test_where_every_mailbox_is_dead_the_operator_hears_of_it(out, server):
    for name in ("olga", "ben", "mia"):
        server.script("rcpt", Reply("550 5.1.1 no such user"), recipient=f"{name}@example.com")
    out.leave("ada")
    out.person("Zoe", role="admin")
    out.go_on(minutes=1)
    assert out.states() == ["olga failed", "ben failed", "mia failed", "zoe accepted"]
    assert recipients(server) == ["zoe"]


def test_a_greylisted_mail_arrives_once(out, server):
    server.script("rcpt", Reply("451 4.7.1 greylisted, come back later"), recipient=OLGA, times=3)
    out.go_on(hours=1)
    assert recipients(server) == ["olga"]
    assert out.tries() == [*["send not_sent"] * 3, "send accepted"]


@pytest.mark.parametrize(("phase", "kept"), [("content", 0), ("accepted", 1)])
def test_a_connection_that_is_cut_while_the_mail_leaves_brings_the_same_bytes_again(out, server, phase, kept):
    """Nobody can tell whether it was taken: at least one arrives, and a copy is the same mail."""
    server.script(phase, DROP, recipient=OLGA, times=1)
    out.go_on(minutes=59)
    assert (out.one.state, len(server.accepted)) == ("in_doubt", kept)
    out.go_on(minutes=5)
    assert (out.one.state, len(server.accepted)) == ("accepted", kept + 1)
    assert {one.data for one in server.accepted} == {out.body()}
    assert out.tries().count("send in_doubt") == 1


def test_a_connection_that_is_lost_before_the_mail_was_offered_is_tried_again_without_doubt(out, server):
    server.script("data", DROP, recipient=OLGA, times=1)
    out.go_on(minutes=2)
    assert recipients(server) == ["olga"]
    assert out.tries() == ["send unreachable", "send accepted"]


def test_a_server_that_hangs_in_the_middle_leaves_a_doubt(tmp_path, server):
    server.script("content", HANG, recipient=OLGA, times=1)
    with house(tmp_path, server, timeout=0.3) as out:
        assert out.send().state == "in_doubt"
        out.go_on(hours=2)
        assert recipients(server) == ["olga"]


def test_a_changed_password_loses_nothing(tmp_path):
    with SmtpServer(password="new") as server, house(tmp_path, server, password="old") as out:
        out.go_on(hours=5)
        assert (out.one.state, out.incidents()) == ("pending", ["channel_refused"])
        right = EmailNotifier(replace(out.monitor.notifiers["email"]._settings, password="new"))
        out.monitor = replace(out.monitor, notifiers={"email": right})
        out.go_on(hours=2)
        assert sorted(recipients(server)) == ["ada", "olga"]
        assert out.incidents() == []
        right.close()


def test_a_server_that_is_down_for_a_day_loses_nothing(tmp_path):
    with SmtpServer() as server:
        port = server.port
    with SmtpServer() as up, house(tmp_path, up) as out:
        working = out.monitor.notifiers
        down = EmailNotifier(replace(working["email"]._settings, port=port))
        out.monitor = replace(out.monitor, notifiers={"email": down})
        out.go_on(days=1)
        assert out.one.state == "pending"
        out.monitor = replace(out.monitor, notifiers=working)
        out.go_on(hours=2)
        assert sorted(recipients(up)) == ["ada", "olga"]  # the operator hears that nobody answered


def test_two_hundred_mails_leave_once_each_through_four_senders(out, server):
    people = [f"r{n:03}@example.com" for n in range(200)]
    queue(out, *((f"d-{name[:4]}", {"address": name, "kind": DeliveryKind.TEST}) for name in people))
    outbox.deliver(out.monitor)
    assert sorted(one.recipient for one in server.accepted) == sorted([OLGA, *people])
    assert server.connections <= 4


def test_a_house_that_lives_long_keeps_a_handful_of_connections(out, server):
    for n in range(12):
        queue(out, (f"d-{n}", {"kind": DeliveryKind.TEST}))
        outbox.deliver(out.monitor)
    assert len(server.accepted) == 13
    assert server.connections <= 4


def test_mails_of_one_deadline_are_one_thread_also_when_they_go_to_others(out, server):
    server.script("rcpt", Reply("550 5.1.1 no such user"), recipient=OLGA)
    out.live_until(out.one.expires_at + timedelta(days=3))
    threads = {one.message["References"] for one in server.accepted if b"References" in one.data}
    assert len(threads) == 1
