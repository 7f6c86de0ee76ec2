"""The audits of one agreement on its page: asked, uploaded, accepted, found, tested again; and who may do that."""

import re
from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.shelf import Shelf
from lifecycle.days.dates import Period
from lifecycle.obligations.audits import AuditRight
from lifecycle.obligations.evidence import EvidenceState
from tests.support.roles import registered
from tests.support.site import Site, text_of

CANARY = "zyzzyva"
PDF = b"%PDF-1.7\nan auditor's words\n"
SOC2 = {"kind": "soc2-type-2", "email": "jane@acme.example", "name": "Jane Roe"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(filled=False)
    monitor = replace(made.monitor, shelf=Shelf(tmp_path_factory.mktemp("shelf")))
    made.monitor = monitor
    made.app.state.site = made.pages = replace(made.pages, monitor=monitor)
    yield made
    made.close()


@pytest.fixture
def msa(site, request):
    """A new agreement of Olga's: the path of its audits."""
    name = re.sub(r"\W", "", request.node.name)[-40:]
    return f"/audits/{registered(site, f'MSA-{name}', 'olga')}"


def evidence(site, path):
    with site.look() as work:
        return work.evidence.of(path.rpartition("/")[2])


def said(site, path, name="olga"):
    return text_of(site.as_(name).get(path))


def test_an_empty_page_says_how_to_begin(site, msa):
    assert "Nothing is known of audits yet." in said(site, msa)


def test_a_request_shows_its_link_once_and_lists_what_was_asked(site, msa):
    olga = site.as_("olga")
    answer = olga.post(f"{msa}/request", on=msa, due_on="2026-12-18", **SOC2)
    assert answer.status_code == 200
    told = text_of(answer)
    assert "to pass on to Jane Roe (jane@acme.example)." in told
    assert "/evidence-upload/" in told
    after = said(site, msa)
    assert "/evidence-upload/" not in after
    assert "SOC 2 Type II report asked of Jane Roe, Mon 23 Nov 2026 asked Fri 18 Dec 2026" in after


def test_a_report_whose_deadline_was_closed_without_accepting_it_is_a_gap_until_it_is(site, msa):
    olga = site.as_("olga")
    olga.post(f"{msa}/request", on=msa, **SOC2)
    (request,) = evidence(site, msa)
    reference = msa.rpartition("/")[2]
    assert f"/audits/{reference}" not in olga.get("/gaps?only=reports").text
    with site.look() as work:
        (row,) = (row for row in work.milestones.of(reference) if row.key.subject == request.subject)
    done = olga.followed(olga.post(f"/deadlines/{row.id}/done", on=f"/deadlines/{row.id}", evidence="It came by mail"))
    assert "SOC 2 Type II report is not accepted by that: accept it, or withdraw the request" in text_of(done)
    assert f"/audits/{reference}" in olga.get("/gaps?only=reports").text
    olga.followed(olga.post(f"{msa}/withdraw", on=msa, request=request.id, because="It came by mail"))
    assert f"/audits/{reference}" not in olga.get("/gaps?only=reports").text


def test_what_is_uploaded_reviewed_and_accepted_is_drawn_as_covered(site, msa):
    olga = site.as_("olga")
    olga.post(f"{msa}/request", on=msa, **SOC2)
    (request,) = evidence(site, msa)
    file = {"file": ("soc2.pdf", PDF + b"drawn", "application/pdf")}
    span = {"covers_from": "2025-12-01", "covers_until": "2026-08-31"}
    olga.followed(olga.post(f"{msa}/receive", on=msa, files=file, request=request.id, **span))
    assert "received" in said(site, msa)
    olga.followed(olga.post(f"{msa}/review", on=msa, request=request.id))
    assert "under review" in said(site, msa)
    done = olga.followed(olga.post(f"{msa}/accept", on=msa, request=request.id, until_on="2027-08-31"))
    assert "Accepted until Tue 31 Aug 2027; the next one is due then." in text_of(done)
    page = olga.get(msa)
    assert "covered by nothing Sun 23 Nov 2025 to Sun 30 Nov 2025; Tue 1 Sep 2026 to Mon 23 Nov 2026." in text_of(page)
    assert page.text.count('class="tl-lost"') == 2
    assert page.text.count('class="tl-kept"') == 1
    listed = said(site, "/audits")
    assert re.search(r"accepted \w+ .* Tue 31 Aug 2027 Olga Brandt", listed)
    assert "What reports cover" in listed
    assert "Acme Labs, SOC 2: covered by nothing" in listed


def test_a_refused_file_leaves_the_request_open_and_the_form_filled_in(site, msa):
    olga = site.as_("olga")
    olga.post(f"{msa}/request", on=msa, **SOC2)
    (request,) = evidence(site, msa)
    file = {"file": ("soc2.pdf", b"MZ a program", "application/pdf")}
    answer = olga.post(f"{msa}/receive", on=msa, files=file, request=request.id, covers_from="2026-01-01")
    assert answer.status_code == 422
    assert "This kind of file is not taken" in text_of(answer)
    assert 'value="2026-01-01"' in answer.text
    assert [one.state for one in evidence(site, msa)] == [EvidenceState.ASKED]


def test_a_right_and_a_finding_are_recorded_and_tested_again(site, msa):
    olga = site.as_("olga")
    right = {"every": "1 year", "due_on": "2027-06-30", "notice": "60 days", "scope": "Security", "clause": "14.2"}
    olga.followed(olga.post(f"{msa}/right", on=msa, **right))
    shown = said(site, msa)
    assert "Security cl. 14.2 every 1 year announced 60 days before Fri 30 Apr 2027 Wed 30 Jun 2027" in shown
    found = {"text": "Backups are never restored", "severity": "high", "remedy_by_on": "2027-01-29"}
    olga.followed(olga.post(f"{msa}/finding", on=msa, retest_by_on="2027-02-26", **found))
    assert "Backups are never restored high open Fri 29 Jan 2027 by Fri 26 Feb 2027" in said(site, msa)
    wrong = olga.post(f"{msa}/retest", on=msa, finding="f1", verdict="failed", result="Nothing was done")
    assert wrong.status_code == 422
    assert "nobody knows by when it is remedied" in text_of(wrong)
    olga.followed(olga.post(f"{msa}/retest", on=msa, finding="f1", verdict="passed", result="Seen"))
    assert "high closed Fri 29 Jan 2027 passed Mon 23 Nov 2026: Seen" in said(site, msa)
    olga.followed(olga.post(f"{msa}/end-right", on=msa, right="a1", because="Certified instead"))
    assert "ended Mon 23 Nov 2026" in said(site, msa)


@pytest.mark.parametrize(
    ("act", "fields", "wrong"),
    [
        ("request", {"kind": "soc2-type-2"}, "It is not known whom to ask there."),
        ("request", {"kind": "x", "email": "a@b.example"}, "what sort of report"),
        ("request", {**SOC2, "due_on": "2026-01-01"}, "2026-01-01 is over."),
        ("request", {**SOC2, "due_on": "soon"}, "soon is no day."),
        ("right", {"every": "often", "due_on": "2027-01-01"}, "often"),
        ("right", {"every": "1 year"}, "by when the first"),
        ("finding", {"text": "x", "severity": "high"}, "by when it is remedied"),
        ("receive", {"kind": "other"}, "There is no file and no link."),
        ("nothing", {}, "There is no such act."),
    ],
)
def test_what_cannot_be_is_said_on_the_page_and_changes_nothing(site, msa, act, fields, wrong):
    answer = site.as_("olga").post(f"{msa}/{act}", on=msa, **fields)
    assert answer.status_code == 422
    assert wrong in text_of(answer)
    assert evidence(site, msa) == []


def test_only_those_who_may_register_act_and_others_see_no_forms(site, msa):
    viewer = site.as_("amara")
    assert "Request evidence" not in said(site, msa, "amara")
    assert viewer.post(f"{msa}/request", on="/me", **SOC2).status_code == 403
    assert evidence(site, msa) == []


def test_what_is_restricted_is_on_no_page_of_an_outsider(site):
    agreement_id = registered(site, "NDA-SECRET", "olga", counterparty=f"{CANARY} Ltd")
    with site.work("olga") as work:
        known = work.agreements.get(agreement_id)
        ops.amend(work, replace(known, restricted_to=("olga@hallingdal.example",)), because="secret")
        right = AuditRight(id="", every=Period(years=1), due_on=date(2027, 6, 30), scope=CANARY)
        ops.add_audit_right(work, work.agreements.get(agreement_id), right)
    path = f"/audits/{agreement_id}"
    olga = site.as_("olga")
    olga.post(f"{path}/request", on=path, **{**SOC2, "what": f"{CANARY} report"})
    assert CANARY in said(site, "/audits")
    for name in ("henrik", "mei", "sofia", "amara"):
        assert site.as_(name).get(path).status_code == 404
        assert CANARY not in site.as_(name).get("/audits").text
        assert site.as_(name).post(f"{path}/request", on="/me", **SOC2).status_code == 404


def test_a_request_of_another_agreement_cannot_be_reached_through_this_one(site, msa):
    olga = site.as_("olga")
    other = f"/audits/{registered(site, 'MSA-OTHER', 'olga')}"
    olga.post(f"{other}/request", on=other, **SOC2)
    (request,) = evidence(site, other)
    assert olga.post(f"{msa}/withdraw", on=msa, request=request.id, because="x").status_code == 404
    assert evidence(site, other)[0].state is EvidenceState.ASKED
