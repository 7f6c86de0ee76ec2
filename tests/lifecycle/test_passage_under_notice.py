"""A notice that came too late for one term ends the next: time leads through both, without a renewal in between."""

from dataclasses import replace
from datetime import date

from lifecycle.agreements.agreement import Agreement, AgreementKind
from lifecycle.agreements.passage import passage
from lifecycle.agreements.status import Status
from lifecycle.days.dates import Period
from lifecycle.events import TermExpired
from lifecycle.terms.provisions import Ended, EndedHow, Lasting, Provisions, Renewal, RenewalKind

RUNNING = Agreement(
    id="a",
    reference="ACME-7",
    kind=AgreementKind.MSA,
    counterparty_id="c",
    counterparty="Acme",
    status=Status.IN_FORCE,
    signed_on=date(2025, 2, 1),
    effective_on=date(2025, 2, 1),
    term_number=0,
    provisions=Provisions(end=Lasting(Period(months=12)), renewal=Renewal(RenewalKind.AUTOMATIC, Period(months=12))),
)
LATE = replace(
    RUNNING,
    status=Status.UNDER_NOTICE,
    provisions=replace(RUNNING.provisions, ended=Ended(date(2027, 1, 31), EndedHow.NOTICE_GIVEN)),
)


def test_under_notice_no_renewal_is_recorded_though_another_term_runs():
    assert passage(LATE, date(2026, 6, 1)) == ()


def test_a_late_notice_expires_with_the_last_day_of_the_next_term():
    assert passage(LATE, date(2027, 2, 1)) == (TermExpired(agreement_id="a", last_on=date(2027, 1, 31)),)
