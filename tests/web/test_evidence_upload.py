"""Uploads by strangers over real HTTP: every file gets a clear answer, and is kept whole or not at all."""

import hashlib
import time
from datetime import timedelta

import pytest

from engine import operations as ops
from lifecycle.obligations.evidence import EvidenceState
from tests.support.uploading import BOUNDARY, MOST, PDF, Uploading, damaged, form, packed


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = Uploading(tmp_path_factory.mktemp("uploads"))
    with made.site.served() as base:
        made.base = base
        yield made
    made.site.close()


def untouched(house, request_id, before):
    """The request is open, and nothing was stored since *before*."""
    assert house.request(request_id).state is EvidenceState.ASKED
    assert (house.documents(), house.kept()) == before
    return True


def now(house):
    return house.documents(), house.kept()


def test_looking_shows_what_is_asked_for_and_changes_nothing(house):
    request_id, path = house.link(what="SOC 2 Type II report 2026", note="With the auditor's opinion, please.")
    before = now(house)
    shown = house.get(path)
    assert shown.status == 200
    assert "Northwind" in shown.said or house.site.pages.organisation in shown.said
    assert "SOC 2 Type II report 2026" in shown.said
    assert "With the auditor's opinion, please." in shown.said
    assert house.get(path, "HEAD").status == 200
    assert untouched(house, request_id, before)


def test_the_page_may_load_nothing_and_is_in_no_index(house):
    _, path = house.link()
    headers = house.get(path).headers
    assert "default-src 'none'; form-action 'self'" in headers["Content-Security-Policy"]
    assert (headers["X-Robots-Tag"], headers["Cache-Control"]) == ("noindex, nofollow", "no-store")
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_file_that_came_is_kept_under_its_hash_and_the_request_knows_it(house):
    request_id, path = house.link()
    content = PDF + b"kept"
    answer = house.send(path, content, covers_from="2026-01-01", covers_until="2026-12-31")
    digest = hashlib.sha256(content).hexdigest()
    assert answer.status == 200
    assert f"Thank you, the file is here. report.pdf has arrived whole. SHA-256 {digest}." in answer.said
    request = house.request(request_id)
    assert (request.state, len(request.documents)) == (EvidenceState.RECEIVED, 1)
    assert (str(request.covers_from), str(request.covers_until)) == ("2026-01-01", "2026-12-31")
    assert house.shelf.take(digest) == content
    assert "report.pdf" in house.get(path).said


def test_the_same_file_twice_is_here_already_and_another_one_is_a_second_version(house):
    request_id, path = house.link()
    first, second = PDF + b"first", PDF + b"second"
    house.send(path, first)
    again = house.send(path, first, name="renamed.pdf")
    assert again.status == 200
    assert "This file is here already." in again.said
    assert len(house.request(request_id).documents) == 1
    other = house.send(path, second)
    assert "report.pdf is version 2; what you sent before is kept as well." in other.said
    assert len(house.request(request_id).documents) == 2
    kept = {hashlib.sha256(one).hexdigest() for one in (first, second)}
    assert kept <= set(house.kept())


def test_the_days_that_were_forgotten_are_noted_when_the_same_file_comes_again(house):
    request_id, path = house.link()
    house.send(path, PDF + b"of a span")
    assert house.request(request_id).covers_from is None
    again = house.send(path, PDF + b"of a span", covers_from="2026-01-01", covers_until="2026-12-31")
    assert "Thank you, the days are noted." in again.said
    assert "it covers Thu 1 Jan 2026 to Thu 31 Dec 2026" in again.said
    request = house.request(request_id)
    assert (str(request.covers_from), str(request.covers_until)) == ("2026-01-01", "2026-12-31")
    assert len(request.documents) == 1
    third = house.send(path, PDF + b"of a span", covers_from="2026-01-01", covers_until="2026-12-31")
    assert "This file is here already." in third.said


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00 a program", "report.pdf"),
        (b"<html><script>alert(1)</script></html>", "report.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "drawing.png"),
        (b"#!/bin/sh\nrm -rf /\n", "report.txt"),
        (packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "report.docx"),
        (packed("report.pdf"), "report.zip"),
        (damaged(), "report.odt"),
        (b"\x00\x01\x02\x03", "report.pdf"),
    ],
    ids=["program", "page", "drawing", "script", "macros", "archive", "damaged", "bytes"],
)
def test_a_wrong_kind_of_file_is_refused_by_what_it_holds_whatever_its_name(house, content, name):
    request_id, path = house.link()
    before = now(house)
    answer = house.send(path, content, name=name)
    assert answer.status == 415
    assert "This kind of file is not taken; what it holds counts, not its name." in answer.said
    assert untouched(house, request_id, before)


@pytest.mark.parametrize(
    "content",
    [
        PDF,
        b"\x89PNG\r\n\x1a\n and so on",
        packed("[Content_Types].xml", "xl/workbook.xml"),
        "Größe;Zahl\n1;2\n".encode(),
    ],
    ids=["pdf", "png", "workbook", "csv"],
)
def test_the_kinds_that_are_named_on_the_page_are_taken_whatever_their_name(house, content):
    request_id, path = house.link()
    assert house.send(path, content, name="evidence").status == 200
    assert house.request(request_id).state is EvidenceState.RECEIVED


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (("2026-01-01", "9999-12-31"), "is outside 1900 to 2200"),
        (("0001-01-01", "2026-12-31"), "is outside 1900 to 2200"),
        (("2026-12-31", "2026-01-01"), "before it begins"),
        (("2026-13-01", ""), "no day"),
    ],
)
def test_a_span_that_cannot_be_is_refused_and_breaks_no_page_of_the_house(house, span, said):
    request_id, path = house.link()
    before = now(house)
    answer = house.send(path, PDF + b"of no span", covers_from=span[0], covers_until=span[1])
    assert (answer.status, said in answer.said) == (422, True)
    assert untouched(house, request_id, before)
    olga = house.site.as_("olga")
    audits = f"/audits/{house.request(request_id).agreement_id}"
    assert [olga.get(page).status_code for page in ("/audits", audits)] == [200, 200]


@pytest.mark.parametrize("size", [MOST + 1, MOST + 24 * 1024 * 1024], ids=["a byte", "far"])
def test_a_file_that_is_too_large_is_refused_with_an_answer_that_arrives(house, size):
    request_id, path = house.link()
    before = now(house)
    answer = house.send(path, PDF + b"x" * (size - len(PDF)))
    assert answer.status == 413
    assert "The file is too large. Nothing of it was kept. Send a smaller one" in answer.said
    assert untouched(house, request_id, before)


def test_the_largest_file_is_taken(house):
    request_id, path = house.link()
    assert house.send(path, PDF + b"x" * (MOST - len(PDF))).status == 200
    assert house.request(request_id).state is EvidenceState.RECEIVED


def test_an_empty_file_and_no_file_are_told_apart(house):
    request_id, path = house.link()
    before = now(house)
    empty, none = house.send(path, b""), house.send(path, PDF, name="")
    assert (empty.status, none.status) == (422, 422)
    assert "The file is empty." in empty.said
    assert "There was no file." in none.said
    assert untouched(house, request_id, before)


def test_after_its_end_a_link_is_gone(house):
    request_id, path = house.link()
    before = now(house)
    there = house.monitor.clock.now()
    house.monitor.clock.travel_to(house.request(request_id).link_until)
    try:
        looked, sent = house.get(path), house.send(path, PDF + b"x" * 3 * 1024 * 1024)
        assert (looked.status, sent.status) == (410, 410)
        assert sent.said.endswith("This link has expired. Ask whoever wrote to you for a new one.")
        assert untouched(house, request_id, before)
    finally:
        house.monitor.clock.travel_to(there)


def test_a_link_of_what_was_accepted_is_gone(house):
    request_id, path = house.link()
    house.send(path, PDF + b"accepted")
    with house.site.work() as work:
        ops.accept_evidence(work, request_id)
    answer = house.send(path, PDF + b"too late")
    assert answer.status == 410
    assert answer.said.endswith(
        "The request is closed: SOC 2 Type II report is accepted already. You need not do more. What comes now is not "
        "kept: if it has to replace what you have sent, write to whoever asked you."
    )
    assert len(house.request(request_id).documents) == 1


@pytest.mark.parametrize("token", ["x", "A" * 43, "..%2f..%2fetc%2fpasswd", "%00", "a" * 5000])
def test_a_stranger_finds_nothing(house, token):
    before = now(house)
    path = f"/evidence-upload/{token}"
    looked, sent = house.get(path), house.send(path, PDF + b"x" * 512 * 1024)
    assert (looked.status, sent.status) == (404, 404)
    assert now(house) == before


def test_a_link_that_was_replaced_is_unknown(house):
    request_id, path = house.link()
    there = house.monitor.clock.now()
    house.monitor.clock.advance(timedelta(days=1))
    try:
        with house.site.work() as work:
            newer = ops.ask_again(work, request_id).url
        assert house.send(path, PDF).status == 404
        assert house.get(newer.removeprefix("https://longstop.example")).status == 200
    finally:
        house.monitor.clock.travel_to(there)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x", "x"),
        ("..\\..\\windows\\x.pdf", "x.pdf"),
        ("/etc/passwd", "passwd"),
        ("a\x01b.pdf", "ab.pdf"),
        ("..", ".."),
    ],
)
def test_a_name_is_a_word_to_show_and_never_a_path(house, name, shown):
    request_id, path = house.link()
    content = PDF + name.encode()
    assert house.send(path, content, name=name.replace("\\", "\\\\")).status == 200
    (document_id,) = house.request(request_id).documents
    with house.monitor.look() as work:
        document = work.documents.get(document_id)
    assert document.name == shown
    files = [one for one in house.shelf.folder.parent.rglob("*") if one.is_file()]
    assert [one for one in files if house.shelf.folder not in one.parents] == []
    assert house.shelf.take(document.sha256) == content


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999], ids=["at once", "half-way", "at the end"])
def test_what_is_interrupted_leaves_nothing_and_can_be_sent_again(house, share):
    request_id, path = house.link()
    before = now(house)
    content = PDF + b"y" * 40_000
    body = form(content)
    house.send_raw(path, body[: int(len(body) * share)], length=len(body))
    time.sleep(0.2)  # until the house has seen that they are gone
    assert untouched(house, request_id, before)
    assert house.send(path, content + share.hex().encode()).status == 200
    assert house.request(request_id).state is EvidenceState.RECEIVED


def test_a_form_without_its_end_did_not_arrive_whole(house):
    request_id, path = house.link()
    before = now(house)
    cut = form(PDF)[: -len(f"\r\n--{BOUNDARY}--\r\n")]
    answer = house.send_raw(path, cut, length=len(cut))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"The file did not arrive whole. Nothing of it was kept." in answer
    assert untouched(house, request_id, before)


def test_a_form_of_another_site_is_refused(house):
    request_id, path = house.link()
    before = now(house)
    answer = house.send(path, PDF, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403
    assert untouched(house, request_id, before)


def test_those_who_answer_for_it_hear_that_it_has_come(house):
    request_id, path = house.link(what="Proof of insurance")
    house.send(path, PDF + b"told", name="policy.pdf")
    with house.monitor.look() as work:
        waiting = work.deliveries.listed(["pending"], limit=500)
        told = [one for one in waiting if f"evidence:{request_id}:received:1" in one.dedupe_key]
        body = work.deliveries.body(told[0].id)
    assert len(told) >= 1
    assert "has sent “Proof of insurance”" in body.subject


def test_the_token_stands_nowhere_but_in_the_mail(house):
    _, path = house.link()
    token = path.rpartition("/")[2]
    with house.monitor.look() as work:
        rows = [str(row) for row in work.connection.exec_driver_sql("SELECT * FROM evidence_requests")]
        events = [str(one) for one in work.log.all()]
    assert rows
    assert not any(token in one for one in (*rows, *events))


def test_a_disk_that_takes_nothing_is_said_and_the_file_can_be_sent_again(house):
    request_id, path = house.link()
    contents = (PDF + str(number).encode() for number in range(1000))
    places = ((one, house.shelf.folder / hashlib.sha256(one).hexdigest()[:2]) for one in contents)
    content, place = next((one, place) for one, place in places if not place.exists())
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"where a folder should be")
    before = house.documents()
    answer = house.send(path, content)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert "That did not work, and nothing was kept." in answer.said
    assert (house.request(request_id).state, house.documents()) == (EvidenceState.ASKED, before)
    place.unlink()
    assert house.send(path, content).status == 200
