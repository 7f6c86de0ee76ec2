"""Every checklist that ships, applied to one agreement by one command each, and the days that follow.

Applied on Monday, 2 February 2026; signed on 26 January, in force for 24 months from that Monday: its last day is
Tuesday, 1 February 2028. Business days are those of Berlin.
"""

from datetime import UTC, datetime

import pytest

from config.checklists import load_checklists
from tests.config.test_checklists import COVERED
from tests.support.cli import Longstop

EXPECTED = {
    # 5 business days after the signature
    "2026-02-02": "nda-onboarding.file nda-onboarding.details nda-onboarding.screening",
    # 5, 10, 15, 20 business days after the application, or after the first day; what recurs may begin so as well
    "2026-02-09": """ip-due-diligence.critical-knowledge ip-due-diligence.assets supplier-selection.breaches
        supplier-selection.competitors nda-onboarding.need-to-know""",
    "2026-02-16": """ip-due-diligence.title ip-due-diligence.registrations supplier-selection.law
        supplier-selection.jurisdiction supplier-selection.ending supplier-selection.subcontractors
        supplier-selection.insurance nda-onboarding.briefing nda-onboarding.marking""",
    "2026-02-23": """ip-due-diligence.open-source ip-due-diligence.licences ip-due-diligence.transfer-fees
        ip-due-diligence.encumbrances ip-due-diligence.secrecy ip-due-diligence.ownership-clauses
        supplier-selection.source-code supplier-selection.personal-data supplier-selection.exit""",
    "2026-03-02": """ip-due-diligence.report supplier-selection.decision training.ours training.theirs
        regulatory-review.law-here regulatory-review.law-there regulatory-review.enforceability
        regulatory-review.data-transfers regulatory-review.register security-review.policy security-review.premises
        security-review.personnel security-review.least-knowledge security-review.competitors
        security-review.source-code security-review.open-source security-review.personal-data security-review.report
        security-review.penetration-test""",
    # 3 months are a Saturday, and the Friday before is the first of May; 6 months are a Sunday
    "2026-04-30": "security-review.leavers training.newcomers",
    "2026-07-31": "nda-onboarding.monitoring",
    "2027-02-02": """ip-due-diligence.review regulatory-review.rights-kept-up supplier-selection.insurance-renewed
        training.refresher training.incident-drill nda-onboarding.disclosures""",
    # 6 months before the last day are a Sunday, 1 month before is New Year
    "2027-07-30": "exit-bpo.team",
    "2027-09-01": "exit-bpo.inventory exit-bpo.successor",
    "2027-10-01": "exit-bpo.transfer-plan exit-bpo.transition-services",
    "2027-11-01": "exit-bpo.staff exit-bpo.escrow",
    "2027-12-01": "exit-bpo.data-test",
    "2027-12-31": "exit-bpo.transfer exit-bpo.parallel-run",
    "2028-02-01": "exit-bpo.handover exit-bpo.assets exit-bpo.access",
    # 30 and 45 days after it, over a 29 February
    "2028-03-02": "exit-bpo.data-return exit-bpo.settlement exit-bpo.secrecy nda-onboarding.return",
    "2028-03-17": "exit-bpo.deletion nda-onboarding.destruction",
}


@pytest.fixture(scope="module")
def applied(staffed, tmp_path_factory):
    """The deadlines of every item, by its name."""
    longstop = Longstop(tmp_path_factory.mktemp("applied") / "data", like=staffed)
    longstop.now = datetime(2026, 2, 2, 9, tzinfo=UTC)
    longstop("agreement", "add", "MSA-1", "--counterparty", "Acme", "--kind", "MSA", "--signed-on", "2026-01-26",
             "--effective-on", "2026-02-02", "--term", "24 months", "--renewal", "never", "--calendar", "DE-BE",
             "--owner", "olga@example.com", "--backup", "ben@example.com")  # fmt: skip
    for checklist in load_checklists():
        longstop("checklist", "apply", checklist.name, "MSA-1")
    found = {}
    for one in longstop("deadlines", "MSA-1", "--within", "60m", "--json").items:
        found.setdefault(one["subject"], []).append(one)
    return found


def test_every_item_of_every_checklist_is_due_on_its_day(applied):
    expected = {name: on for on, names in EXPECTED.items() for name in names.split()}
    assert {name: first["safe_on"] for name, (first, *_) in applied.items()} == expected
    assert set(expected) == {f"{one.name}.{item.key}" for one in load_checklists() for item in one.templates}


@pytest.mark.parametrize("subject", sorted(COVERED))
def test_what_must_be_looked_after_is_a_deadline_that_says_what_to_do_and_has_an_owner(applied, subject):
    name, key = COVERED[subject].split(".")
    template = next(item for one in load_checklists() if one.name == name for item in one.templates if item.key == key)
    due, *_ = applied[COVERED[subject]]
    assert due["is_deadline"]
    assert template.name.partition(":")[0] in due["action"]
    assert due["owner"]["email"] in {"olga@example.com", "leo@example.com", "mia@example.com"}


def test_what_begins_soon_recurs_from_there(applied):
    assert [one["safe_on"] for one in applied["security-review.policy"]] == ["2026-03-02", "2027-03-02"]
    assert [one["safe_on"] for one in applied["security-review.leavers"]][:2] == ["2026-04-30", "2026-07-31"]
