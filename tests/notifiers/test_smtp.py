"""One test for each phase and kind of answer, against a server that speaks SMTP."""

import socket
import ssl
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.clock import VirtualClock
from lifecycle.delivery import Accepted, InDoubt, NotSent, Refused, Scope
from notifiers.email import MailSettings
from notifiers.smtp import Envelope, SmtpSender, unready
from tests.support.smtp_server import DROP, HANG, Reply, Slow, SmtpServer

TO = "olga@example.com"
MAIL = Envelope("longstop@example.com", TO, b"Subject: hello\r\n\r\n.a line with a dot\r\n..\r\nlast line")


@pytest.fixture(params=[True, False], ids=["at-once", "in-turn"])
def server(request):
    """One that takes commands together, and one that wants them one after the other."""
    with SmtpServer(pipelining=request.param) as running:
        yield running


@pytest.fixture
def sender(server):
    sender = SmtpSender(settings(server))
    yield sender
    sender.close()


def settings(server, **changes):
    usual = {"host": server.host, "port": server.port, "mail_from": "x@example.com", "domain": "longstop.example"}
    return MailSettings(**(usual | {"tls": "none", "timeout": 5.0} | changes))


def ours():
    return True


def at_once(sender, count):
    """What becomes of so many mails, each sent in a thread of its own."""
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(lambda _: sender.send(MAIL, ours), range(count), timeout=20))


def test_an_accepted_mail_arrives_byte_for_byte(server, sender):
    assert sender.send(MAIL, ours) == Accepted("2.0.0 kept as 1")
    (mail,) = server.accepted
    assert (mail.sender, mail.recipient, mail.data) == (MAIL.sender, TO, MAIL.data + b"\r\n")


def test_a_second_mail_takes_the_same_connection(server, sender):
    sender.send(MAIL, ours)
    sender.send(MAIL, ours)
    assert [mail.connection for mail in server.accepted] == [1, 1]


def test_mails_that_are_under_way_at_the_same_time_have_connections_of_their_own(server, sender):
    server.script("content", Slow(0.1))
    threads = [threading.Thread(target=sender.send, args=(MAIL, ours)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(mail.connection for mail in server.accepted) == [1, 2]


def test_where_a_server_takes_few_connections_mails_wait_for_one_another(server, sender):
    server.most = 2
    server.script("content", Slow(0.05))
    assert all(isinstance(result, Accepted) for result in at_once(sender, 8))
    dialled = server.connections
    assert all(isinstance(result, Accepted) for result in at_once(sender, 8))
    assert {mail.connection for mail in server.accepted} < set(range(1, dialled + 1))
    assert server.connections == dialled, "a connection was asked for that the server does not take"


def test_after_a_while_a_server_that_took_few_connections_is_asked_for_more(server):
    clock = VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))
    sender = SmtpSender(settings(server), elapsed=clock.elapsed)
    server.most = 1
    server.script("content", Slow(0.05))
    at_once(sender, 2)
    server.most = 2
    clock.advance(timedelta(seconds=59))
    at_once(sender, 2)
    assert len({mail.connection for mail in server.accepted}) == 1
    clock.advance(timedelta(seconds=2))
    at_once(sender, 2)
    sender.close()
    assert len({mail.connection for mail in server.accepted}) == 2


def test_a_server_that_takes_no_connection_at_all_is_waited_for_by_nobody(server, sender):
    server.most = 0
    results = at_once(sender, 3)
    assert [(type(one), one.why, one.is_unreachable) for one in results] == [
        (NotSent, "421 4.3.2 too many connections", True)
    ] * 3


def test_threads_that_come_and_go_leave_no_connections_behind(server, sender):
    for _ in range(5):
        thread = threading.Thread(target=sender.send, args=(MAIL, ours))
        thread.start()
        thread.join(10)
    assert [mail.connection for mail in server.accepted] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize("phase", ["connect", "ehlo", "mail", "rcpt", "data"])
def test_a_connection_lost_before_the_mail_was_offered_is_not_sent(server, sender, phase):
    server.script(phase, DROP)
    assert isinstance(sender.send(MAIL, ours), NotSent)
    assert server.accepted == []


@pytest.mark.parametrize("phase", ["connect", "ehlo", "mail", "rcpt", "data"])
def test_silence_before_the_mail_was_offered_is_not_sent(server, phase):
    server.script(phase, HANG)
    assert isinstance(SmtpSender(settings(server, timeout=0.1)).send(MAIL, ours), NotSent)


@pytest.mark.parametrize("act", [DROP, HANG])
@pytest.mark.parametrize(("phase", "kept"), [("content", 0), ("accepted", 1)])
def test_a_connection_lost_after_the_mail_was_offered_leaves_a_doubt(server, phase, kept, act):
    server.script(phase, act)
    assert isinstance(SmtpSender(settings(server, timeout=0.1)).send(MAIL, ours), InDoubt)
    assert (len(server.accepted), server.answered) == (kept, [])


@pytest.mark.parametrize("phase", ["connect", "ehlo", "mail", "rcpt", "data", "content"])
@pytest.mark.parametrize("code", [421, 451])
def test_a_passing_refusal_is_not_sent(server, sender, phase, code):
    server.script(phase, Reply(f"{code} 4.3.0 try later"))
    is_of_all = code == 421 or phase in {"connect", "ehlo", "mail"}
    assert sender.send(MAIL, ours) == NotSent(f"{code} 4.3.0 try later", is_unreachable=is_of_all)


@pytest.mark.parametrize(
    ("phase", "scope"),
    [
        ("connect", Scope.CHANNEL),
        ("ehlo", Scope.CHANNEL),
        ("mail", Scope.CHANNEL),
        ("rcpt", Scope.ADDRESS),
        ("data", Scope.MESSAGE),
        ("content", Scope.MESSAGE),
    ],
)
def test_a_lasting_refusal_says_what_it_is_about(server, sender, phase, scope):
    server.script(phase, Reply("554 5.7.1 never"))
    result = sender.send(MAIL, ours)
    assert isinstance(result, Refused)
    assert result.scope is scope


def test_a_mail_that_is_too_large_is_refused_as_a_message(server, sender):
    server.script("mail", Reply("552 5.3.4 too big"))
    assert sender.send(MAIL, ours) == Refused("552 5.3.4 too big", Scope.MESSAGE)


def test_a_wrong_password_refuses_the_channel():
    with SmtpServer(password="right") as server:
        sender = SmtpSender(settings(server, username="longstop", password="wrong"))
        result = sender.send(MAIL, ours)
    assert isinstance(result, Refused)
    assert (result.scope, result.why[:3]) == (Scope.CHANNEL, "535")
    assert "wrong" not in result.why


@pytest.mark.parametrize("said", [{"password": "Grüße"}, {"username": "jürgen"}], ids=str)
def test_a_name_or_password_that_cannot_be_said_refuses_the_channel(said):
    with SmtpServer(password="right") as server:
        sender = SmtpSender(settings(server, **{"username": "longstop", "password": "right"} | said))
        assert sender.send(MAIL, ours) == Refused(
            "the name or password to log in with has letters outside ASCII", Scope.CHANNEL
        )


def test_a_server_is_asked_for_all_that_comes_before_a_mail_and_offered_none(certificate, monkeypatch):
    with SmtpServer(password="right", starttls=server_context(certificate)) as server:
        sure = settings(server, tls="starttls", username="longstop", password="right")
        assert unready(sure).startswith("SSLCertVerificationError: ")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert unready(sure) == ""
        assert unready(replace(sure, password="wrong")).startswith("535 ")
        server.script("connect", Reply("421 4.3.2 come again"), times=1)
        assert unready(sure) == "421 4.3.2 come again"
    assert unready(sure).startswith("ConnectionRefusedError: ")
    assert server.accepted == []


def test_the_right_password_sends():
    with SmtpServer(password="right") as server:
        sender = SmtpSender(settings(server, username="longstop", password="right"))
        assert isinstance(sender.send(MAIL, ours), Accepted)
        sender.close()


def test_a_password_that_the_server_does_not_ask_for_refuses_the_channel(server):
    sender = SmtpSender(settings(server, username="longstop", password="right"))
    assert sender.send(MAIL, ours) == Refused("the server does not offer AUTH", Scope.CHANNEL)


def test_a_server_without_starttls_refuses_the_channel_and_gets_no_mail(server):
    sender = SmtpSender(settings(server, tls="starttls"))
    assert sender.send(MAIL, ours) == Refused("the server does not offer STARTTLS", Scope.CHANNEL)
    assert server.accepted == []


def test_a_refused_recipient_leaves_the_connection_good_for_the_next(server, sender):
    server.script("rcpt", Reply("550 5.1.1 nobody"), recipient="gone@example.com")
    gone = sender.send(replace(MAIL, recipient="gone@example.com"), ours)
    assert gone == Refused("550 5.1.1 nobody", Scope.ADDRESS)
    assert isinstance(sender.send(MAIL, ours), Accepted)
    assert server.connections == 1


def test_a_kept_connection_that_the_server_cut_is_replaced_once(server, sender):
    sender.send(MAIL, ours)
    server.cut()
    assert isinstance(sender.send(MAIL, ours), Accepted)
    assert [mail.connection for mail in server.accepted] == [1, 2]


def test_a_kept_connection_that_the_server_is_closing_is_replaced_once(server, sender):
    sender.send(MAIL, ours)
    server.script("mail", Reply("421 4.4.2 idle for too long"), times=1)
    assert isinstance(sender.send(MAIL, ours), Accepted)
    assert server.connections == 2


def test_a_doubt_is_never_followed_by_a_second_offer(server, sender):
    sender.send(MAIL, ours)
    server.script("accepted", DROP)
    assert isinstance(sender.send(MAIL, ours), InDoubt)
    assert (len(server.accepted), server.connections) == (2, 1)


def test_after_a_doubt_the_next_mail_takes_a_new_connection(server, sender):
    server.script("accepted", DROP, times=1)
    sender.send(MAIL, ours)
    assert isinstance(sender.send(MAIL, ours), Accepted)
    assert [mail.connection for mail in server.accepted] == [1, 2]


def test_a_lost_lease_sends_nothing(server, sender):
    assert sender.send(MAIL, lambda: False) == NotSent("lease lost")
    assert isinstance(sender.send(MAIL, ours), Accepted)
    assert len(server.accepted) == 1


def test_the_lease_is_asked_after_the_server_is_ready_for_the_mail(server, sender):
    asked = []
    server.script("data", Slow(0.05))
    sender.send(MAIL, lambda: asked.append(len(server.accepted)) or True)
    assert asked == [0]
    server.script("rcpt", Reply("550 no"))
    sender.send(MAIL, lambda: asked.append("too early") or True)
    assert asked == [0]


def test_an_accepted_mail_stays_accepted_when_the_connection_dies_after_it(server, sender):
    assert isinstance(sender.send(MAIL, ours), Accepted)
    server.cut()
    sender.close()
    assert server.answered == [TO]


def test_a_slow_server_is_waited_for(server, sender):
    server.script("content", Slow(0.1))
    assert isinstance(sender.send(MAIL, ours), Accepted)


def test_nobody_listening_is_not_sent():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    sender = SmtpSender(MailSettings(host="127.0.0.1", port=port, mail_from="", domain="x.example", tls="none"))
    assert isinstance(sender.send(MAIL, ours), NotSent)


@pytest.mark.parametrize(
    "address", ["", "olga", "olga@", "a b@example.com", "a@example.com\r\nRCPT TO:<b@example.com>", "<a@example.com>"]
)
def test_what_is_no_address_is_refused_without_a_connection(server, sender, address):
    assert sender.send(replace(MAIL, recipient=address), ours) == Refused("this is no mail address", Scope.ADDRESS)
    assert server.connections == 0


def test_a_domain_with_umlauts_is_sent_in_ascii(server, sender):
    sender.send(replace(MAIL, recipient="olga@bücher.example"), ours)
    assert server.accepted[0].recipient == "olga@xn--bcher-kva.example"


def test_an_address_with_umlauts_is_sent_where_the_server_takes_it(server, sender):
    assert isinstance(sender.send(replace(MAIL, recipient="jörg@example.com"), ours), Accepted)
    assert server.accepted[0].recipient == "jörg@example.com"


def test_an_address_with_umlauts_is_refused_where_the_server_does_not_take_it():
    with SmtpServer(utf8=False) as server:
        sender = SmtpSender(settings(server))
        result = sender.send(replace(MAIL, recipient="jörg@example.com"), ours)
        assert isinstance(result, Refused)
        assert result.scope is Scope.ADDRESS
        assert isinstance(sender.send(MAIL, ours), Accepted)
        sender.close()


def test_what_is_unforeseen_is_a_doubt_and_closes_the_connection(server, sender):
    def broken():
        raise LookupError("no such lease")

    assert sender.send(MAIL, broken) == InDoubt("unforeseen: LookupError")
    assert isinstance(sender.send(MAIL, ours), Accepted)
    assert server.connections == 2


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    try:
        subprocess.run(
            [
                "openssl",
                *made,
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                key,
                "-out",
                cert,
            ],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("openssl is not there: TLS not tested")
    return cert, key


def server_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_a_trusted_server_gets_the_mail_encrypted(certificate, monkeypatch, way):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with SmtpServer(**{way: server_context(certificate)}) as server:
        sender = SmtpSender(settings(server, tls=way))
        assert isinstance(sender.send(MAIL, ours), Accepted)
        assert isinstance(sender.send(MAIL, ours), Accepted)
        sender.close()
    assert server.connections == 1


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_a_server_that_nobody_vouches_for_gets_nothing(certificate, way):
    with SmtpServer(**{way: server_context(certificate)}) as server:
        assert isinstance(SmtpSender(settings(server, tls=way)).send(MAIL, ours), NotSent)
    assert server.accepted == []
