"""The register as a list, one agreement with its parts, one counterparty: what they show, and to whom."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from engine import operations as ops
from lifecycle.agreements.agreement import AgreementKind
from lifecycle.days.dates import Period
from lifecycle.terms.provisions import Lasting, Notice, Provisions, Renewal, RenewalKind, Side
from tests.support.agreements import agreement
from tests.support.site import Site, text_of
from web.agreements.terms import facts

CANARY = "Zanzibar"
PARTS = ("", "/terms", "/messages", "/documents", "/related", "/history", "/what-if")


@pytest.fixture(scope="module")
def site():
    made = Site()
    with made.work() as work:
        known = work.agreements.find("NDA-014")
        secret = replace(
            known,
            id="",
            reference=f"{CANARY}-1",
            title=f"{CANARY} purchase",
            counterparty=f"{CANARY} Holding",
            restricted_to=(made.people["Sofia"],),
        )
        ops.register(work, secret)
    yield made
    made.close()


@pytest.fixture(scope="module")
def mei(site):
    return site.as_("mei")


@pytest.fixture(scope="module")
def amara(site):
    return site.as_("amara")


def known(site, reference):
    with site.look() as work:
        return work.agreements.find(reference)


def references(answer):
    return re.findall(r'<span class="quiet">([A-Z]+-\d+) ·', answer.text)


def test_the_list_is_by_reference_and_says_how_many_there_are(mei):
    page = mei.get("/agreements")
    assert references(page) == sorted(references(page))
    assert "40 of 40" in text_of(page)


def test_by_day_the_nearest_last_safe_day_comes_first_and_what_has_none_last(mei):
    days = re.findall(r'class="soft day"[^>]*>\w+ (\d+ \w+ \d+)<|(nothing open)', mei.get("/agreements?by=day").text)
    kept = [bool(day) for day, _ in days]
    assert kept == sorted(kept, reverse=True)
    assert len(days) == 40


def test_words_narrow_the_list_and_its_counts(mei):
    page = mei.get("/agreements?q=tag:critical")
    assert "6 of 6" in text_of(page)
    assert "NDA-014" in references(page)


def test_an_unknown_word_is_said_at_the_search_and_the_rest_of_the_page_stays(mei):
    page = mei.get("/agreements?q=colour:red")
    assert page.status_code == 422
    assert "There is no search word" in text_of(page)
    assert 'value="colour:red"' in page.text


def test_a_word_about_deadlines_is_not_silently_dropped(mei):
    assert "is about deadlines" in text_of(mei.get("/agreements?q=due:%3C30d"))


def test_a_made_up_place_in_the_list_is_refused(mei):
    page = mei.get("/agreements?after=bm9uc2Vuc2U=")
    assert page.status_code == 422
    assert "Begin at the first page" in text_of(page)


def test_an_export_holds_what_the_list_shows_and_nothing_else(mei):
    answer = mei.get("/agreements/export.xlsx?q=tag:critical")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_name("agreements").to_python()
    assert sorted(row[0] for row in rows[1:]) == sorted(references(mei.get("/agreements?q=tag:critical")))


@pytest.mark.parametrize("part", PARTS)
def test_a_restricted_agreement_is_not_found_in_any_part_by_an_outsider(site, mei, part):
    page = mei.get(f"/agreements/{known(site, f'{CANARY}-1').id}{part}")
    assert page.status_code == 404
    assert CANARY not in page.text
    assert "There is no agreement here. Look for it among the agreements." in text_of(page)


@pytest.mark.parametrize("path", ["/agreements", f"/agreements?q={CANARY.lower()}", "/counterparties", "/what-if"])
def test_a_restricted_agreement_is_in_no_list_and_no_total(mei, path):
    page = mei.get(path).text.replace(f'value="{CANARY.lower()}"', "")
    assert CANARY not in page
    assert "40 of 40" in text_of(mei.get("/agreements"))


def test_whoever_is_named_sees_it(site):
    assert CANARY in site.as_("sofia").get("/agreements").text


def test_an_outsider_gets_the_same_answer_for_what_is_unseen_and_what_is_not_there(site, mei):
    unseen = mei.get(f"/agreements/{known(site, f'{CANARY}-1').id}")
    missing = mei.get("/agreements/aaaaaaaaaaaa")
    numbers = re.compile(r"Request \w+")
    assert numbers.sub("", text_of(unseen)) == numbers.sub("", text_of(missing))


def test_its_counterparty_is_not_found_either(site, mei):
    assert mei.get(f"/counterparties/{known(site, f'{CANARY}-1').counterparty_id}").status_code == 404


def test_the_page_leads_with_the_nearest_last_safe_day(site, mei):
    page = text_of(mei.get(f"/agreements/{known(site, 'NDA-014').id}"))
    assert "Nearest last safe day Mon 30 Nov 2026 in 7 days · 5 business days left" in page
    assert "Send non-renewal notice to Acme Labs GmbH by Mon 30 Nov 2026" in page


def test_terms_stand_with_clause_page_and_quotation(site, mei):
    page = text_of(mei.get(f"/agreements/{known(site, 'NDA-014').id}/terms"))
    assert "60 days before the last day, by either side, via courier" in page
    assert "cl. 12.3, p. 9" in page
    assert "no later than sixty (60) days" in page


def test_verifying_a_fact_verifies_the_days_that_rest_on_it(site, mei):
    found = known(site, "NDA-015")
    path = f"/agreements/{found.id}/terms"
    answer = mei.post(f"{path}/verify", on=path, fact="notices")
    assert answer.status_code == 303
    with site.look() as work:
        rows = {row.key.kind.value: row.verified for row in work.milestones.of(found.id) if row.is_live}
    assert rows["notice"].by == "mei@hallingdal.example"
    assert rows["renewal"] is None


def test_a_viewer_may_not_verify(site, amara):
    found = known(site, "NDA-014")
    page = amara.get(f"/agreements/{found.id}/terms")
    assert "Verify</button>" not in page.text
    assert amara.post(f"/agreements/{found.id}/terms/verify", fact="notices").status_code == 403


def test_a_missed_window_says_when_it_renews_and_when_it_ends_at_the_earliest(site, mei):
    with site.work() as work:
        late = agreement(
            reference="LATE-1",
            kind=AgreementKind.MSA,
            effective_on=date(2026, 1, 1),
            signed_on=date(2026, 1, 1),
            provisions=Provisions(
                end=Lasting(Period(months=12)),
                renewal=Renewal(RenewalKind.AUTOMATIC, Period(months=12)),
                notices=(Notice(Period(days=90), Side.EITHER),),
            ),
        )
        ops.register(work, replace(late, id=""))
    page = text_of(mei.get(f"/agreements/{known(site, 'LATE-1').id}"))
    assert "it renews on 1 Jan 2027; the earliest end is now 31 Dec 2027." in page
    with site.work() as work:
        ops.archive(work, work.agreements.find("LATE-1"), because="over")


@pytest.mark.parametrize(("name", "may"), [("sofia", True), ("priya", False)])
def test_what_is_told_of_an_agreement_can_be_taken_along_by_those_who_may(site, name, may):
    about = known(site, "NDA-014").id
    found = re.search(r'href="(/evidence[^"]*)">Take it along', site.as_(name).get(f"/agreements/{about}/history").text)
    assert bool(found) is may
    if found:
        assert 'name="search" type="text" value="NDA-014"' in site.as_(name).get(found[1]).text


def test_history_is_told_in_sentences_and_shows_what_was_known_on_a_day(site, mei):
    path = f"/agreements/{known(site, 'NDA-014').id}/history"
    assert "Taken into the register." in text_of(mei.get(path))
    assert "Known on Mon 23 Nov 2026" in text_of(mei.get(f"{path}?as_of=2026-11-23"))


@pytest.mark.parametrize("day", ["2020-01-01", "yesterday"])
def test_a_day_on_which_nothing_was_known_is_said_at_its_field(site, mei, day):
    page = mei.get(f"/agreements/{known(site, 'NDA-014').id}/history?as_of={day}")
    assert page.status_code == 422
    assert 'id="as-of-error"' in page.text
    assert "What has happened" in page.text


def test_the_log_of_messages_and_events_is_not_for_viewers(site, amara):
    at = f"/agreements/{known(site, 'NDA-014').id}"
    assert "Taken into the register." not in text_of(amara.get(f"{at}/history"))
    assert "What was sent is read by" in text_of(amara.get(f"{at}/messages"))


def test_related_shows_what_hangs_together_only_as_far_as_it_may_be_seen(site, mei):
    page = text_of(mei.get(f"/agreements/{known(site, 'SLA-004').id}/related"))
    assert "Nimbus cloud hosting" in page


@pytest.mark.parametrize("title", ["Nimbus cloud hosting", "Service levels for hosting", "Migration of the archive"])
def test_a_counterparty_shows_all_that_is_agreed_with_it(site, mei, title):
    assert title in text_of(mei.get(f"/counterparties/{known(site, 'SLA-004').counterparty_id}"))


def test_of_many_counterparties_a_hundred_are_listed_and_the_next_follow():
    site = Site()
    with site.work() as work:
        for number in range(90):
            ops.register(work, agreement(f"MANY-{number}", counterparty=f"Many {number}"))
    mei = site.as_("mei")
    first = mei.get("/counterparties")
    total = int(re.search(r"(\d+) with agreements", text_of(first))[1])
    second = mei.get(re.search(r'href="(/counterparties\?skip=100)" rel="next"', first.text)[1])
    names = [re.findall(r'data-open href="/counterparties/\w+">([^<]+)<', one.text) for one in (first, second)]
    assert [len(one) for one in names] == [100, total - 100]
    assert len({*names[0], *names[1]}) == total > 100
    narrowed = mei.get("/counterparties?q=many").text
    assert ("Pages of the list" in narrowed, mei.get("/counterparties?skip=-1").status_code) == (False, 422)
    site.close()


def test_the_number_of_questions_does_not_grow_with_the_list(site, mei):
    few, many = (_questions(site, mei, path) for path in ("/agreements?q=nda-014", "/agreements"))
    assert many <= few + 2


def _questions(site, browser, path):
    asked = []
    engine = site.monitor.database.engine

    def count(*_):
        asked.append(1)

    event.listen(engine, "before_cursor_execute", count)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(asked)


def test_looking_at_every_part_changes_nothing(site, mei):
    with site.look() as work:
        head = work.log.head()
    for part in PARTS:
        mei.head(f"/agreements/{known(site, 'NDA-014').id}{part}")
    with site.look() as work:
        assert work.log.head() == head


def test_an_admin_lets_themself_in_and_the_owner_is_told(site):
    henrik, secret = site.as_("henrik"), known(site, f"{CANARY}-1")
    assert henrik.get(f"/agreements/{secret.id}").status_code == 404
    answer = henrik.post("/agreements/access", on="/agreements/access", reference=secret.reference, because="an audit")
    assert answer.headers["location"].endswith(secret.id)
    assert henrik.get(f"/agreements/{secret.id}").status_code == 200
    with site.look() as work:
        told = [one.address for one in work.deliveries.listed([], 10) if one.agreement_id == secret.id]
    assert "olga@hallingdal.example" in told


def test_without_a_reason_nobody_lets_themself_in(site):
    henrik = site.as_("henrik")
    page = henrik.post("/agreements/access", on="/agreements/access", reference="NDA-017", because="")
    assert page.status_code == 422
    assert henrik.get(f"/agreements/{known(site, 'NDA-017').id}").status_code == 404


def test_legal_lets_nobody_in_this_way(mei):
    assert mei.post("/agreements/access", reference="NDA-017", because="x").status_code == 403


def test_each_part_of_an_agreement_and_each_form_has_a_title_of_its_own(site):
    mei, about = site.as_("mei"), known(site, "SLA-004").id
    paths = [f"/agreements/{about}{part}" for part in (*PARTS, "/amend", "/terminate")]
    titles = [re.search(r"<title>(.*?)</title>", mei.get(path).text)[1] for path in paths]
    name = "Service levels for hosting"
    assert titles[:2] == [f"{name} · Longstop", f"{name}: Terms · Longstop"]
    assert titles[-2:] == [f"Amend: {name} · Longstop", f"Terminate: {name} · Longstop"]
    assert len(set(titles)) == len(paths)


def test_a_thousand_is_written_so_that_it_can_be_read():
    site = Site(filled=False)
    with site.work() as work:
        for number in range(1001):
            ops.register(work, agreement(f"MANY-{number:04}", effective_on=None, signed_on=None))
    henrik = site.as_("henrik")
    pages = ["/agreements", "/reports", "/gaps", "/what-if?q=many", "/counterparties"]
    assert {path: re.findall(r"\b1001\b", text_of(henrik.get(path))) for path in pages} == {path: [] for path in pages}
    assert [text_of(henrik.get(path)).count("1,001") for path in pages] == [3, 2, 6, 2, 1]
    site.close()


def test_the_calendar_of_who_named_none_is_told_in_words():
    told = {one.name: one.words for one in facts(agreement(calendar="SAT_SUN"), ())}
    named = {one.name: one.words for one in facts(agreement(calendar="DE-BE"), ())}
    assert (told["Business days"], named["Business days"]) == ("Monday to Friday, no holidays", "DE-BE")
