"""The shelf of services: frame contracts, statements of work, service levels, subcontracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.demo.sample import (
    BY_ITSELF,
    COURIER,
    MAIL,
    REGISTERED,
    clause,
    dollars,
    euros,
    every,
    notice,
    numbered,
    pounds,
)
from engine import operations
from engine.operations import NoticeFacts
from lifecycle.agreements.agreement import AgreementKind
from lifecycle.days.dates import Period
from lifecycle.obligations.duties import Direction, Obligation, ObligationKind, Offset, OffsetFrom, Once
from lifecycle.obligations.occurrences import Basis
from lifecycle.terms.provisions import (
    Anchor,
    AppliesTo,
    CountsAs,
    EarlierOf,
    EndConvention,
    EndsAt,
    ForConvenience,
    Lasting,
    OpenEnded,
    Provisions,
    Renewal,
    RenewalKind,
    Side,
    Survival,
    Until,
    Upon,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.demo.sample import Sample, Shelf

_MSA, _SOW, _SLA = AgreementKind.MSA, AgreementKind.SOW, AgreementKind.SLA
_DAY_BEFORE = EndConvention.DAY_BEFORE
_YEAR = Period(months=12)


def services(shelf: Shelf) -> Iterator[Sample]:
    """What others do for us, and we for others."""
    yield from _frames(shelf)
    yield from _works(shelf)
    yield from _levels(shelf)
    yield from _going(shelf)


def _frames(shelf: Shelf) -> Iterator[Sample]:
    yield shelf.sample(
        "MSA-031", _MSA, "Nimbus Cloud Ltd", "Nimbus cloud hosting", owner="Olga", backup="Tomas", place="england",
        effective_on=shelf.begun(Period(months=36), ends_in=101), value=pounds(412_000), tags=("critical",),
        exit_plan=Period(months=6),  # longer than its notice leaves
        provisions=Provisions(
            end=Lasting(Period(months=36), clause=clause("3.1", 4)), convention=_DAY_BEFORE, renewal=BY_ITSELF,
            notices=(
                notice(Period(days=90), at_least=True, clause=clause("14.2", 17, "not less than ninety (90) days")),
            ),
        ),
        obligations=numbered((
            every(3, ObligationKind.AUDIT, "Access rights", shelf.ago(months=35), basis=Basis.QUARTER,
                  due_after=Period(days=20)),
            Obligation(id="", kind=ObligationKind.EXIT_STEP, name="Test the export of all data",
                       due=Offset(Period(months=2), Direction.BEFORE, OffsetFrom.LAST_DAY)),
        )),
    )  # fmt: skip
    yield shelf.sample(  # a notice longer than a renewal: its window closes in the term before
        "MSA-032", _MSA, "Brightline Logistics GmbH", "Brightline freight", owner="Olga", backup="Jonas",
        place="bavaria", effective_on=shelf.ago(months=20), value=euros(96_000),
        provisions=Provisions(
            end=Lasting(Period(months=24)), convention=_DAY_BEFORE,
            renewal=Renewal(RenewalKind.AUTOMATIC, Period(months=3)),
            notices=(notice(Period(months=4), by=REGISTERED),),
        ),
    )  # fmt: skip
    yield shelf.sample(  # holidays of two places at once
        "MSA-033", _MSA, "Atlantic Freight Inc", "Atlantic frame contract", owner="Dana", backup="Olga", place="both",
        effective_on=shelf.begun(Period(months=24), ends_in=75), value=dollars(180_000),
        provisions=Provisions(
            end=Lasting(Period(months=24)), convention=EndConvention.ANNIVERSARY, renewal=BY_ITSELF,
            notices=(notice(Period(days=60), opens=Period(days=180)),),
        ),
    )  # fmt: skip
    yield shelf.sample(
        "MSA-034", _MSA, "Kestrel Consulting LLP", "Kestrel frame contract", owner="Jonas", place="england",
        effective_on=shelf.ago(years=1, months=2), value=pounds(60_000),
        provisions=Provisions(
            end=OpenEnded(), for_convenience=(
                ForConvenience(
                    Side.EITHER, Period(months=3), EndsAt.QUARTER_END, counts_as=CountsAs.RECEIVED, method=COURIER
                ),
            ),
        ),
        obligations=numbered((every(12, ObligationKind.CERTIFICATE, "Professional indemnity insurance",
                                    shelf.ago(months=11, days=21)),)),
    )  # fmt: skip
    yield shelf.sample(  # the days of the month's end, three months back
        "MSA-035", _MSA, "Volt Energie AG", "Electricity, plant 2", owner="Tomas", backup="Jonas", place="berlin",
        effective_on=shelf.month_end(months_ago=9), value=euros(1_250_000), tags=("critical",),
        provisions=Provisions(
            end=Lasting(_YEAR), convention=EndConvention.YEAR_END, renewal=BY_ITSELF,
            notices=(notice(Period(months=1), by=REGISTERED),),
        ),
    )  # fmt: skip


def _works(shelf: Shelf) -> Iterator[Sample]:
    yield shelf.sample(  # runs on after the frame contract that it hangs on
        "SOW-101", _SOW, "Nimbus Cloud Ltd", "Migration of the archive", owner="Olga", place="england",
        effective_on=shelf.ago(months=5), parent="MSA-031", value=pounds(88_000),
        provisions=Provisions(end=Until(shelf.ahead(days=160)), convention=EndConvention.EXPLICIT),
        obligations=numbered((
            Obligation(id="", kind=ObligationKind.EVIDENCE, name="Acceptance protocol, phase 2",
                       due=Once(shelf.ahead(days=11))),
            Obligation(id="", kind=ObligationKind.FEE, name="Second instalment", due=Once(shelf.ahead(days=24))),
        )),
    )  # fmt: skip
    yield shelf.sample(
        "SOW-102", _SOW, "Kestrel Consulting LLP", "Tender support", owner="Jonas", backup="Olga", place="england",
        effective_on=shelf.ago(months=2), parent="MSA-034",
        provisions=Provisions(
            end=EarlierOf((Upon("the award of the tender"), Until(shelf.ahead(days=130)))),
        ),
        obligations=numbered((
            Obligation(id="", kind=ObligationKind.FINDING, name="Conflict check of the second bidder",
                       due=Once(shelf.ago(days=3))),
        )),
    )  # fmt: skip
    yield shelf.sample(
        "SUB-007", AgreementKind.SUBCONTRACT, "Delta Rigging Ltd", "Crane work, plant 2", owner="Tomas",
        place="england", effective_on=shelf.ago(months=7), parent="MSA-036",
        provisions=Provisions(end=Lasting(Period(months=9)), convention=_DAY_BEFORE),
        obligations=numbered((
            every(1, ObligationKind.DUTY, "Site safety briefing", shelf.month_end(months_ago=6)),
            every(12, ObligationKind.CERTIFICATE, "Employer's liability insurance", shelf.ago(months=11, days=28)),
        )),
    )  # fmt: skip
    yield shelf.sample(
        "MSA-036", _MSA, "Stahlbau Nord GmbH", "Extension of plant 2", owner="Tomas", backup="Jonas", place="berlin",
        effective_on=shelf.ago(months=14), value=euros(3_400_000), tags=("critical",),
        provisions=Provisions(end=Lasting(Period(months=26)), convention=EndConvention.MONTH_END),
        obligations=numbered((
            every(6, ObligationKind.REGULATORY_REVIEW, "Emissions", shelf.ago(months=5, days=25)),
            every(12, ObligationKind.DUE_DILIGENCE, "Sanctions check of the suppliers", shelf.ago(months=10)),
        )),
    )  # fmt: skip


def _levels(shelf: Shelf) -> Iterator[Sample]:
    yield shelf.sample(
        "SLA-004", _SLA, "Nimbus Cloud Ltd", "Service levels for hosting", owner="Olga", place="england",
        effective_on=shelf.ago(months=18), parent="MSA-031",
        provisions=Provisions(end=Lasting(Period(months=36)), convention=_DAY_BEFORE),
        obligations=numbered((
            every(1, ObligationKind.REVIEW, "Availability report", shelf.ago(months=17), basis=Basis.MONTH,
                  due_after=Period(business_days=5)),
        )),
    )  # fmt: skip
    yield shelf.sample(  # the first notice is another one than those of the renewals
        "SVC-012", _MSA, "Payroll Partners GmbH", "Payroll", owner="Tomas", backup="Olga", place="berlin",
        effective_on=shelf.begun(Period(months=36), ends_in=112), value=euros(54_000),
        provisions=Provisions(
            end=Lasting(Period(months=36)), convention=_DAY_BEFORE, renewal=BY_ITSELF,
            notices=(
                notice(Period(months=3), by=REGISTERED, applies_to=AppliesTo.INITIAL),
                notice(Period(months=1), by=MAIL, applies_to=AppliesTo.RENEWALS),
            ),
        ),
    )  # fmt: skip
    yield shelf.sample(
        "SVC-013", _MSA, "Clean & Bright KG", "Cleaning, head office", owner="Tomas", place="berlin",
        effective_on=shelf.begun(_YEAR, ends_in=40), value=euros(31_200),
        provisions=Provisions(
            end=Lasting(_YEAR), convention=_DAY_BEFORE, renewal=BY_ITSELF,
            notices=(notice(Period(days=30), by=MAIL, counts_as=CountsAs.SENT),),
        ),
    )  # fmt: skip


def _going(shelf: Shelf) -> Iterator[Sample]:
    """Under notice, ended, surviving."""
    yield shelf.sample(
        "SVC-009", _MSA, "Oldtown Couriers Ltd", "Courier services", owner="Olga", backup="Tomas", place="england",
        effective_on=shelf.begun(Period(months=24), ends_in=83), value=pounds(22_000),
        provisions=Provisions(
            end=Lasting(Period(months=24)), convention=_DAY_BEFORE, renewal=BY_ITSELF,
            notices=(notice(Period(days=60)),),
            survivals=(Survival("confidentiality", Period(years=2), Anchor.TERMINATION),),
        ),
        then=(
            lambda work, known: operations.give_notice(
                work, known,
                NoticeFacts(sent_on=shelf.ago(days=6), by="us", method="courier", proof="consignment 7741-22"),
            ),
        ),
    )  # fmt: skip
    yield shelf.sample(
        "SVC-010", _MSA, "Paragon Print Inc", "Marketing print", owner="Dana", place="new-york",
        effective_on=shelf.begun(_YEAR, ends_in=58), value=dollars(17_500),
        provisions=Provisions(
            end=Lasting(_YEAR), convention=_DAY_BEFORE, renewal=BY_ITSELF, notices=(notice(Period(days=30), by=MAIL),)
        ),
        then=(
            lambda work, known: operations.give_notice(
                work, known, NoticeFacts(sent_on=shelf.ago(days=12), by="them", method="email")
            ),
        ),
    )  # fmt: skip
    yield shelf.sample(
        "SVC-003", _MSA, "Borealis Staffing AB", "Temporary staff", owner="Jonas", place="berlin",
        effective_on=shelf.ago(years=3), value=euros(140_000),
        provisions=Provisions(
            end=Lasting(Period(months=48)), convention=_DAY_BEFORE,
            survivals=(Survival("confidentiality", Period(years=3), Anchor.TERMINATION),),
        ),
        then=(
            lambda work, known: operations.terminate(
                work, known, last_on=shelf.ago(days=30), because="breach of the hours rules, settled"
            ),
        ),
    )  # fmt: skip
