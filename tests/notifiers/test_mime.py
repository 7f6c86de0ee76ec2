import re
from datetime import timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from notifiers.mime import ascii_address, dated, header_text, mail, mailbox
from notifiers.wording import one_line


def parsed(headers, text="text\n", html="<p>html</p>"):
    return message_from_bytes(mail(headers, text=text, html=html, seed="d-1"), policy=default)


@given(st.text(max_size=400))
def test_a_header_comes_back_as_the_one_line_it_is(text):
    written = header_text(text)
    assert re.sub(r"\r\n (?=\S)", "", written).isprintable()
    assert max(len(f"Subject: {written}".split("\r\n")[0]), *map(len, written.split("\r\n"))) <= 76
    assert written.isascii()
    assert str(parsed([("Subject", written)])["subject"]) == one_line(text, 250)


@given(st.text(max_size=100))
def test_a_name_comes_back_beside_its_address(name):
    written = mailbox(name, "dana@example.com")
    assert [each.addr_spec for each in parsed([("To", written)])["to"].addresses] == ["dana@example.com"]
    # RFC 2047 6.2 drops the space between encoded words; the parser's display_name keeps it, decode_header does not
    phrase = written.removesuffix("<dana@example.com>").replace("\r\n ", " ").strip()
    assert str(make_header(decode_header(phrase))) == one_line(name, 60)


@given(st.datetimes(), st.integers(-1439, 1439))
def test_a_date_is_written_as_the_standard_library_writes_it(at, minutes):
    local = at.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert dated(local) == format_datetime(local)


@given(st.lists(st.text("äx-", max_size=70), min_size=1, max_size=3))
def test_a_domain_becomes_ascii_where_it_can(labels):
    domain = ".".join(labels)
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        ascii_domain = domain
    assert ascii_address(f"dana@{domain}") == f"dana@{ascii_domain}"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=2000))
def test_a_body_comes_back_as_it_went_in(text):
    message = parsed([], text=f"{text}\n", html=f"<pre>{text}</pre>\n")
    assert message.get_body(("plain",)).get_payload(decode=True).decode().replace("\r\n", "\n").rstrip("\n") == (
        text.rstrip("\n")
    )
    assert message.get_body(("html",)).get_payload(decode=True).decode() == f"<pre>{text}</pre>\n"


def test_nothing_is_longer_than_a_line_may_be():
    body = mail([], text="ä" * 5000 + "\n" + "x" * 5000, html="y" * 50_000, seed="d-1")
    assert max(map(len, body.split(b"\r\n"))) <= 76
