"""What holds for every request: forms of our own, bodies that fit, careful headers, a log without secrets."""

import io
import logging
import re
import socket
import time
from ipaddress import ip_network

import pytest
from fastapi import Request
from sqlalchemy import select

from config.logging import configure_logging
from store.schema import metadata
from tests.support.site import PASSWORD, Site, text_of
from web.frame.forms import CSRF
from web.frame.sessions import SESSION
from web.patience import Patient

ADA = "henrik@hallingdal.example"


@pytest.fixture(scope="module")
def site():
    made = Site(filled=False, upload_most=100_000)
    yield made
    made.close()


@pytest.fixture(scope="module")
def olga(site):
    return site.as_("olga")


def theme(site):
    with site.look() as work:
        return work.entering.preferences(site.people["Olga"]).theme


# -- forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": None, "origin": "https://evil.example"},
        {"sec-fetch-site": None, "origin": "null"},
        {"sec-fetch-site": None, "origin": "https://longstop.example.evil.example"},
        {"sec-fetch-site": None, "origin": "http://longstop.example"},
        {"sec-fetch-site": None, "origin": None},
    ],
    ids=str,
)
def test_a_form_from_elsewhere_changes_nothing_even_with_its_token(site, olga, headers):
    said = {"sec-fetch-site": "same-origin", "origin": "https://longstop.example"} | headers
    sent = {name: value for name, value in said.items() if value is not None}
    answer = olga.http.post("/me/looks", data={CSRF: olga.token(), "theme": "dark"}, headers=sent)
    assert answer.status_code == 403
    assert "Nothing was changed." in text_of(answer)
    assert theme(site) == "system"


@pytest.mark.parametrize("said", ["", "x", "a.b", "same"])
def test_a_form_without_the_pages_own_token_changes_nothing(site, olga, said):
    token = site.as_("jonas").token() if said == "same" else said
    answer = olga.post("/me/looks", form_token=token, theme="dark")
    assert (answer.status_code, theme(site)) == (403, "system")


def test_a_browser_that_says_only_its_origin_is_believed(site, olga):
    sent = {CSRF: olga.token(), "theme": "light"}
    answer = olga.http.post("/me/looks", data=sent, headers={"origin": "https://longstop.example"})
    assert (answer.status_code, theme(site)) == (303, "light")
    olga.post("/me/looks", theme="system")


def test_a_token_is_another_text_on_each_page_and_each_of_them_holds(olga):
    first, second = olga.token(), olga.token()
    assert first != second
    assert [olga.post("/me/looks", form_token=one, theme="system").status_code for one in (first, second)] == [303, 303]


def test_a_token_from_before_signing_in_does_not_hold_after_it(site):
    browser = site.anybody()
    before = browser.token("/login")
    browser.post("/login", on="/login", email=ADA, password=PASSWORD)
    assert browser.post("/me/looks", form_token=before, theme="dark").status_code == 403


def test_the_form_of_the_login_is_bound_to_the_browser(site):
    stranger = site.anybody()
    token = stranger.token("/login")
    victim = site.anybody()
    victim.get("/login")
    assert victim.post("/login", form_token=token, email=ADA, password=PASSWORD).status_code == 403


@pytest.mark.parametrize("path", ["/me", "/login", "/setup", "/silences", "/me/looks", "/logout", "/nowhere"])
def test_looking_changes_nothing(site, path):
    admin = site.as_("henrik")

    def dump():
        with site.look() as work:
            return {table.name: work.connection.execute(select(table)).all() for table in metadata.sorted_tables}

    before = dump()
    for browser in (admin, site.anybody()):
        browser.get(path)
        browser.head(path)
    assert dump() == before


# -- bodies ----------------------------------------------------------------------------------------------------------


def test_a_body_that_is_too_large_is_refused_before_it_is_read(site, olga):
    answer = olga.http.post(
        "/me/looks", content=b"", headers={"content-length": "9999999", "sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 413
    assert theme(site) == "system"


def test_a_body_that_does_not_say_its_length_is_cut_off_at_the_limit(site, olga):
    def endless():
        for _ in range(40):
            yield b"theme=dark&" * 4000

    kind = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
    answer = olga.http.post("/me/looks", content=endless(), headers=kind)
    assert answer.status_code == 413
    assert "That is too large." in text_of(answer)
    assert theme(site) == "system"


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe=\xff", b"a=" + b"b" * 300_000, b"&".join(b"f%d=1" % n for n in range(3000)), b"--x\r\nbroken"],
    ids=["empty", "no text", "one long field", "many fields", "broken"],
)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_a_body_that_is_no_form_is_refused_and_fails_nothing(olga, body, kind):
    answer = olga.http.post("/me/looks", content=body, headers={"content-type": kind, "sec-fetch-site": "same-origin"})
    assert answer.status_code in {403, 413}


# -- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/me", "/login", "/nowhere", "/healthz", "/favicon.ico"])
def test_every_answer_keeps_browsers_careful(site, olga, path):
    for browser in (olga, site.anybody()):
        headers = browser.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert re.fullmatch(r"[0-9a-f]{12}", headers["x-request-id"])


def test_a_page_lets_no_script_and_no_style_in_but_our_files(olga):
    answer = olga.get("/me")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", answer.text) == []
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', answer.text) == []


def test_pages_are_kept_by_nobody_and_files_for_ever(olga):
    page = olga.get("/me")
    assert page.headers["cache-control"] == "no-store"
    style = re.search(r'href="(/static/\w+/style\.css)"', page.text)[1]
    kept = olga.get(style, headers={"accept-encoding": "gzip"})
    assert "immutable" in kept.headers["cache-control"]
    assert olga.get(style, headers={"if-none-match": kept.headers["etag"]}).status_code == 304
    assert olga.get("/static/0000/style.css").headers["cache-control"] == "no-cache"
    assert len(kept.content) <= 25_000, "A2"


@pytest.mark.parametrize("path", ["/static/x/../../app.py", "/static/x/%2e%2e%2fapp.py", "/static/x/style.css.bak"])
def test_no_other_file_is_served(olga, path):
    assert olga.get(path).status_code == 404


def test_what_is_typed_is_never_markup(olga):
    answer = olga.post("/me/telling", name='"><script>alert(1)</script>', time_zone="<b>x")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "<b>x" not in answer.text


def test_an_address_is_never_a_header(site):
    answer = site.anybody().get("/me?a=%0d%0aSet-Cookie:%20x=y")
    assert answer.status_code == 303
    assert "x" not in answer.cookies
    assert "\r" not in answer.headers["location"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("POST", "/me", 405), ("GET", "/me/looks", 405)]
)
def test_what_is_not_there_is_said_in_words_with_a_number(olga, method, path, status):
    answer = olga.http.request(method, path)
    assert answer.status_code == status
    assert answer.headers["x-request-id"] in answer.text
    assert "Traceback" not in answer.text


def test_programs_get_no_page(site):
    program = site.anybody()
    program.http.headers["accept"] = "application/json"
    assert program.get("/nowhere").json() == {"detail": "Not Found"}


def test_an_error_that_nobody_expected_is_a_sentence_and_its_text_stays_inside(site, olga):
    secret = "the price is 240,000"

    @site.app.get("/breaks")
    def breaks() -> str:
        raise RuntimeError(secret)

    stream = io.StringIO()
    configure_logging(form="json", level="debug", stream=stream)
    try:
        answer = olga.get("/breaks")
    finally:
        configure_logging(form="json", level="warning")
    assert answer.status_code == 500
    assert "That did not work, and nothing was changed." in text_of(answer)
    assert secret not in answer.text
    log = stream.getvalue()
    assert '"why": "RuntimeError in test_security.py:' in log
    assert answer.headers["x-request-id"] in log
    assert secret not in log


def test_the_log_of_somebody_who_comes_in_holds_no_secret(site):
    stream = io.StringIO()
    configure_logging(form="json", level="debug", stream=stream)
    try:
        browser = site.anybody()
        browser.post("/login", on="/login", email=ADA, password="wrong but typed")
        answer = browser.post("/login", on="/login", email=ADA, password=PASSWORD)
        token = re.search(r"lst_[\w-]+", browser.post("/me/tokens", scope="read", expires_on="2026-12-31").text)[0]
        browser.get("/nowhere")
        secrets = [PASSWORD, "wrong but typed", answer.cookies["longstop_session"], token, browser.token(), ADA]
    finally:
        configure_logging(form="json", level="warning")
    logging.getLogger("ours").debug("something")
    assert [one for one in secrets if one in stream.getvalue()] == []


# -- proxies ---------------------------------------------------------------------------------------------------------


def test_a_proxy_is_believed_only_where_it_is_trusted():
    site = Site(filled=False, trusted=(ip_network("10.0.0.0/24"),), base_url="http://longstop.example")
    said = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.5, 192.0.2.1, 10.0.0.2"}
    try:
        for peer, is_secure in (("10.0.0.9", True), ("192.0.2.7", False)):
            browser = site.anybody(base="http://longstop.example", peer=peer)
            cookie = browser.get("/login", headers=said).headers["set-cookie"]
            assert ("Secure" in cookie) is is_secure, peer
    finally:
        site.close()


@pytest.mark.parametrize(
    "lines",
    [
        ["127.0.0.1", "203.0.113.5"],
        ["127.0.0.1, 198.51.100.9", "203.0.113.5, 10.0.0.2"],
        ["203.0.113.5:4711"],
        ["127.0.0.1", "203.0.113.5:80, 10.0.0.2:4711"],
    ],
    ids=["a line below the client's", "lists in both lines", "a port", "both"],
)
def test_what_a_proxy_adds_weighs_more_than_what_a_client_has_said_before(lines):
    site = Site(filled=False, trusted=(ip_network("10.0.0.0/24"),), base_url="http://longstop.example")
    said = [*(("x-forwarded-for", one) for one in lines), ("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")]
    seen = []

    @site.app.get("/who")
    def who(request: Request):
        seen.append((request.client.host, request.url.scheme))

    try:
        site.anybody(base="http://longstop.example", peer="10.0.0.9").get("/who", headers=said)
        assert seen == [("203.0.113.5", "http")]
    finally:
        site.close()


def test_all_works_below_a_path():
    site = Site(filled=False, root_path="/longstop")
    try:
        browser = site.anybody()
        asked = browser.get("/me")
        assert asked.headers["location"] == "/longstop/login?next=/me"
        entered = browser.post("/login", on="/login", email=ADA, password=PASSWORD, next="/me")
        assert entered.headers["location"] == "/longstop/me"
        page = browser.followed(entered)
        assert page.status_code == 200
        assert re.findall(r'(?:href|action|src)="/(?!longstop/)[^"]*"', page.text) == []
        assert "Path=/longstop" in "".join(entered.headers.get_list("set-cookie"))
        assert browser.http.get("/me").headers["location"] == "/longstop/login?next=/me", "a proxy may cut it off"
        for door in ("/longstop", "/longstop/", "/"):
            assert browser.http.get(door).headers["location"] == "/longstop/deadlines"
    finally:
        site.close()


# -- those who keep us waiting ---------------------------------------------------------------------------------------


class Hasty(Patient):
    seconds = 0.3


@pytest.fixture(scope="module")
def served():
    made = Site(filled=False, patience=0.3)
    with made.served(http=Hasty) as address:
        yield made, int(address.rpartition(":")[2])
    made.close()


def said_to(port, *pieces, pause=0.1):
    """What comes back when these bytes are sent one after another; "" when the connection is closed without a word."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        answer = b""
        try:
            for piece in pieces:
                one.sendall(piece)
                time.sleep(pause)
            while more := one.recv(65536):
                answer += more
        except (BrokenPipeError, ConnectionResetError):
            pass
        return answer.decode(errors="replace")


def test_whoever_says_nothing_or_their_head_byte_by_byte_is_sent_away(served):
    _, port = served
    began = time.monotonic()
    assert said_to(port) == ""
    assert said_to(port, *[bytes([letter]) for letter in b"GET /healthz"]) == ""
    assert time.monotonic() - began < 8
    assert '"alive"' in said_to(port, b"GET /healthz HTTP/1.1\r\n", b"Host: a\r\nConnection: close\r\n\r\n")


def test_a_second_head_on_the_same_connection_has_no_more_time(served):
    _, port = served
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b'"alive"' in one.recv(65536)
        one.sendall(b"GET /he")
        began = time.monotonic()
        assert one.recv(65536) == b""
        assert time.monotonic() - began < 4, "sooner than an idle connection, which has five seconds"


def test_a_body_that_does_not_come_is_told_so(served):
    site, port = served
    browser = site.as_("olga")
    cookie = f"{SESSION}={browser.http.cookies[SESSION]}"
    head = (
        f"POST /me/looks HTTP/1.1\r\nHost: longstop.example\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n"
    )
    told = said_to(port, head.encode(), b"theme=da")
    assert told.startswith("HTTP/1.1 408 ")
    assert theme(site) == "system"


def test_a_head_that_is_too_long_is_refused(served):
    _, port = served
    told = said_to(port, b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n")
    assert told.startswith(("HTTP/1.1 400 ", "HTTP/1.1 431 ")) or told == ""
