"""From a mail to an acknowledgement in two clicks: a real mail server, a real ``serve``, and a reader's two clicks."""

import re
import urllib.parse
import urllib.request
from email import message_from_bytes
from email.policy import default
from html import unescape

import pytest

from tests.cli.test_serve import asked, free_port
from tests.support.processes import RealRegister
from tests.support.smtp_server import SmtpServer

ALL = {"LOG_LEVEL": "debug", "LOG_FORMAT": "json"}


@pytest.fixture
def server():
    with SmtpServer() as made:
        yield made


def mail_of(register, server):
    register.wait_until(lambda: server.accepted, why="the mail")
    message = message_from_bytes(server.accepted[0].data, policy=default)
    return message.get_body(("html",)).get_content()


def links(html):
    """The links of a mail, by what is written on them."""
    return {
        unescape(words): unescape(url) for url, words in re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]+)</a>', html)
    }


def opened(url, given=None):
    body = None if given is None else urllib.parse.urlencode(given).encode()
    headers = {} if given is None else {"Sec-Fetch-Site": "same-origin"}
    assert url.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=20) as answer:  # noqa: S310 - as said
        return answer.status, answer.read().decode()


def first_form(page):
    """What the first form of a page sends, by its large button."""
    form = re.search(r"<form method=\"post\">(.*?)</form>", page, re.DOTALL)[1]
    assert 'class="large"' in form
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)}


def test_a_reader_acknowledges_in_two_clicks(tmp_path, server):
    port = free_port()
    register = RealRegister(tmp_path, server, BASE_URL=f"http://127.0.0.1:{port}", PORT=port, **ALL)
    register.owe(1)
    try:
        process = register.run("serve")
        try:
            asked(port, "/healthz")
            written = links(mail_of(register, server))
            assert list(written) == ["Acknowledge", "Open", "Snooze", "Assign", "Done"]

            status, page = opened(written["Acknowledge"])  # the first click
            assert (status, "Pay the fee" in page) == (200, True)
            with register.monitor.look() as work:
                assert [row.state for row in work.milestones.live()] == ["open"]

            status, page = opened(written["Acknowledge"], first_form(page))  # the second
            assert (status, "still open." in page) == (200, True)
            with register.monitor.look() as work:
                (row,) = work.milestones.live()
            assert (row.state, row.acknowledged.by) == ("acknowledged", "r000@example.com")
        finally:
            process.terminate()
        token = urllib.parse.urlsplit(written["Open"]).path.removeprefix("/act/")
        told = "\n".join(process.lines)
        assert token not in told
        assert token[:40] not in told
        assert "Annual fee" not in told
    finally:
        register.close()
