"""One deadline: why its day is what it is, who will be asked, and every answer, without a script."""

import hashlib
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from engine import operations as ops
from engine.zones import zone
from lifecycle.days.periods import Period
from lifecycle.playbooks.ladder import ladder
from notifiers.wording import day
from tests.support.agreements import agreement, provided
from tests.support.program import Program
from tests.support.site import BASE, Site, text_of
from web.frame.words import instant

OPENED = ("revision", "generation", "asks")


@pytest.fixture(scope="module")
def site():
    built = Site()
    built.world.tick()
    yield built
    built.close()


@pytest.fixture(scope="module")
def mei(site):
    """Mei is legal."""
    return site.as_("mei")


def row_of(site, about):
    reference, kind = about.split()
    with site.look() as work:
        found = [row for row in work.milestones.of(work.agreements.find(reference).id) if row.key.kind == kind]
    return next(row for row in found if row.is_live)


@pytest.fixture
def due(site, mei):
    """A deadline of its own for each test: the next that is not near and that nobody has answered yet."""
    page = mei.get("/deadlines?q=kind:notice").text
    used = site.__dict__.setdefault("used", set())
    for one in re.findall(r'href="/deadlines/([a-z0-9]{12})" data-key="o"', page):
        with site.look() as work:
            row = work.milestones.get(one)
        if one not in used and row.state.value == "open" and row.safe_on > date(2026, 12, 31):
            used.add(one)
            return row
    raise AssertionError("every deadline was used")


def now(site, row):
    with site.look() as work:
        return work.milestones.get(row.id)


def where(row):
    return f"/deadlines/{row.id}"


def errors(answer):
    return re.findall(r'<p class="error" id="(\w+)-error">(?:<svg.*?</svg>)?([^<]*)</p>', answer.text)


def test_the_heading_leads_with_the_last_safe_day(site, mei):
    row = row_of(site, "NDA-014 notice")
    heading = re.search(r"<h1>(.*?)</h1>", mei.get(where(row)).text)[1]
    assert heading == f"Send non-renewal notice to Acme Labs GmbH by {day(row.safe_on)}, or it renews for 12 months."
    big = re.search(r'class="big"><time datetime="([\d-]+)"', mei.get(where(row)).text)
    assert big[1] == row.safe_on.isoformat()


def test_the_heading_says_when_it_is_too_late(site, mei):
    with site.look() as work:
        today = work.now.date()
        late = [row for one in work.agreements.all() for row in work.milestones.of(one.id) if row.is_live]
        late = [row for row in late if row.latest_on < today and row.key.kind in {"notice", "option"}]
    assert late
    for row in late:
        heading = re.search(r"<h1>(.*?)</h1>", mei.get(where(row)).text)[1]
        assert heading.startswith("It is too late to ")
        assert f"the last safe day was {day(row.safe_on)}" in heading
        listed = mei.get("/deadlines?within=overdue").text.partition(f'href="/deadlines/{row.id}" data-key="o">')[2]
        assert listed.startswith("Too late to ")
        assert ": ask them to agree, or it " in listed.partition("</p>")[0]


def test_how_a_notice_has_to_be_sent_stands_beside_it_also_where_nobody_has_recorded_it(site, mei):
    row = row_of(site, "LEA-002 notice")
    with site.look() as work:
        agreed = work.agreements.get(row.key.holder)
    notice = agreed.provisions.notices[int(row.key.subject[1:]) - 1]
    assert f"Notice by {notice.method.name} · owner" in text_of(mei.get(where(row)))
    assert f"LEA-002 · Notice by {notice.method.name} " in text_of(mei.get("/deadlines?q=lea-002"))
    unsaid = replace(agreed.provisions, notices=(replace(notice, method=None),))
    with site.work("mei") as work:
        ops.amend(work, replace(agreed, provisions=unsaid), because="read again")
    assert "Notice (no way of sending is recorded) · owner" in text_of(mei.get(where(row)))


def test_what_is_over_counts_no_days_and_asks_nobody(site, mei, due):
    assert ["dl-near" in mei.get(where(due)).text, "If nobody answers." in mei.get(where(due)).text] == [True, True]
    mei.post(f"{where(due)}/done", on=where(due), revision=due.revision, evidence="the letter")
    assert now(site, due).state.value == "done"
    assert ["dl-near" in mei.get(where(due)).text, "If nobody answers." in mei.get(where(due)).text] == [False, False]


def test_why_is_two_clicks_from_the_first_page(site, mei):
    row = row_of(site, "NDA-014 notice")
    assert f'href="{where(row)}#why"' in mei.get("/deadlines").text
    page = mei.get(where(row)).text
    steps = page[page.index('id="why"') :]
    assert "LAST SAFE DAY" in steps
    for said in ("the term ends:", "Nominal", "Not verified.", "Computed aid, not legal advice."):
        assert said in steps


def test_the_ladder_is_shown_as_it_will_run_in_my_zone(site):
    row = row_of(site, "NDA-014 notice")
    with site.look() as work:
        agreement = work.agreements.get(row.key.holder)
        book = work.playbook(row.playbook, row.playbook_version)
        planned = ladder(row, book, work.calendar(agreement.calendar), zone(agreement.time_zone))
    dana = site.as_("dana")
    shown = re.findall(
        r'<tr(?: class="far")?><td class="day">(\w{3} \d+ \w{3} \d{4}, [\d:]+ \w+)</td>', dana.get(where(row)).text
    )
    expected = [instant(one.at, zone("America/New_York")) for one in planned]
    assert shown[-4:] == expected[-4:]
    assert len(shown) == len(expected)


def test_the_day_the_step_and_its_place_are_words_apart(mei, due):
    steps = mei.get(where(due)).text.partition('<ol class="steps">')[2].partition("</ol>")[0]
    assert steps.count("</time> <span>") == steps.count("</span> <span") == steps.count("<li") > 1


def test_what_was_done_is_the_first_that_a_screen_reader_says_of_the_next_page(mei, due):
    page = mei.followed(mei.post(f"{where(due)}/ack?revision={due.revision}"))
    title = unescape(re.search(r"<title>(.*?)</title>", page.text)[1])
    assert re.match(r"Quiet until .*; still open\. · .* · Longstop$", title)
    assert not mei.get(where(due)).text.partition("<title>")[2].startswith("Quiet")


def test_acknowledging_leads_back_and_can_be_undone(site, mei, due):
    page = mei.followed(mei.post(f"{where(due)}/ack?revision={due.revision}", back="/deadlines?within=90"))
    said = text_of(page)
    assert "still open. Undo" in said
    assert now(site, due).acknowledged.by == "mei@hallingdal.example"
    undo = re.search(r'action="([^"]+/undo[^"]*)"', page.text)[1].replace("&amp;", "&")
    back = mei.post(undo)
    assert back.headers["location"] == "/deadlines?within=90"
    assert now(site, due).state.value == "open"
    assert now(site, due).acknowledged is None


def test_an_acknowledgement_never_looks_like_an_outcome(mei, due):
    mei.post(f"{where(due)}/ack", revision=str(due.revision))
    page = mei.get(where(due))
    assert "Still open." in text_of(page)
    assert 'class="said good outcome"' not in page.text
    mei.post(f"{where(due)}/waive", because="settled in court")
    ended = mei.get(where(due)).text
    assert ended.index('class="said good outcome"') < ended.index("<h1>")
    assert 'data-key="e"' not in ended


def test_a_snooze_beyond_its_limit_is_refused_at_its_field_with_the_latest_day(site, mei, due):
    answer = mei.post(f"{where(due)}/snooze", until="2028-01-01", revision=str(due.revision))
    assert answer.status_code == 422
    ((field, said),) = errors(answer)
    assert field == "until"
    assert "The latest day allowed is" in said
    assert 'value="2028-01-01"' in answer.text
    assert now(site, due).state.value == "open"


def test_done_without_evidence_is_refused_with_what_was_typed(site, mei, due):
    answer = mei.post(f"{where(due)}/done", done_on="2026-11-20", revision=str(due.revision))
    assert (answer.status_code, [field for field, _ in errors(answer)]) == (422, ["evidence"])
    assert 'value="2026-11-20"' in answer.text
    assert now(site, due).outcome is None
    assert ">What proves it</label>" in answer.text  # it is not called optional: a file may stand in its place


def test_an_audit_with_gaps_is_done_and_leaves_a_finding(site, mei, due):
    assert "What it has shown" not in text_of(mei.get(where(due)))
    row = row_of(site, "MSA-031 audit")
    assert "What it has shown" in text_of(mei.get(where(row)))
    said = {"revision": row.revision, "evidence": "Two leavers had access", "result": "failed"}
    refused = mei.post(f"{where(row)}/done", on=where(row), **said)
    assert (refused.status_code, 'id="remedy_by_on-error"' in refused.text) == (422, True)
    assert ">Gaps: they become a finding<" in refused.text.replace(" selected", "")
    mei.followed(mei.post(f"{where(row)}/done", on=where(row), **said, remedy_by_on="2027-01-29"))
    assert now(site, row).state.value == "done"
    assert row_of(site, "MSA-031 finding").safe_on == date(2027, 1, 29)


def test_done_on_a_day_to_come_is_refused(mei, due):
    answer = mei.post(f"{where(due)}/done", done_on="2026-12-24", evidence="sent", revision=str(due.revision))
    assert errors(answer) == [("done_on", "That day has not come yet. Say when it was done.")]


def test_a_file_proves_by_its_hash_and_its_name_is_no_path(site, mei, due):
    content = b"the courier's receipt"
    file = ("..\\..\\etc/receipt <b>.pdf", content, "application/pdf")
    answer = mei.post(f"{where(due)}/done", evidence="By courier", revision=str(due.revision), files={"file": file})
    assert answer.status_code == 303
    told = now(site, due).outcome.evidence
    assert told == f"By courier; receipt <b>.pdf (sha256 {hashlib.sha256(content).hexdigest()})"
    assert "receipt &lt;b&gt;.pdf" in mei.get(where(due)).text


def test_a_decision_that_leaves_a_duty_says_what_is_left(site, mei, due):
    answer = mei.post(f"{where(due)}/decide", choice="stop-renewal", note="too dear", revision=str(due.revision))
    page = text_of(mei.followed(answer))
    assert "The counterparty has not been told. Serve the notice of non-renewal" in page
    assert "stop-renewal. Still open until it is done." in page
    assert now(site, due).is_live


def test_the_wrong_word_for_a_decision_is_refused_with_the_right_one(mei, due):
    answer = mei.post(f"{where(due)}/decide", choice="let-lapse", revision=str(due.revision))
    assert [field for field, _ in errors(answer)] == ["choice"]
    assert "Say stop-renewal." in errors(answer)[0][1]


def test_a_day_that_has_moved_changes_nothing_and_is_told(site, mei, due):
    answer = mei.post(f"{where(due)}/done?revision={due.revision + 1}", evidence="sent")
    assert answer.status_code == 409
    assert f"The day is now {day(due.safe_on)}. See how it stands, then say it again." in text_of(answer)
    assert ">sent</textarea>" in answer.text
    assert now(site, due).outcome is None


@pytest.mark.parametrize(
    ("operation", "typed"),
    [
        ("done", {"evidence": "the letter"}),
        ("decide", {"choice": "renew", "note": "they are good"}),
        ("waive", {"because": "we leave anyway"}),
        ("assign", {"to": "priya nair"}),
        ("pin", {"pin_on": "2026-11-24", "pin_because": "the board meets"}),
        ("snooze", {"until": "2026-11-24"}),
    ],
)
def test_an_older_form_that_is_sent_last_changes_nothing_and_comes_back_as_it_was_typed(
    site, mei, due, operation, typed
):
    opened = hidden(mei.get(f"{where(due)}?do={operation}").text, operation)
    mei.post(f"{where(due)}/decide", **hidden(mei.get(where(due)).text, "decide"), choice="stop-renewal")
    before = now(site, due)
    answer = mei.post(f"{where(due)}/{operation}", **opened, **typed)
    assert answer.status_code == 409
    assert "Somebody has answered since you opened this page." in text_of(answer)
    assert [text for text in typed.values() if text not in answer.text] == []
    assert now(site, due) == before
    assert mei.post(f"{where(due)}/{operation}", **hidden(answer.text, operation), **typed).status_code in {303, 422}


def hidden(page, operation):
    """What a form of the page says of how the deadline stood when it was opened."""
    form = page.partition(f'/{operation}" enctype')[2].partition("</form>")[0]
    return {name: unescape(re.search(rf'name="{name}" value="([^"]*)"', form)[1]) for name in OPENED}


def test_somebody_is_found_by_name_or_address_and_strangers_are_refused(site, mei, due):
    refused = mei.post(f"{where(due)}/assign", to="nemo@example.com")
    assert errors(refused) == [("to", "Nobody here is nemo@example.com. Write the e-mail address.")]
    left = mei.post(f"{where(due)}/assign", to="Lars Vik")
    assert errors(left) == [("to", "Lars Vik has left. Name somebody who is there.")]
    mei.post(f"{where(due)}/assign", to="priya nair", backup="olga@hallingdal.example")
    assert now(site, due).owner_id == site.people["Priya"]
    assert now(site, due).backup_id == site.people["Olga"]


def test_a_pinned_day_shows_the_computed_one_struck_through(site, mei, due):
    earlier = date.fromordinal(due.safe_on.toordinal() - 1)
    assert mei.post(f"{where(due)}/pin", pin_on=earlier.isoformat(), pin_because="The board meets").status_code == 303
    page = mei.get(where(due))
    assert f"<s>{day(due.safe_on)}</s>" in page.text
    assert "The board meets" in page.text
    assert now(site, due).safe_on == earlier


def test_a_pinned_day_that_an_amendment_has_made_too_late_is_said_to_be(site, mei):
    row = row_of(site, "SVC-013 notice")
    mei.post(f"{where(row)}/pin", pin_on=row.safe_on.isoformat(), pin_because="The board meets")
    said = {"fields": {"notice_period": "200 days"}, "because": "Amendment 2"}
    Program(site, "Mei").done(f"/agreements/{row.key.holder}/amend", said, if_match="*")
    assert f"the pinned day, {day(row.safe_on)}, is too late: the latest arguable one is" in text_of(
        mei.get(where(row))
    )


def test_a_pin_after_the_latest_day_is_refused(mei, due):
    answer = mei.post(f"{where(due)}/pin", pin_on="2029-01-01", pin_because="later")
    assert [field for field, _ in errors(answer)] == ["pin_on"]


def test_verifying_says_who_and_reopening_needs_a_reason(site, mei, due):
    mei.post(f"{where(due)}/verify")
    assert "Verified by mei@hallingdal.example" in text_of(mei.get(where(due)))
    mei.post(f"{where(due)}/waive", because="settled")
    assert [field for field, _ in errors(mei.post(f"{where(due)}/reopen", because=""))] == ["because"]
    mei.post(f"{where(due)}/reopen", because="it was not")
    assert now(site, due).is_live
    assert "it was not" in text_of(mei.get(where(due)))


@pytest.mark.parametrize("about", ["NDA-021 signature", "SOW-102 finding"])
def test_a_day_that_no_document_states_is_not_offered_to_be_verified_and_says_why(site, mei, about):
    row = row_of(site, about)
    assert (f"{where(row)}/verify" in mei.get(where(row)).text, f"{where(row)}/pin" in mei.get(where(row)).text) == (
        False,
        True,
    )
    answer = mei.post(f"{where(row)}/verify")
    assert "no document states it" in text_of(mei.followed(answer) if answer.status_code == 303 else answer)
    program = Program(site, "Mei")
    assert program.refused(f"/deadlines/{row.id}/verify") == (422, "answer-refused")
    assert now(site, row).verified is None


def test_a_viewer_who_was_not_asked_sees_no_buttons_and_may_not_act(site, due):
    sofia = site.as_("sofia")
    page = sofia.get(where(due))
    assert page.status_code == 200
    assert 'id="act"' not in page.text
    for operation in ("ack", "verify", "waive", "pin"):
        answer = sofia.post(f"{where(due)}/{operation}", because="x", pin_on="2026-11-24", pin_because="x")
        assert answer.status_code == 403
    assert now(site, due).state.value == "open"


def test_whoever_was_asked_may_answer_but_not_waive(site):
    with site.look() as work:
        asked = next(
            row for row in work.milestones.live()
            if row.is_deadline and row.state.value == "open" and any(
                one.recipient_id == site.people["Amara"] for one in work.deliveries.of_milestone(row.id))
        )  # fmt: skip
    amara = site.as_("amara")
    assert amara.post(f"{where(asked)}/waive", because="x").status_code == 403
    assert amara.post(f"{where(asked)}/ack", revision=str(asked.revision)).status_code == 303
    assert now(site, asked).acknowledged.by == "amara@hallingdal.example"


def test_a_form_from_elsewhere_does_nothing(site, mei, due):
    without = mei.http.post(f"{where(due)}/ack", headers={"sec-fetch-site": "same-origin"})
    assert without.status_code == 403
    elsewhere = mei.post(
        f"{where(due)}/ack", headers={"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    )
    assert elsewhere.status_code == 403
    assert now(site, due).state.value == "open"


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/deadlines//evil", "\\evil", "/logout", f"{BASE}/deadlines"]
)
def test_an_answer_leads_only_to_our_own_lists(site, mei, back):
    row = row_of(site, "NDA-014 notice")
    assert mei.post(f"{where(row)}/undo", back=back).headers["location"] == where(row)


@pytest.mark.parametrize("path", ["/deadlines/nosuchdeadline", "/deadlines/aaaaaaaaaaaa"])
def test_what_is_not_there_is_not_found(mei, path):
    assert mei.get(path).status_code == 404
    assert mei.post(f"{path}/ack").status_code == 404


def test_an_unknown_operation_is_not_found(mei, due):
    assert mei.post(f"{where(due)}/explode").status_code == 404


def test_what_has_happened_is_told(mei, due):
    mei.post(f"{where(due)}/assign", to="priya@hallingdal.example")
    said = text_of(mei.get(where(due)))
    assert "mei@hallingdal.example" in said[said.index("History") :]


def ladder_of(site, mei, about):
    """The states of the steps of a ladder in order, and which of them a small page leaves out at first."""
    page = mei.get(f"/deadlines/{row_of(site, about).id}").text
    shown = page.partition('<section class="card ladder">')[2].partition("</section>")[0]
    steps = re.findall(
        r'<tr( class="far")?><td class="day">.*?<span class="chip \w+">.*?</svg>(\w+)</span>', shown, re.DOTALL
    )
    return [state for _, state in steps], [state for far, state in steps if not far], shown


def test_of_a_long_ladder_the_last_step_and_the_next_two_are_near(site, mei):
    states, near, shown = ladder_of(site, mei, "NDA-015 notice")
    assert states == ["said", "next", *["planned"] * 6]
    assert near == ["said", "next", "planned"]
    assert 'type="checkbox"> Show all 8 steps</label>' in shown
    assert '<p class="quiet far">After that' in shown


def test_a_short_ladder_is_shown_whole(site, mei):
    states, near, shown = ladder_of(site, mei, "NDA-016 notice")
    assert states == near == ["said", "next", "planned"]
    assert "Show all" not in shown
    assert '<p class="quiet">After that' in shown


def test_whom_a_step_has_reached_is_told_by_name(site, mei):
    _, _, shown = ladder_of(site, mei, "DPA-006 notice")
    names = re.findall(r"<li>(.+?) by ", shown.partition('<ul class="reached quiet">')[2].partition("</ul>")[0])
    assert names == ["Amara Okafor", "Dana Whitfield", "Priya Nair"]


@pytest.mark.parametrize(
    ("days", "said"), [(180, "by Wed 2 Dec 2026"), (64, "from Mon 30 Nov 2026 on, by Wed 2 Dec 2026")]
)
def test_from_when_on_notice_may_be_given_is_said_as_long_as_that_lies_ahead(days, said):
    """The term ends on 31 January 2027, and notice is of 60 days; it is 23 November 2026."""
    site = Site(filled=False)
    (notice,) = provided().notices
    notices = (replace(notice, opens=Period(days=days)),)
    with site.work() as work:
        ops.register(work, agreement("OPEN-1", provisions=replace(provided(), notices=notices)))
    assert f"non-renewal notice to Acme Labs {said}, or it renews" in text_of(
        site.as_("mei").get(where(row_of(site, "OPEN-1 notice")))
    )
    site.close()
