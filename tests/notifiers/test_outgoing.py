"""Where Longstop calls, and where it never does."""

import socket
import threading
from contextlib import contextmanager, suppress
from time import monotonic

import pytest

from notifiers.outgoing import Caller, NotAllowed, NotReached, is_public
from tests.support.web_server import WebServer

OURS = [
    "0.0.0.0",  # noqa: S104 - called, not listened on
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.127.255.254", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.7", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::10.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::",
    "2001:0:7f00:1::1", "2001:db8::1", "ff0e::1",
]  # fmt: skip
THEIRS = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "2a00:1450:4001:80b::200e", "172.32.0.1", "100.128.0.1"]


def caller(*addresses, allow=()):
    return Caller(allow=allow, timeout=2.0, resolver=lambda *_: list(addresses))


@pytest.mark.parametrize("address", OURS)
def test_an_address_that_is_not_on_the_public_internet_is_refused(address):
    with pytest.raises(NotAllowed):
        caller(address).place("https://partner.example/in")


@pytest.mark.parametrize("address", THEIRS)
def test_an_address_on_the_public_internet_is_called(address):
    assert caller(address).place("https://partner.example/in") == ("partner.example", 443, address)


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(NotAllowed):
        caller("93.184.216.34", "10.0.0.1").place("https://partner.example/")


def test_a_scope_of_an_interface_hides_nothing():
    with pytest.raises(NotAllowed):
        caller("fe80::1%eth0").place("https://partner.example/")


@pytest.mark.parametrize(
    "url",
    ["http://partner.example/", "ftp://partner.example/", "https://", "//partner.example/", "file:///etc/passwd",
     "https://user:word@partner.example/", "https://partner.example/a b", "https://partner.example/?q=ü"],
)  # fmt: skip
def test_only_a_plain_https_address_is_called(url):
    with pytest.raises(NotAllowed):
        caller("93.184.216.34").place(url)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "localhost"])
def test_other_ways_to_write_this_machine_are_refused_by_what_they_mean(host):
    with pytest.raises((NotAllowed, NotReached)):
        Caller().place(f"https://{host}/")


def test_what_the_operator_allows_may_be_private_and_plain():
    assert caller("10.1.2.3", allow=("10.0.0.0/8",)).place("http://erp/in") == ("erp", 80, "10.1.2.3")
    assert caller("10.1.2.3", allow=("ERP",)).place("http://erp:81/in") == ("erp", 81, "10.1.2.3")
    with pytest.raises(NotAllowed):
        caller("10.1.2.3", "192.168.0.1", allow=("10.0.0.0/8",)).place("https://erp/in")
    with pytest.raises(NotAllowed):
        caller("10.1.2.3", allow=("erp",)).place("https://other/in")


def test_a_name_that_nobody_knows_is_not_reached():
    def unknown(*_):
        raise OSError("no such name")

    with pytest.raises(NotReached) as told:
        Caller(resolver=unknown).place("https://partner.example/")
    assert not told.value.is_sent


def test_the_name_is_resolved_once_and_that_address_is_called():
    asked = []

    def rebinding(host, _):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    with WebServer() as server:
        calls = Caller(allow=("127.0.0.0/8",), timeout=2.0, resolver=rebinding)
        answer = calls.post(f"http://partner.example:{server.port}/in?a=b", b"body", {"X-One": "1"})
        assert (answer.status, asked) == (204, ["partner.example"])
        [posted] = server.posted
        assert (posted.path, posted.body, posted.headers["x-one"]) == ("/in?a=b", b"body", "1")
        assert posted.headers["host"] == f"partner.example:{server.port}"


def test_no_redirect_is_followed_and_no_proxy_asked(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with WebServer() as server:
        server.answers.append((302, {"Location": f"{server.url}/elsewhere"}))
        answer = Caller(allow=("127.0.0.1",), timeout=2.0).post(f"{server.url}/in", b"", {})
        assert (answer.status, [one.path for one in server.posted]) == (302, ["/in"])


def test_whether_something_may_have_arrived_is_told():
    with WebServer() as server:
        server.answers.append(None)
        with pytest.raises(NotReached) as told:
            Caller(allow=("127.0.0.1",), timeout=2.0).post(server.url, b"", {})
        assert told.value.is_sent
    with pytest.raises(NotReached) as told:
        Caller(allow=("127.0.0.1",), timeout=2.0).post(server.url, b"", {})
    assert not told.value.is_sent


def test_nothing_is_sent_once_it_is_not_ours_any_more():
    with WebServer() as server:
        calls = Caller(allow=("127.0.0.1",), timeout=2.0)
        assert calls.post(server.url, b"", {}, lambda: False) is None
        assert server.posted == []


@contextmanager
def dripping(said):
    """The port of a server that says *said*, then a byte now and then, for a long time."""
    over = threading.Event()

    def serve(listening):
        line, _ = listening.accept()
        with suppress(OSError), line:
            line.recv(65536)
            line.sendall(said)
            for _ in range(400):  # 20 seconds
                if over.wait(0.05):
                    return
                line.sendall(b"1")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        over.set()


DRIPPED = {
    "headers": b"HTTP/1.1 200 OK\r\nX-Slow: ",
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
    "body without a length": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("what", DRIPPED)
def test_who_answers_byte_by_byte_is_cut_off_and_the_status_counts(what):
    began = monotonic()
    with dripping(DRIPPED[what]) as port:
        answer = Caller(allow=("127.0.0.1",), timeout=0.5).post(f"http://127.0.0.1:{port}/", b"", {})
    assert (answer.status, monotonic() - began < 15) == (200, True)


@pytest.mark.parametrize("what", DRIPPED)
def test_a_part_of_what_was_asked_for_is_no_answer(what):
    began = monotonic()
    with dripping(DRIPPED[what]) as port, pytest.raises(NotReached):
        Caller(allow=("127.0.0.1",), timeout=0.5).get(f"http://127.0.0.1:{port}/", {})
    assert monotonic() - began < 15


def test_who_says_not_even_a_status_is_not_reached():
    began = monotonic()
    with dripping(b"HTTP/1.1 20") as port, pytest.raises(NotReached) as told:
        Caller(allow=("127.0.0.1",), timeout=0.5).post(f"http://127.0.0.1:{port}/", b"", {})
    assert (told.value.is_sent, monotonic() - began < 15) == (True, True)


@pytest.mark.parametrize("address", ["8.8.8.8", "10.0.0.1"])
def test_public_is_told_of_one_address(address):
    from ipaddress import ip_address

    assert is_public(ip_address(address)) is (address == "8.8.8.8")
