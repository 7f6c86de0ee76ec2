"""What would be: days and messages before and after, nothing written, the address holding all of it."""

import csv
import re
from codecs import BOM_UTF8
from html import unescape
from io import StringIO

import pytest

from tests.support.site import Site, text_of


@pytest.fixture(scope="module")
def site():
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="module")
def amara(site):
    return site.as_("amara")


def path(site, reference="NDA-014"):
    with site.look() as work:
        return f"/agreements/{work.agreements.find(reference).id}/what-if"


def test_a_longer_notice_moves_the_day_and_names_the_step_that_changed(site, amara):
    page = text_of(amara.get(f"{path(site)}?notice_period=90+days"))
    assert "Moved Notice first term Mon 30 Nov 2026 Thu 29 Oct 2026 -32 days already over" in page
    assert "90 days, the day of notice not counted" in page


def test_nothing_is_written_and_anybody_who_sees_it_may_ask(site, amara):
    with site.look() as work:
        before = work.log.head(), [row.safe_on for row in work.milestones.live()]
    amara.get(f"{path(site)}?notice_period=90+days&sent_on=2026-11-23&by=us&playbook=default@1")
    with site.look() as work:
        assert (work.log.head(), [row.safe_on for row in work.milestones.live()]) == before


def test_a_notice_given_today_takes_the_renewals_away_and_asks_what_was_disclosed_back(site, amara):
    page = text_of(amara.get(f"{path(site)}?sent_on=2026-11-23&by=us&method=courier"))
    assert "New Term end first term · passes by itself none Sat 30 Jan 2027" in page
    assert "New Have it returned or destroyed by Jana Roth: Sensor driver none Mon 1 Mar 2027" in page


def test_what_a_renewal_costs_and_says_stands_beside_what_would_be(site, amara):
    page = text_of(amara.get(f"{path(site, 'LEA-002')}?sent_on=2026-11-23&by=us&method=courier"))
    assert re.search(r"Messages in the next 12 months: 1 more, \d+ fewer", page)
    assert "Renewals in the next 12 months: EUR 264,000 → none" in page


def test_a_mistake_stands_at_its_field_and_the_rest_is_computed(site, amara):
    page = amara.get(f"{path(site)}?notice_period=90&renewal=never")
    assert page.status_code == 422
    assert re.search(r'id="notice_period-error">.*?90 what\?', page.text, re.DOTALL)
    assert "New Term end first term" in text_of(page)


def test_empty_it_offers_two_what_ifs_that_work(site, amara):
    page = amara.get(path(site))
    offered = re.findall(r'class="button" href="([^"]*what-if\?[^"]+)"', page.text)
    assert len(offered) == 2
    assert all("What would be" in text_of(amara.get(unescape(one))) for one in offered)


def test_making_it_so_opens_the_form_filled_in(site):
    mei = site.as_("mei")
    page = mei.get(f"{path(site)}?notice_period=90+days&sent_on=2026-11-23&by=them").text
    amend, notice = (unescape(one) for one in re.findall(r'href="([^"]*)">Make it so', page))
    assert 'value="90 days"' in mei.get(amend).text
    form = mei.get(notice).text
    assert 'value="2026-11-23"' in form
    assert 'value="them" selected' in form


def test_a_viewer_is_not_offered_what_they_may_not_do(site, amara):
    assert "Make it so" not in amara.get(f"{path(site)}?notice_period=90+days").text


def test_the_export_holds_the_days_before_and_after(site, amara):
    content = amara.get(f"{path(site)}.csv?notice_period=90+days").content
    assert content.startswith(BOM_UTF8), "else spreadsheets take it for another code"
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == {
        "reference": "NDA-014",
        "kind": "notice",
        "cycle": "0",
        "change": "moved",
        "before": "2026-11-30",
        "after": "2026-10-29",
        "because": "90 days, the day of notice not counted",
    }


def test_a_search_is_supposed_as_a_whole(amara):
    page = text_of(amara.get("/what-if?q=acme&notice_period=90+days"))
    assert "1 agreement matches" in page
    assert "Acme Labs NDA NDA-014 6 days," in page


def test_a_search_word_that_nobody_knows_is_said(amara):
    page = amara.get("/what-if?q=colour:red&notice_period=90+days")
    assert page.status_code == 422
    assert "There is no search word" in text_of(page)


@pytest.mark.parametrize(
    "said", ["playbook=default", "playbook=nobody@1", "sent_on=soon", "calendar=XX", "rules=martian"]
)
def test_what_cannot_be_supposed_is_no_failure(site, amara, said):
    assert amara.get(f"{path(site)}?{said}").status_code == 422


def test_a_mail_is_previewed_without_the_links_of_its_reader(site, amara):
    at = path(site).replace("what-if", "messages")
    found = re.search(r'href="([^"]*/messages/preview\?[^"]*)"', amara.get(at).text)
    shown = amara.get(unescape(found[1]))
    assert "Send non-renewal notice to Acme Labs GmbH" in text_of(shown)
    mail = amara.get(unescape(found[1]).replace("/preview?", "/preview.html?"))
    assert "sandbox" in mail.headers["content-security-policy"]
    assert "/act/" not in mail.text


def test_a_test_goes_to_whoever_asks_and_to_nobody_else(site, amara):
    at = path(site).replace("what-if", "messages")
    asked = unescape(re.search(r"/messages/preview\?([^\"]*)", amara.get(at).text)[1])
    said = dict(part.split("=") for part in asked.split("&"))
    answer = amara.post(f"{at}/send-test", on=at, milestone=said["milestone"], place=said["place"])
    assert answer.status_code == 303
    with site.look() as work:
        sent = [(one.kind.value, one.address) for one in work.deliveries.listed([], 5)]
    assert sent == [("test", "amara@hallingdal.example")]


def test_one_day_is_no_days(site, amara):
    page = text_of(amara.get(f"{path(site)}?notice_period=61+days"))
    assert set(re.findall(r"[+-]1 days?\b", page)) == {"-1 day"}


def test_what_goes_on_from_month_to_month_folds_its_later_days(site, amara):
    page = amara.get(f"{path(site)}?renewal_term=1+month&notice_period=10+days").text
    changed = int(re.search(r"(\d+) days change<", page)[1])
    assert changed > 60
    assert re.search(rf"<summary>{changed - 24} more days, until \w+ \d+ \w+ 20", page)
    first, later = page.split("more days, until")
    assert later.split("</details>")[0].count("<tr>") - 1 == changed - 24
    assert first.count('class="lead"') == 24
