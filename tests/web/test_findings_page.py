"""Findings on pages: under *Related*, on the counterparty's page and on *Gaps*; accepted with a reason."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.watcher import findings_watch
from lifecycle.agreements.agreement import AgreementKind
from lifecycle.terms.provisions import Provisions, Renewal, RenewalKind
from lifecycle.terms.terms import Until
from tests.support.site import Site, text_of

CANARY = "Zanzibar"


@pytest.fixture(scope="module")
def site():
    """An NDA of Olga's that ends before an agreement that only Sofia sees, and before one that everybody sees."""
    made = Site()
    with made.work() as work:
        known = work.agreements.find("NDA-014")
        nda = _until(replace(known, id="", reference="FIT-1", title="Short", counterparty="Fitting"), "2027-06-30")
        msa = replace(nda, reference="FIT-2", title="Long", kind=AgreementKind.MSA)
        ops.register(work, replace(nda, owner_id=made.people["Olga"]))
        ops.register(work, _until(msa, "2029-12-31"))
        secret = replace(_until(msa, "2029-12-31"), reference=f"{CANARY}-3", title=CANARY)
        ops.register(work, replace(secret, owner_id=made.people["Sofia"], restricted_to=(made.people["Sofia"],)))
    findings_watch.look(made.monitor)
    yield made
    made.close()


def _until(agreement, day):
    provisions = Provisions(end=Until(date.fromisoformat(day)), renewal=Renewal(RenewalKind.NEVER))
    return replace(agreement, provisions=provisions, effective_on=date(2026, 1, 1), signed_on=date(2026, 1, 1))


ENDS_FIRST = "NDA FIT-1 ends on 30 Jun 2027, but FIT-2 runs until 31 Dec 2029."


def related(site, reference="FIT-1"):
    with site.look() as work:
        return f"/agreements/{work.agreements.find(reference).id}/related"


def test_related_says_what_does_not_fit_and_what_to_do(site):
    page = text_of(site.as_("olga").get(related(site)))
    assert ENDS_FIRST in page
    assert "Extend the NDA, or sign another one, before its last day." in page


def test_gaps_list_what_stood_at_the_last_look(site):
    assert ENDS_FIRST in text_of(site.as_("olga").get("/gaps?only=findings"))


def test_nobody_reads_of_what_they_may_not_see(site):
    with site.look() as work:
        counterparty = work.agreements.find("FIT-1").counterparty_id
    for path in (related(site), "/gaps?only=findings", f"/counterparties/{counterparty}", "/gaps.csv?only=findings"):
        assert CANARY not in site.as_("olga").get(path).text
        assert CANARY in site.as_("sofia").get(path).text


def test_an_owner_accepts_with_a_reason_and_it_stands_on_gaps_no_more(site):
    olga, path = site.as_("olga"), related(site)
    action = olga.get(path).text.partition(ENDS_FIRST)[2].partition('action="')[2].partition('"')[0]
    refused = olga.followed(olga.post(action, on=path, because=" "))
    assert "It is not said why this is accepted." in text_of(refused)
    told = text_of(olga.followed(olga.post(action, on=path, because="It is being extended.")))
    assert "olga@" in told
    assert "It is being extended." in told
    assert ENDS_FIRST not in text_of(olga.get("/gaps?only=findings"))
    action = olga.get(path).text.partition(ENDS_FIRST)[2].partition('action="')[2].partition('"')[0]
    assert "It is to be mended" in text_of(olga.followed(olga.post(action, on=path, because="They refuse to extend.")))
    assert ENDS_FIRST in text_of(olga.get("/gaps?only=findings"))


def test_who_may_not_change_the_agreement_accepts_nothing(site):
    amara = site.as_("amara")
    assert "Accept it" not in text_of(amara.get(related(site)))
    assert (
        amara.post(f"{related(site).removesuffix('related')}findings/0123456789abcdef", because="x").status_code == 403
    )


def test_what_is_not_found_any_more_is_not_there(site):
    mei = site.as_("mei")
    assert mei.post(f"{related(site).removesuffix('related')}findings/0123456789abcdef", because="x").status_code == 404
