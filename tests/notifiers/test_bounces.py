"""What comes back by mail: which message it is about, and what it says; a real IMAP conversation over a socket."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lifecycle.reports import Fate, Report
from notifiers.base import NotRead
from notifiers.bounces import report_in, return_address
from notifiers.mailbox import mailbox_at, read_behind
from tests.support.imap_server import ImapServer, bounce

ADDRESS, ID = "bounce@example.com", "7k2m9qxw4tzb"
NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
LETTER = b"From: ben@example.com\r\nTo: bounce+7k2m9qxw4tzb@example.com\r\nSubject: Away\r\n\r\nBack on Monday.\r\n"


@pytest.fixture(scope="module")
def running():
    with ImapServer() as server:
        yield server


@pytest.fixture
def server(running):
    running.mails.clear()
    running.asked.clear()
    running.validity = 7
    return running


def read(server, mark="", *, most=100, **settings):
    return read_behind(replace(mailbox_at(server.url, timeout=2.0), **settings), mark, NOW, most=most)


def test_a_return_address_names_its_delivery():
    assert return_address(ADDRESS, ID) == f"bounce+{ID}@example.com"


def test_a_mailbox_that_does_not_exist_is_of_the_address():
    said = Report(ID, Fate.FAILED, "5.1.1 550 5.1.1 no such user", is_of_address=True)
    assert report_in(bounce(ID), ADDRESS) == said


@pytest.mark.parametrize(
    ("action", "status", "fate", "is_of_address"),
    [
        ("failed", "5.4.4", Fate.FAILED, False),
        ("failed", "4.4.7", Fate.FAILED, False),
        ("failed", "5.7.1", Fate.FAILED, True),
        ("Delayed", "4.4.1", Fate.DELAYED, False),
        ("delivered", "2.0.0", Fate.DELIVERED, False),
    ],
)
def test_only_some_numbers_are_held_against_the_address(action, status, fate, is_of_address):
    report = report_in(bounce(ID, action=action, status=status, said="what the server said"), ADDRESS)
    assert report == Report(ID, fate, f"{status} what the server said", is_of_address)


def test_where_the_return_address_was_cut_the_quoted_message_id_tells():
    assert report_in(bounce(ID, to="bounce@example.com"), ADDRESS).delivery_id == ID


@pytest.mark.parametrize(
    "raw",
    [
        LETTER,
        b"",
        b"\xff\xfe\x00 no mail at all",
        bounce(ID, action="relayed"),
        bounce(ID, to="bounce@example.com", quoted=False),
        bounce(ID, to="bounce+7k2m9qxw4tzb@elsewhere.example", quoted=False),
        bounce(ID)[:200],
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    ],
    ids=range(8),
)
def test_what_is_no_report_about_a_mail_of_ours_says_nothing(raw):
    assert report_in(raw, ADDRESS) is None


def test_what_a_server_said_is_one_line_and_short():
    report = report_in(bounce(ID, said="550 " + "x" * 900 + "\r\n  more"), ADDRESS)
    assert len(report.why) <= 200
    assert "\n" not in report.why


def test_what_is_behind_the_mark_is_read_once_and_nothing_is_changed(server):
    server.mails[:] = [bounce(ID), LETTER]
    assert read(server) == ([bounce(ID), LETTER], "7:2", False)
    assert read(server, "7:2") == ([], "7:2", False)
    server.mails.append(bounce("next"))
    assert read(server, "7:2") == ([bounce("next")], "7:3", False)
    assert set(server.asked) == {"CAPABILITY", "LOGIN", "EXAMINE", "SEARCH", "FETCH", "LOGOUT"}


def test_much_is_read_in_parts(server):
    server.mails[:] = [bounce(str(n)) for n in range(5)]
    mails, mark, is_more = read(server, most=3)
    assert (len(mails), mark, is_more) == (3, "7:3", True)
    assert read(server, mark, most=3)[1:] == ("7:5", False)


def test_a_mailbox_that_was_made_anew_is_read_from_its_beginning(server):
    server.mails[:] = [bounce(ID)]
    server.validity = 8
    assert read(server, "7:40") == ([bounce(ID)], "8:1", False)


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"folder": "Nowhere"}, {"port": 9}])
def test_what_cannot_be_read_is_said_without_the_password(server, wrong):
    with pytest.raises(NotRead) as said:
        read(server, **wrong)
    assert "secret" not in str(said.value)
    assert "secret" not in repr(mailbox_at(server.url))


def test_an_address_is_taken_apart():
    settings = mailbox_at("imaps://us%40er:pa%2Fss@mail.example.com/In%20box")
    assert (settings.username, settings.password, settings.folder) == ("us@er", "pa/ss", "In box")
    assert (settings.host, settings.port, settings.is_encrypted) == ("mail.example.com", 993, True)
    assert mailbox_at("imap://a:b@host").folder == "INBOX"
