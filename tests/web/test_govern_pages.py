"""Gaps, reports, forecast, playbooks and checklists: what they say, to whom, and what they do."""

from dataclasses import replace
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from engine import operations as ops
from engine.incidents import open_incident
from lifecycle.provisions import Provisions, Renewal, RenewalKind
from tests.support.site import Site, text_of

CANARY = "Zanzibar"


@pytest.fixture(scope="module")
def site():
    made = Site()
    with made.work() as work:
        known = work.agreements.find("NDA-014")
        bare = replace(known, id="", reference="GAP-1", title="Bare", backup_id=None, owner_id=made.people["Lars"])
        renews = Provisions(end=known.provisions.end, renewal=Renewal(RenewalKind.AUTOMATIC))
        ops.register(work, replace(bare, provisions=renews, assumed=("renewal",)))
        secret = replace(bare, reference=f"{CANARY}-1", title=f"{CANARY} purchase", counterparty=f"{CANARY} Holding")
        secret = ops.register(work, replace(secret, restricted_to=(made.people["Sofia"],), owner_id=None))
        for agreement_id, subject in ((secret.id, CANARY), (None, "the house")):
            open_incident(
                work, kind="no_recipient", subject=subject, agreement_id=agreement_id, text=f"About {subject}."
            )
    yield made
    made.close()


def told(site, name, path):
    """What a page says to somebody."""
    answer = site.as_(name).get(path)
    assert answer.status_code == 200, text_of(answer)
    return text_of(answer)


def questions(site, ask):
    """How often the database was asked."""
    asked = []

    def note(*said):
        asked.append(said[2])

    engine = site.monitor.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def section(text, start, end):
    """What stands between two words of a page."""
    return text.split(start)[-1].split(end)[0]


# -- gaps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", ["owner-left", "no-backup", "no-notice-rule", "no-renewal-rule"])
def test_an_agreement_without_its_facts_is_named_under_each_gap(site, gap):
    assert "GAP-1: Bare" in told(site, "olga", f"/gaps?only={gap}")


def test_what_has_an_owner_is_no_agreement_without_one(site):
    assert "GAP-1" not in told(site, "olga", "/gaps?only=no-owner")


def test_an_agreement_whose_notice_is_known_lacks_no_notice_rule(site):
    assert "NDA-018" in told(site, "olga", "/gaps?only=no-owner")
    assert "NDA-018" not in told(site, "olga", "/gaps?only=no-notice-rule")


def test_gaps_of_a_restricted_agreement_show_to_those_inside_alone(site):
    assert CANARY in told(site, "sofia", "/gaps")
    for name in ("olga", "henrik"):
        for path in ("/gaps", "/gaps?only=no-owner", "/gaps?only=unreached", "/gaps.csv"):
            assert CANARY not in site.as_(name).get(path).text


def test_counts_of_gaps_leave_out_what_is_not_seen(site):
    inside, outside = (told(site, name, "/gaps?only=no-owner") for name in ("sofia", "olga"))
    assert int(section(inside, "Gaps ", " No owner").split()[-1]) == 1 + int(
        section(outside, "Gaps ", " No owner").split()[-1]
    )


def test_incidents_of_the_house_are_for_those_who_read_its_log(site):
    assert "About the house." in told(site, "henrik", "/gaps")
    assert "About the house." not in told(site, "olga", "/gaps")


def test_gaps_are_a_file_that_spreadsheets_open(site):
    answer = site.as_("olga").get("/gaps.xlsx?only=owner-left")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["gap", "what", "said"]
    assert ["Owner has left", "GAP-1: Bare"] in [row[:2] for row in rows]


def test_a_list_is_no_other_kind_of_file(site):
    assert site.as_("olga").get("/gaps.exe").status_code in {404, 422}


def test_gaps_ask_as_often_for_many_agreements_as_for_few(site):
    olga = site.as_("olga")
    before = questions(site, lambda: olga.get("/gaps"))
    with site.work() as work:
        known = work.agreements.find("GAP-1")
        for number in range(2, 30):
            ops.register(work, replace(known, id="", reference=f"GAP-{number}"))
    assert questions(site, lambda: olga.get("/gaps")) <= before + 1
