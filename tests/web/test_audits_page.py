"""The audits page: what is due and what was proved, by counterparty, of all that its reader may see."""

import re
from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.obligations.duties import Obligation, ObligationKind, Once
from tests.support.site import Site, text_of

CANARY = "zyzzyva"


@pytest.fixture(scope="module")
def site():
    made = Site()
    with made.work() as work:
        known = work.agreements.find("NDA-014")
        ops.amend(
            work, replace(known, counterparty=f"{CANARY} Ltd", restricted_to=("priya@hallingdal.example",)), because="a"
        )
        hidden = Obligation(id="", kind=ObligationKind.AUDIT, name=f"{CANARY} audit", due=Once(date(2026, 12, 1)))
        ops.add_obligation(work, work.agreements.get(known.id), hidden)
    yield made
    made.close()


def audits(site):
    with site.look() as work:
        return [
            row
            for agreement in work.agreements.all()
            for row in work.milestones.of(agreement.id)
            if row.key.kind is MilestoneKind.AUDIT and row.is_live and row.is_deadline and not agreement.is_restricted
        ]


def test_what_is_due_stands_there_and_moves_to_what_was_proved(site):
    mei = site.as_("mei")
    due = min(audits(site), key=lambda row: row.safe_on)
    assert f"/deadlines/{due.id}" in mei.get("/audits").text
    with site.work("mei") as work:
        ops.done(work, due.id, evidence="SOC 2 report of 2026", on=date(2026, 11, 20))
    said = text_of(mei.get("/audits"))
    proved = said[said.index("Proved in the last twelve months") :]
    assert "Fri 20 Nov 2026" in proved
    assert "SOC 2 report of 2026" in proved


def test_what_is_due_is_closed_from_its_row_by_whoever_may(site):
    due = min(audits(site), key=lambda row: row.safe_on)
    form = f'/deadlines/{due.id}?do=done#act"'
    assert f'class="button small" href="{form}' in site.as_("mei").get("/audits").text
    assert form not in site.as_("amara").get("/audits").text


def test_the_figures_on_top_count_the_parts_below(site):
    page = site.as_("mei").get("/audits").text
    top, below = page.split('aria-label="Twelve months by counterparty"')
    figures = dict(re.findall(r'href="(#\w+)"[^>]*><strong>(\d+)</strong><span>(?!overdue)', top))
    assert int(figures["#due"]) == below.count('<li class="dl ') > 0
    assert all(f'id="{target[1:]}"' in below for target in figures)


def test_several_are_answered_together_and_an_answer_leads_back_here(site):
    page = site.as_("mei").get("/audits").text
    assert ("Answer together" in page, 'type="checkbox" name="id"' in page) == (True, True)
    amaras = site.as_("amara").get("/audits").text
    assert ("Answer together" in amaras) is ('type="checkbox" name="id"' in amaras)
    due = next(row for row in audits(site) if row.state.value == "open")
    answer = site.as_("mei").post(f"/deadlines/{due.id}/ack?revision={due.revision}", back="/audits")
    assert answer.headers["location"].partition("?")[0] == "/audits"


def test_of_many_fifty_are_listed_and_the_next_follow():
    site = Site()
    with site.work() as work:
        known = work.agreements.find("MSA-031")
        for number in range(60):
            duty = Obligation(id="", kind=ObligationKind.AUDIT, name=f"Site {number}", due=Once(date(2027, 2, 3)))
            ops.add_obligation(work, work.agreements.get(known.id), duty)
    mei = site.as_("mei")
    found, address = [], "/audits"
    while address:
        page = mei.get(address).text
        found.append(re.findall(r'href="/deadlines/([a-z0-9]{12})" data-key="o"', page))
        further = re.search(r'href="(/audits\?after=[^"]*)" rel="next"', page)
        address = further[1] if further else ""
    number = int(re.search(r'href="#due"[^>]*><strong>(\d+)</strong><span>due', page)[1])
    assert [len(one) for one in found] == [50, number - 50]
    assert len({one for listed in found for one in listed}) == number > 60
    assert mei.get("/audits?after=nonsense").status_code == 422
    site.close()


def test_what_is_restricted_is_neither_listed_nor_drawn(site):
    assert CANARY not in site.as_("henrik").get("/audits").text
    assert CANARY in site.as_("priya").get("/audits").text


def test_a_register_without_audits_says_how_to_begin():
    empty = Site(filled=False)
    assert "Add an audit right to an agreement" in text_of(empty.as_("mei").get("/audits"))
    empty.close()


def test_two_duties_of_one_kind_on_one_day_have_buttons_of_two_names(site):
    with site.work() as work:
        known = work.agreements.find("MSA-031")
        for name in ("SOC 2 report", "ISO 27001 certificate"):
            duty = Obligation(id="", kind=ObligationKind.EVIDENCE, name=name, due=Once(date(2026, 12, 9)))
            ops.add_obligation(work, work.agreements.get(known.id), duty)
    text = site.as_("mei").get("/audits").text
    for name in ("SOC 2 report", "ISO 27001 certificate"):
        assert text.count(f'aria-label="Acknowledge: MSA-031, have the evidence {name}, Wed 9 Dec 2026"') == 1
