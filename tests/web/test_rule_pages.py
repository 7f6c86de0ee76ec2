"""Playbooks and checklists: read, written, tried, applied."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from cli.demo.sample import Shelf
from cli.demo.seeding import samples
from engine import operations as ops
from engine.forecasting.forecast import forecast
from engine.playbooks import versions as playbooks
from engine.playbooks.trying import told_under
from lifecycle.playbooks.playbook import Offset
from tests.support.site import Site, text_of

CANARY = "Zanzibar"
REFERENCES = ("NDA-014", "MSA-031", "NDA-021")
BRIEF = """playbook: brief
match: {kind: NDA, milestone: notice}
ladder:
  - {at: -7d, steps: [{ask: owner}, {after: 2bd, ask: "role:legal"}]}
"""


def built(**said):
    made = Site(filled=False, **said)
    found = {one.agreement.reference: one.agreement for one in samples(Shelf(date(2026, 11, 23), made.people))}
    with made.work() as work:
        for one in REFERENCES:
            ops.register(work, found[one])
        secret = replace(found["NDA-014"], reference=f"{CANARY}-1", counterparty=CANARY, title=CANARY)
        ops.register(work, replace(secret, restricted_to=(made.people["Sofia"],), owner_id=None, backup_id=None))
    return made


@pytest.fixture(scope="module")
def site():
    made = built()
    yield made
    made.close()


def shown(site, name, path):
    """What a page says to somebody."""
    answer = site.as_(name).get(path)
    assert answer.status_code == 200, text_of(answer)
    return text_of(answer)


def value_of(answer, name):
    """What a hidden field of a page holds."""
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', answer.text)[1])


def fields_of(answer):
    """Every field of the form of a ladder, as a browser would send it."""
    inputs = re.findall(
        r'<input[^>]*? name="((?:at|name|ask|after|via|every|times)-[\d-]+)"[^>]*? value="([^"]*)"', answer.text
    )
    selects = re.findall(r'<select[^>]*? name="([a-z]+-\d+)">.*?<option value="([^"]*)" selected', answer.text)
    return {name: unescape(value) for name, value in (*inputs, *selects)}


# -- playbooks ---------------------------------------------------------------------------------------------------------


def test_for_what_a_playbook_is_stands_in_words(site):
    listed = text_of(site.as_("mei").get("/playbooks"))
    for words in (
        "deadlines of kind exit start or exit step",
        "agreements of kind MSA or SOW, deadlines of kind notice or option",
        "agreements of kind NDA, deadlines of kind notice or option, tagged critical, worth at least EUR 100,000",
    ):
        assert words in listed


def test_a_playbook_is_read_as_sentences(site):
    text = shown(site, "amara", "/playbooks/default")
    assert "30 days before Tell the owner; if nobody answers, 3 business days later the backup" in text
    assert "What quiets it: an acknowledgement." in text


def test_the_list_counts_what_is_seen_alone(site):
    inside, outside = (shown(site, name, "/playbooks") for name in ("sofia", "olga"))
    deadlines = [int(re.search(r"\bdefault everything.*? (\d+) open deadlines", one)[1]) for one in (inside, outside)]
    assert deadlines[0] > deadlines[1]


def test_a_playbook_that_is_not_there_is_not_found(site):
    assert site.as_("olga").get("/playbooks/none-such").status_code == 404


def test_what_is_wrong_is_told_with_its_place_and_nothing_written_is_lost(site):
    text = BRIEF.replace("-7d", "soon")
    answer = site.as_("mei").post("/playbooks/_new/try", text=text)
    assert answer.status_code == 422
    assert "line 4, column 10" in text_of(answer)
    assert text.strip() in unescape(answer.text)


def test_two_playbooks_in_one_text_are_refused(site):
    answer = site.as_("mei").post("/playbooks/_new/try", text=f"{BRIEF}---\n{BRIEF.replace('brief', 'other')}")
    assert answer.status_code == 422


def test_the_form_unchanged_changes_nothing(site):
    olga = site.as_("olga")
    answer = olga.post("/playbooks/default/draft", **fields_of(olga.get("/playbooks/default")))
    assert answer.status_code == 200
    assert "No step of any open deadline." in text_of(answer)


def test_each_field_of_a_step_has_its_name_beside_it_on_a_phone(site):
    named = re.findall(r'<td data-name="([^"]+)"><input name="\w+-0-0"', site.as_("mei").get("/playbooks/default").text)
    assert named == ["Ask", "After, business days", "Through", "Again every, business days", "Times"]


def test_a_day_of_the_form_moves_its_stage(site):
    olga = site.as_("olga")
    fields = fields_of(olga.get("/playbooks/nda"))
    answer = olga.post("/playbooks/nda/draft", **fields | {"at-0": "-100d"})
    assert "100 days before" in text_of(answer)
    assert "- at: -100d" in unescape(answer.text)


def test_trying_writes_nothing_and_tells_nothing_of_what_is_not_seen(site):
    with site.look() as work:
        before = work.log.head(), work.keeping.playbooks()
    for name, is_inside in (("sofia", True), ("mei", False)):
        answer = site.as_(name).post("/playbooks/_new/try", text=BRIEF)
        assert answer.status_code == 200
        assert "NDA-014" in answer.text
        assert (CANARY in answer.text) is is_inside
    with site.look() as work:
        assert (work.log.head(), work.keeping.playbooks()) == before


def test_contributors_may_try_and_not_apply(site):
    answer = site.as_("olga").post("/playbooks/_new/try", text=BRIEF)
    assert "Applying it is for legal and admins." in text_of(answer)
    assert site.as_("olga").post("/playbooks/_new/apply", text=BRIEF, expect="").status_code == 403


def test_what_paper_foretells_is_what_is_forecast_once_it_holds(site):
    with site.monitor.look() as work:
        ((_, book),) = [one for one in work.playbooks.items() if one[0][0] == "default"]
        new = replace(book, stages=(replace(book.stages[2], at=Offset(-3)), book.stages[3]))
        was, would = told_under(work, new, date(2027, 3, 31))
        assert was == forecast(work, date(2027, 3, 31))
    held = built()
    with held.work() as work:
        playbooks.apply(work, new)
    with held.look() as work:
        found = forecast(work, date(2027, 3, 31))
    held.close()
    assert [(one.send_at, one.subject, one.recipient.address) for one in would.items] == [
        (one.send_at, one.subject, one.recipient.address) for one in found.items
    ]
    assert would.items != was.items


def test_only_the_plan_that_was_looked_at_is_applied():
    held = built()
    mei = held.as_("mei")
    digest = value_of(mei.post("/playbooks/_new/try", text=BRIEF), "expect")
    stale = mei.post("/playbooks/_new/apply", text=BRIEF, expect="0" * 64)
    assert (stale.status_code, "Look at the plan again" in text_of(stale)) == (422, True)
    page = mei.followed(mei.post("/playbooks/_new/apply", text=BRIEF, expect=digest))
    assert "brief holds from now on." in text_of(page)
    history = shown(held, "olga", "/playbooks/brief?tab=history")
    assert "Version 1" in history
    assert "by mei@" in history
    held.close()


def test_a_playbook_for_many_waits_for_a_second_person():
    held = built()
    held.pages.monitor.__dict__["house"] = replace(held.monitor.house, playbook_approval_over=1)
    mei, henrik = held.as_("mei"), held.as_("henrik")
    digest = value_of(mei.post("/playbooks/nda/try", text=BRIEF.replace("brief", "nda")), "expect")
    said = mei.followed(mei.post("/playbooks/nda/apply", text=BRIEF.replace("brief", "nda"), expect=digest))
    assert "nothing has changed yet" in text_of(said)
    waiting = henrik.get("/playbooks/nda")
    assert "mei@hallingdal.example has proposed a change" in text_of(waiting)
    text = value_of(waiting, "text")
    digest = value_of(henrik.post("/playbooks/nda/try", text=text), "expect")
    done = henrik.followed(henrik.post("/playbooks/nda/apply", text=text, expect=digest))
    assert "nda holds from now on." in text_of(done)
    assert "has proposed" not in shown(held, "mei", "/playbooks/nda")
    assert "+ " in shown(held, "mei", "/playbooks/nda?tab=history")
    held.close()


# -- checklists --------------------------------------------------------------------------------------------------------


def test_every_item_of_a_checklist_says_when_it_is_due_and_of_whom(site):
    text = shown(site, "amara", "/checklists?show=nda-onboarding")
    assert "the effective day" in text
    assert "the owner" in text


def test_the_days_tried_are_the_days_kept():
    held = built()
    mei = held.as_("mei")
    said = {"agreement": "NDA-014", "from_on": "2026-11-23"}
    with held.look() as work:
        known = work.agreements.find("NDA-014")
        before = {row.id for row in work.milestones.of(known.id)}
    trial = text_of(mei.post("/checklists/security-review", step="try", **said))
    with held.look() as work:
        assert {row.id for row in work.milestones.of(known.id)} == before
    page = mei.followed(mei.post("/checklists/security-review", step="keep", **said))
    assert "of security-review added to NDA-014." in text_of(page)
    with held.look() as work:
        new = [row for row in work.milestones.of(known.id) if row.id not in before and row.is_live]
    assert new
    assert all(f"{row.safe_on.day} {row.safe_on:%b %Y}" in trial for row in new)
    assert "It has all of them already" in text_of(mei.post("/checklists/security-review", step="try", **said))
    held.close()


@pytest.mark.parametrize(
    ("reference", "on"), [("NONE-1", "2026-11-23"), (f"{CANARY}-1", "2026-11-23"), ("NDA-014", "x")]
)
def test_an_agreement_that_is_not_seen_and_a_day_that_is_none_come_back_filled_in(site, reference, on):
    answer = site.as_("mei").post("/checklists/training", step="try", agreement=reference, from_on=on)
    assert answer.status_code == 422
    assert f'value="{reference}"' in answer.text


def test_a_checklist_comes_to_a_counterparty_with_whom_nothing_is_agreed_yet(site):
    mei, path = site.as_("mei"), "/checklists/supplier-selection"
    said = {"agreement": "", "counterparty": "Newcomer GmbH", "from_on": "2026-11-23"}
    trial = text_of(mei.post(path, step="try", **said))
    assert "What Counterparty: Newcomer GmbH would have" in trial
    assert "Newcomer GmbH is new: no agreement is with it." in trial
    with site.look() as work:
        assert work.agreements.find("Counterparty: Newcomer GmbH") is None
    assert mei.post(path, step="keep", **said).status_code == 303
    with site.look() as work:
        draft = work.agreements.find("Counterparty: Newcomer GmbH")
    assert "is new: no agreement is with it." not in text_of(mei.post(path, step="try", **said))
    assert (draft.counterparty, len(draft.obligations) > 0) == ("Newcomer GmbH", True)
    for holders in ({"agreement": "", "counterparty": ""}, {"agreement": "NDA-014", "counterparty": "Newcomer GmbH"}):
        answer = mei.post(path, step="try", from_on="2026-11-23", **holders)
        assert (answer.status_code, "Name an agreement, or a counterparty." in text_of(answer)) == (422, True)
    answer = site.as_("amara").post(path, step="keep", **said | {"counterparty": "Other GmbH"})
    assert answer.status_code == 422


def test_the_page_of_a_counterparty_leads_to_each_checklist_filled_in(site):
    with site.look() as work:
        known = work.agreements.find("NDA-014")
    page = f"/counterparties/{known.counterparty_id}"
    found = re.findall(r'href="(/checklists\?[^"]+)"', site.as_("mei").get(page).text)
    assert len(found) == len(site.pages.rules.checklists()) > 3
    target = unescape(next(one for one in found if "supplier-selection" in one))
    form = site.as_("mei").get(target).text
    assert re.search(r'name="counterparty"[^>]*value="([^"]*)"', form)[1] == known.counterparty.replace("&", "&amp;")
    assert "/checklists?" not in site.as_("amara").get(page).text


def test_viewers_apply_no_checklist(site):
    assert "Apply it" not in shown(site, "amara", "/checklists?show=training")
    answer = site.as_("amara").post("/checklists/training", step="keep", agreement="NDA-014", from_on="2026-11-23")
    assert answer.status_code in {403, 422}


def test_another_playbook_begins_with_one_that_can_be_tried(site):
    page = site.as_("mei").get("/playbooks/_new")
    text = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)[1])
    assert site.as_("mei").post("/playbooks/_new/try", text=text).status_code == 200
