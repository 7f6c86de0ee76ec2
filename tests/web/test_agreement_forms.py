"""Forms that change agreements: they try first, keep what was looked at, and lose nothing that was typed."""

import re
from datetime import timedelta
from html import unescape

import pytest

from engine import operations as ops
from notifiers.wording import day, due_words
from tests.support.site import Site, text_of

_INPUT = re.compile(r'<input[^>]*name="([^"]+)"[^>]*>')
_SELECT = re.compile(r'<select[^>]*name="([^"]+)".*?</select>', re.DOTALL)
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
_AREA = re.compile(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', re.DOTALL)


@pytest.fixture(scope="module")
def site():
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="module")
def mei(site):
    return site.as_("mei")


def known(site, reference):
    with site.look() as work:
        return work.agreements.find(reference)


def said(page):
    """What the form of a page would send as it stands."""
    main = page.text[page.text.index("<main") :]
    found = {}
    for one in _INPUT.finditer(main):
        value = re.search(r'value="([^"]*)"', one[0])
        found[one[1]] = unescape(value[1]) if value else ""
    for one in _SELECT.finditer(main):
        value = re.search(r'value="([^"]*)" selected', one[0])
        found[one[1]] = unescape(value[1]) if value else ""
    found |= {one[1]: unescape(one[2]) for one in _AREA.finditer(main)}
    return {name: value for name, value in found.items() if name != "form_token"}


class Filling:
    """A form as somebody fills it in: looked at, then saved."""

    def __init__(self, browser, path):
        self.browser, self.path = browser, path
        page = browser.get(path)
        self.fields, self.token = said(page), _TOKEN.search(page.text)[1]

    def look(self, **typed):
        self.fields |= typed
        return self.send(step="look")

    def save(self, **typed):
        mark = said(self.look(**typed)).get("mark", "")
        return self.send(step="save", mark=mark)

    def send(self, **more):
        """The form as a browser sends it; fields may have any name."""
        data = {"form_token": self.token, **self.fields, **more}
        return self.browser.http.post(self.path, data=data, headers={"sec-fetch-site": "same-origin"})


def amend(site, browser, reference):
    return Filling(browser, f"/agreements/{known(site, reference).id}/amend")


def test_looking_shows_what_moves_and_keeps_nothing(site, mei):
    before = known(site, "NDA-014")
    page = amend(site, mei, "NDA-014").look(notice_period="90 days", because="Amendment 2")
    assert "Mon 30 Nov 2026 Thu 29 Oct 2026 -32 days already over" in text_of(page)
    assert "90 days, the day of notice not counted" in text_of(page)
    assert known(site, "NDA-014") == before


def test_saving_keeps_what_was_looked_at(site, mei):
    answer = amend(site, mei, "DPA-006").save(notice_period="45 days", because="Amendment 2")
    assert answer.status_code == 303
    after = known(site, "DPA-006")
    assert (str(after.provisions.notices[0].period), after.version) == ("45 days", 2)
    with site.look() as work:
        assert work.log.of_agreement(after.id)[-2].actor.name == "mei@hallingdal.example"


def test_a_save_without_a_look_only_looks(site, mei):
    filling = amend(site, mei, "NDA-015")
    page = filling.send(title="New", because="x", step="save")
    assert page.status_code == 200
    assert known(site, "NDA-015").title == "Prototype NDA"


def test_what_somebody_else_changed_meanwhile_is_looked_at_anew(site, mei):
    filling = amend(site, mei, "LIC-044")
    mark = said(filling.look(title="Maps", because="a better name"))["mark"]
    with site.work() as work:
        agreement = work.agreements.find("LIC-044")
        ops.amend(work, type(agreement)(**{**_facts(agreement), "note": "meanwhile"}), because="meanwhile")
    page = filling.send(step="save", mark=mark)
    assert "Something changed since you looked" in text_of(page)
    assert known(site, "LIC-044").title != "Maps"


def _facts(agreement):
    return {name: getattr(agreement, name) for name in agreement.__dataclass_fields__}


def test_what_is_not_typed_anew_is_left_alone(site, mei):
    before = known(site, "LIC-042")
    amend(site, mei, "LIC-042").save(title="Models", because="a better name")
    after = known(site, "LIC-042")
    assert after.title == "Models"
    assert (after.provisions, after.value, after.clauses) == (before.provisions, before.value, before.clauses)


def test_a_mistake_stands_at_its_field_and_everything_typed_stays(site, mei):
    page = amend(site, mei, "NDA-014").look(notice_period="90", title="Kept <as> typed", because="x")
    assert page.status_code == 422
    assert re.search(r'id="notice_period-error">.*?90 what\?', page.text, re.DOTALL)
    assert said(page)["title"] == "Kept <as> typed"


def test_an_impossible_term_is_refused_at_its_field(site, mei):
    page = amend(site, mei, "NDA-014").look(last_on="2020-01-01", term="", because="x")
    assert page.status_code == 422
    assert "is before the first" in text_of(page)


def test_a_contradiction_needs_a_reason_and_is_kept_with_it(site, mei):
    filling = amend(site, mei, "SVC-012")
    refused = filling.look(notice_period="40 months", because="so it is written")
    assert refused.status_code == 422
    assert "accept_notice-longer-than-term" in said(refused)
    kept = filling.save(**{"accept_notice-longer-than-term": "the parties meant it"})
    assert kept.status_code == 303
    accepted = known(site, "SVC-012").accepted[0]
    assert (accepted.because, accepted.by) == ("the parties meant it", "mei@hallingdal.example")


def test_an_amendment_says_why(site, mei):
    page = amend(site, mei, "NDA-014").look(title="New", because="")
    assert page.status_code == 422
    assert 'id="because-error"' in page.text


def test_no_kind_is_chosen_for_whoever_adds_an_agreement(mei):
    chosen = re.search(
        r'<select id="kind"[^>]* required>\s*<option value="" selected>([^<]*)', mei.get("/agreements/new").text
    )
    assert chosen[1] == "Choose one"


def test_a_new_agreement_shows_its_days_first_and_is_then_registered(site, mei):
    filling = Filling(mei, "/agreements/new")
    facts = {
        "reference": "NEW-1",
        "counterparty": "Ünïcode & Söhne <GmbH>",
        "effective_on": "2026-02-01",
        "term": "12 months",
        "renewal": "automatic",
        "notice_period": "60 days",
        "notice_period_clause": "12.3, p. 9",
        "governing_law": "New York",
        "exit_plan": "2 months",
    }
    assert "New Notice" in text_of(filling.look(**facts))
    assert known(site, "NEW-1") is None
    assert filling.save().status_code == 303
    made = known(site, "NEW-1")
    assert (made.counterparty, str(made.exit_plan)) == ("Ünïcode & Söhne <GmbH>", "2 months")
    assert made.provisions.notices[0].clause.ref == "12.3"


def test_notice_to_set_days_is_read_from_its_cell_and_stands_in_the_form_by_itself(site, mei):
    facts = {"reference": "SET-1", "counterparty": "Garagenpark", "effective_on": "2024-01-15", "last_on": "perpetual"}
    filling = Filling(mei, "/agreements/new")
    page = filling.look(**facts, notice_period="3 months to the end of a calendar quarter")
    assert "New Leaving 2027-03-31 none Thu 31 Dec 2026" in text_of(page)
    filling.save()
    form = amend(site, mei, "SET-1")
    assert (form.fields["notice_period"], form.fields["notice_ends"]) == ("3 months", "quarter-end")


def test_the_earliest_end_is_a_day_of_the_form(site, mei):
    facts = {"reference": "SET-2", "counterparty": "Garagenpark", "effective_on": "2024-01-15", "last_on": "perpetual"}
    filling = Filling(mei, "/agreements/new")
    page = filling.look(**facts, notice_period="3 Monate zum Jahresende", earliest_end_on="2028-12-31")
    assert "New Leaving 2028-12-31 none Fri 29 Sep 2028" in text_of(page)
    filling.save()
    assert amend(site, mei, "SET-2").fields["earliest_end_on"] == "2028-12-31"


def test_a_reference_is_taken_once(mei):
    page = Filling(mei, "/agreements/new").look(reference="nda-014", counterparty="Other")
    assert page.status_code == 422
    assert "NDA-014" in text_of(page).upper()


def test_another_one_like_it_begins_with_its_terms_and_not_with_its_reference(site, mei):
    fields = said(mei.get(f"/agreements/new?like={known(site, 'NDA-014').id}"))
    assert (fields["term"], fields["reference"]) == ("36 months", "")


def test_a_contributor_registers_what_is_their_own_and_nothing_else(site):
    olga = site.as_("olga")
    mine = Filling(olga, "/agreements/new")
    assert mine.save(reference="OWN-1", counterparty="Own", owner="olga@hallingdal.example").status_code == 303
    theirs = Filling(olga, "/agreements/new").look(
        reference="OWN-2", counterparty="Own", owner="dana@hallingdal.example", backup=""
    )
    assert theirs.status_code == 422
    assert "may not add or change agreements" in text_of(theirs)


def test_a_viewer_changes_nothing(site):
    amara, found = site.as_("amara"), known(site, "NDA-014")
    for path in ("/agreements/new", f"/agreements/{found.id}/amend", f"/agreements/{found.id}/give-notice"):
        assert amara.get(path).status_code == 403
        assert amara.post(path, because="x", step="save").status_code == 403


def test_a_notice_says_the_last_day_before_it_is_kept(site, mei):
    filling = Filling(mei, f"/agreements/{known(site, 'LIC-044').id}/give-notice")
    page = filling.look(sent_on="2026-11-23", by="us", method="courier")
    assert "Last day in force: Sat 24 Apr 2027." in text_of(page)
    assert known(site, "LIC-044").notice is None
    assert filling.save().status_code == 303
    assert known(site, "LIC-044").status.value == "under_notice"
    back = Filling(mei, f"/agreements/{known(site, 'LIC-044').id}/revoke-notice")
    assert back.save(because="new prices").status_code == 303
    assert known(site, "LIC-044").status.value == "in_force"


def test_a_notice_that_is_void_is_refused_with_its_first_day(site, mei):
    """MSA-033 asks for it within 180 days before its last day."""
    filling = Filling(mei, f"/agreements/{known(site, 'MSA-033').id}/give-notice")
    page = filling.look(sent_on="2026-01-05", by="us", method="email")
    assert "is too early and ends nothing. It may be given from 11 Aug 2026 on." in text_of(page)
    assert known(site, "MSA-033").notice is None


def test_an_operation_that_the_status_forbids_is_said_in_words(site, mei):
    page = mei.get(f"/agreements/{known(site, 'NDA-014').id}/sign")
    assert page.status_code == 409
    assert "is in force: “Record the signature” is not possible." in text_of(page)
    kept = text_of(mei.get(f"/agreements/{known(site, 'NDA-014').id}/restore"))
    assert "NDA-014 is not in the archive: “Take back from the archive” is not possible." in kept


def test_a_day_that_is_none_stands_at_its_field(site, mei):
    page = Filling(mei, f"/agreements/{known(site, 'NDA-014').id}/terminate").look(last_on="soon", because="breach")
    assert page.status_code == 422
    assert 'id="last_on-error"' in page.text


def test_archiving_asks_why_while_something_is_open_and_can_be_taken_back(site, mei):
    found = known(site, "OTH-005")
    filling = Filling(mei, f"/agreements/{found.id}/archive")
    assert "open deadlines" in text_of(filling.look(because=""))
    assert filling.save(because="it was replaced").status_code == 303
    assert "OTH-005 ·" not in mei.get("/agreements").text
    assert "OTH-005 ·" in mei.get("/agreements?status=archived").text
    assert Filling(mei, f"/agreements/{found.id}/restore").save().status_code == 303
    assert not known(site, "OTH-005").is_archived


def test_an_obligation_is_added_with_its_days_and_ended(site, mei):
    found = known(site, "SVC-013")
    adding = Filling(mei, f"/agreements/{found.id}/add-obligation")
    page = adding.look(name="Fire drill", kind="duty", due_on="2027-11-01", every="12 months")
    assert "Mon 1 Nov 2027" in text_of(page)
    assert adding.save().status_code == 303
    duty = known(site, "SVC-013").obligations[-1]
    amending = Filling(mei, f"/agreements/{found.id}/amend-obligation")
    page = amending.look(obligation=duty.id, due_on="2027-11-03", because="agreed")
    assert "Wed 3 Nov 2027" in text_of(page)
    assert amending.save().status_code == 303
    assert known(site, "SVC-013").obligations[-1].name == "Fire drill"
    ending = Filling(mei, f"/agreements/{found.id}/end-obligation?obligation={duty.id}")
    ending.path = f"/agreements/{found.id}/end-obligation"
    assert ending.save(because="no longer needed").status_code == 303
    assert known(site, "SVC-013").obligations[-1].ended_on is not None


def test_an_obligation_may_be_due_after_each_quarter(site, mei):
    found = known(site, "SVC-013")
    adding = Filling(mei, f"/agreements/{found.id}/add-obligation")
    both = adding.look(name="Usage report", due_on="2027-01-30", due="30 days after each quarter")
    assert "Say either from which day on it is due, or after what; not both." in text_of(both)
    assert "does not say when it is due" in text_of(adding.look(due_on="", due="30 days after christmas"))
    assert "Fri 29 Jan 2027" in text_of(adding.look(due="30 days after each quarter"))
    assert adding.save().status_code == 303
    assert due_words(known(site, "SVC-013").obligations[-1].due) == "every 3 months, by quarters, 30 days after each"


def test_who_restricts_themself_out_is_told_before_and_finds_it_no_more(site, mei):
    found = known(site, "LIC-041")
    filling = Filling(mei, f"/agreements/{found.id}/restrict")
    assert "You would not see it any more." in text_of(
        filling.look(restricted_to="sofia@hallingdal.example", because="a purchase")
    )
    assert filling.save().status_code == 303
    assert mei.get(f"/agreements/{found.id}").status_code == 404


def test_a_form_from_elsewhere_changes_nothing(site, mei):
    found = known(site, "NDA-014")
    path = f"/agreements/{found.id}/archive"
    assert (
        mei.post(path, on=path, because="x", step="save", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    )
    assert not known(site, "NDA-014").is_archived


def test_what_is_to_be_chosen_begins_with_a_capital_everywhere(site):
    mei = site.as_("mei")
    path = f"/agreements/{known(site, 'SVC-012').id}"
    for page in ("/agreements/new", f"{path}/amend", f"{path}/add-obligation", f"{path}/what-if"):
        names = [name for name in re.findall(r"<option[^>]*>([^<]+)</option>", mei.get(page).text) if name != "default"]
        assert [name for name in names if name[0].islower() and ", version" not in name] == []


def test_what_is_wrong_is_said_in_the_words_of_the_form(mei):
    """Columns have names of their own; who fills in a form has never seen them."""
    form = Filling(mei, "/agreements/new")
    page = form.look(
        reference="WORDS-1",
        counterparty="Valero",
        signed_on="2026-06-01",
        term="1 year",
        renewal="automatic",
        renewal_term="until terminated",
    )
    told = text_of(page)
    assert page.status_code == 422
    assert (
        "Where it goes on until somebody gives notice: leave term and renewal empty, write perpetual under “Last day "
        "in force”, any day under “Notice to”, and the last day of the first term under “Ends no earlier than”."
    ) in told
    kept = form.look(
        term="", renewal="", renewal_term="", last_on="perpetual", notice_period="30 days", notice_ends="any-day",
        earliest_end_on="2027-05-31",
    )  # fmt: skip
    assert kept.status_code == 200
    assert "No effective day is known: the day of signing is taken. Fill in “Takes effect on”." in text_of(kept)


def test_what_goes_on_until_somebody_ends_it_says_so_and_what_notice_would_bring(mei, site):
    Filling(mei, "/agreements/new").save(
        reference="EVER-1",
        counterparty="Valero",
        effective_on="2020-06-01",
        last_on="perpetual",
        notice_period="30 days",
        notice_ends="any-day",
        notice_counts="sent",
        governing_law="Texas",
    )
    today = site.world.clock.now().date()
    told = text_of(mei.get(f"/agreements/{known(site, 'EVER-1').id}"))
    assert "No day is ahead: it goes on until somebody ends it." in told
    assert "Add effective date" not in told
    assert "none: it goes on until somebody ends it" in told
    assert f"If our notice left today it would end with {day(today + timedelta(days=30))}" in told


def test_a_term_that_was_renewed_ahead_is_not_the_running_one(mei, site):
    facts = {"term": "24 months", "renewal": "by option", "renewal_term": "1 year", "notice_period": "60 days"}
    Filling(mei, "/agreements/new").save(
        reference="AHEAD-1", counterparty="Valero", effective_on="2026-06-01", governing_law="Texas", **facts
    )
    path = f"/agreements/{known(site, 'AHEAD-1').id}"
    Filling(mei, f"{path}/renew").save()
    told = text_of(mei.get(path))
    assert "Last day in force Wed 31 May 2028 Running term the first" in told
