"""MAIL, RCPT and DATA in one write: which answer decides, and what becomes of the line."""

import pytest

from lifecycle.delivery import Accepted, InDoubt, NotSent, Refused, Scope
from notifiers.email import MailSettings
from notifiers.smtp import Envelope, SmtpSender
from tests.support.smtp_script import ScriptedSmtp

MAIL = Envelope("longstop@example.com", "olga@example.com", b"Subject: hello\r\n\r\nlast line\r\n")
COMMANDS = [b"MAIL FROM:<longstop@example.com>\r\n", b"RCPT TO:<olga@example.com>\r\n", b"DATA\r\n"]
AT_ONCE = b"".join(COMMANDS)
DATA = MAIL.data + b".\r\n"
HELLO = b"ehlo longstop.example\r\n"
RESET = b"rset\r\n"
PLAIN = {"EHLO": b"250 script\r\n"}


def sent(answers, mails=1):
    """What became of the mails, and what the server heard."""
    with ScriptedSmtp(answers) as server:
        settings = MailSettings(
            host=server.host, port=server.port, mail_from="", domain="longstop.example", tls="none", timeout=2.0
        )
        sender = SmtpSender(settings)
        results = [sender.send(MAIL, lambda: True) for _ in range(mails)]
        sender.close()
    return results, server.heard


def test_commands_leave_in_one_write_where_the_server_takes_that():
    results, heard = sent({}, mails=2)
    assert results == [Accepted("ok"), Accepted("ok")]
    assert heard == [HELLO, AT_ONCE, DATA, AT_ONCE, DATA]


def test_commands_wait_for_one_another_where_it_does_not():
    results, heard = sent(PLAIN)
    assert results == [Accepted("ok")]
    assert heard == [HELLO, *COMMANDS, DATA]


def test_a_refused_command_is_followed_by_no_other_where_they_go_in_turn():
    results, heard = sent(PLAIN | {"RCPT": b"550 nobody\r\n"})
    assert results == [Refused("550 nobody", Scope.ADDRESS)]
    assert heard == [HELLO, *COMMANDS[:2], RESET]


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ({"MAIL": b"550 not you\r\n", "RCPT": b"503 no\r\n", "DATA": b"503 no\r\n"}, "channel 550 not you"),
        ({"MAIL": b"451 later\r\n", "RCPT": b"550 nobody\r\n", "DATA": b"554 no\r\n"}, "451 later"),
        ({"RCPT": b"550 nobody\r\n", "DATA": b"554 no recipients\r\n"}, "address 550 nobody"),
        ({"RCPT": b"450 later\r\n", "DATA": b"554 no recipients\r\n"}, "450 later"),
        ({"DATA": b"554 no\r\n"}, "message 554 no"),
        ({"DATA": b"451 no\r\n"}, "451 no"),
    ],
)
def test_the_first_refusal_decides_and_the_line_stays_good(answers, result):
    results, heard = sent(answers, mails=2)
    assert [told(one) for one in results] == [result, result]
    assert heard == [HELLO, AT_ONCE, RESET, AT_ONCE, RESET]


def told(result):
    return f"{result.scope.value} {result.why}" if isinstance(result, Refused) else result.why


@pytest.mark.parametrize("phase", ["MAIL", "RCPT"])
def test_a_server_that_waits_for_a_mail_after_a_refusal_gets_none_on_a_closed_line(phase):
    results, heard = sent({phase: b"550 no\r\n"}, mails=2)
    assert [type(one) for one in results] == [Refused, Refused]
    assert heard == [HELLO, AT_ONCE, HELLO, AT_ONCE]


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_hangs_up_before_the_mail_leaves_no_doubt(phase):
    results, heard = sent({phase: b""})
    assert [type(one) for one in results] == [NotSent]
    assert heard == [HELLO, AT_ONCE]


def test_a_refusal_counts_though_the_server_hangs_up_before_its_other_answers():
    results, heard = sent({"RCPT": b"550 nobody\r\n", "DATA": b""})
    assert results == [Refused("550 nobody", Scope.ADDRESS)]
    assert heard == [HELLO, AT_ONCE]


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("way", [{}, PLAIN], ids=["at-once", "in-turn"])
def test_an_answer_that_cannot_be_read_closes_the_line_before_anything_was_offered(phase, way):
    results, heard = sent(way | {phase: b"hello?\r\n"})
    assert [type(one) for one in results] == [NotSent]
    assert heard == [HELLO, AT_ONCE] if not way else DATA not in heard


@pytest.mark.parametrize("answer", [b"hello?\r\n", b"354 go on\r\n", b"", b"150 perhaps\r\n"])
def test_what_is_no_answer_to_a_mail_leaves_a_doubt(answer):
    results, heard = sent({".": answer}, mails=2)
    assert [type(one) for one in results] == [InDoubt, InDoubt]
    assert heard == [HELLO, AT_ONCE, DATA] * 2


@pytest.mark.parametrize("code", [450, 550])
def test_a_mail_refused_after_its_last_byte_leaves_the_line_good(code):
    results, heard = sent({".": f"{code} not this one\r\n".encode()}, mails=2)
    assert [one.why for one in results] == [f"{code} not this one"] * 2
    assert heard == [HELLO, AT_ONCE, DATA, AT_ONCE, DATA]


def test_nothing_is_written_but_the_three_commands_when_the_lease_is_lost():
    with ScriptedSmtp({}) as server:
        settings = MailSettings(host=server.host, port=server.port, mail_from="", domain="x.example", tls="none")
        assert SmtpSender(settings).send(MAIL, lambda: False) == NotSent("lease lost")
    assert server.heard == [b"ehlo x.example\r\n", AT_ONCE]
