"""The shelf of rights: licences, leases, insurance, memberships, and what was signed but has not begun."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from cli.demo.sample import BY_ITSELF, MAIL, REGISTERED, clause, dollars, euros, every, notice, numbered, pounds
from lifecycle.agreements.agreement import AgreementKind
from lifecycle.days.dates import Period
from lifecycle.obligations.duties import Obligation, ObligationKind, Once
from lifecycle.terms.provisions import (
    Anchor,
    CountsAs,
    DeliveryMethod,
    EndConvention,
    EndsAt,
    ForConvenience,
    Lasting,
    LaterOf,
    OpenEnded,
    Provisions,
    Renewal,
    RenewalKind,
    Restriction,
    Side,
    Until,
    Upon,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.demo.sample import Sample, Shelf

_LICENCE, _LEASE, _OTHER = AgreementKind.LICENCE, AgreementKind.LEASE, AgreementKind.OTHER
_DAY_BEFORE = EndConvention.DAY_BEFORE
_YEAR = Period(months=12)


def rights(shelf: Shelf) -> Iterator[Sample]:
    """What we may use, and others may."""
    yield from _licences(shelf)
    yield from _places(shelf)
    yield from _others(shelf)
    yield from _ahead(shelf)


def _licences(shelf: Shelf) -> Iterator[Sample]:
    yield shelf.sample(  # an option: it lapses unless we say that it shall go on
        "LIC-041", _LICENCE, "Vektor CAD AG", "CAD seats", owner="Priya", backup="Olga", place="berlin",
        effective_on=shelf.begun(Period(months=24), ends_in=96), value=euros(128_000), tags=("critical",),
        provisions=Provisions(
            end=Lasting(Period(months=24)), convention=_DAY_BEFORE,
            renewal=Renewal(RenewalKind.BY_OPTION, Period(months=24), most=1, clause=clause("4.4", 6)),
            notices=(notice(Period(days=90), side=Side.OURS, clause=clause("4.4", 6)),),
        ),
    )  # fmt: skip
    yield shelf.sample(  # both have to sign
        "LIC-042", _LICENCE, "Corvid Analytics Inc", "Forecasting models", owner="Dana", backup="Mei", place="new-york",
        effective_on=shelf.begun(_YEAR, ends_in=33), value=dollars(75_000),
        provisions=Provisions(
            end=Lasting(_YEAR), convention=_DAY_BEFORE, renewal=Renewal(RenewalKind.BY_AGREEMENT, _YEAR)
        ),
    )  # fmt: skip
    yield shelf.sample(  # whichever comes later, and nobody knows one of them
        "LIC-043", _LICENCE, "Helios Photonics SAS", "Background patents", owner="Priya", backup="Mei", place="berlin",
        effective_on=shelf.ago(years=4), tags=("patent",),
        provisions=Provisions(
            end=LaterOf((Upon("the lapse of the last patent"), Lasting(Period(years=5)))),
            restrictions=(Restriction("non-compete", Side.THEIRS, Period(years=2), Anchor.TERMINATION),),
        ),
        obligations=numbered((every(12, ObligationKind.FEE, "Minimum royalty", shelf.ago(months=11, days=15)),)),
    )  # fmt: skip
    yield shelf.sample(
        "LIC-044", _LICENCE, "Openfield Maps Ltd", "Map data", owner="Dana", place="england",
        effective_on=shelf.begun(_YEAR, ends_in=152), value=pounds(9_800),
        provisions=Provisions(
            end=Lasting(_YEAR), renewal=BY_ITSELF, notices=(notice(Period(days=60), by=None, counts_as=None),)
        ),
    )  # fmt: skip
    yield shelf.sample(
        "LIC-045", _LICENCE, "Quantum Leap AG", "Firmware source code in escrow", owner="Priya", place="bavaria",
        effective_on=shelf.ago(years=1, days=6), tags=("source-code", "trade-secret"),
        provisions=Provisions(end=OpenEnded()),
        obligations=numbered((
            every(6, ObligationKind.AUDIT, "Build the deposit from its sources", shelf.ago(months=5, days=20)),
            every(12, ObligationKind.RETURN, "Return superseded deposits", shelf.ago(months=11)),
        )),
    )  # fmt: skip


def _places(shelf: Shelf) -> Iterator[Sample]:
    cutoff = DeliveryMethod("courier", receipt=Period(business_days=1), cutoff=time(17), clause=clause("18.2", 21))
    yield shelf.sample(
        "LEA-002", _LEASE, "Speicherhof Immobilien GmbH", "Head office, third floor", owner="Tomas", backup="Jonas",
        place="berlin", effective_on=shelf.begun(Period(years=5), ends_in=201), value=euros(264_000),
        tags=("critical",), exit_plan=Period(months=4),
        provisions=Provisions(
            end=Lasting(Period(years=5), clause=clause("2", 2)), convention=_DAY_BEFORE,
            renewal=Renewal(RenewalKind.AUTOMATIC, Period(years=1)),
            notices=(notice(Period(months=6), by=cutoff, clause=clause("2.3", 2, "six months before the end")),),
        ),
        obligations=numbered(
            (every(12, ObligationKind.DUTY, "Check of the service charges", shelf.ago(months=11, days=12)),)
        ),
    )  # fmt: skip
    yield shelf.sample(  # three months to the end of a calendar quarter
        "LEA-003", _LEASE, "Garagenpark Mitte eG", "Parking lots", owner="Tomas", place="berlin",
        effective_on=shelf.ago(years=2, months=3), value=euros(7_200),
        provisions=Provisions(
            end=OpenEnded(),
            for_convenience=(ForConvenience(Side.EITHER, Period(months=3), EndsAt.QUARTER_END, method=REGISTERED),),
        ),
    )  # fmt: skip
    yield shelf.sample(
        "LEA-004", _LEASE, "Harbour Estates Ltd", "London showroom", owner="Dana", backup="Amara", place="england",
        effective_on=shelf.begun(Period(years=3), ends_in=-4), value=pounds(88_000),  # renewed four days ago
        provisions=Provisions(
            end=Lasting(Period(years=3)), convention=_DAY_BEFORE, renewal=BY_ITSELF,
            notices=(notice(Period(months=6)),),
        ),
    )  # fmt: skip


def _others(shelf: Shelf) -> Iterator[Sample]:
    yield shelf.sample(
        "INS-001", _OTHER, "Nordlicht Versicherung AG", "Cyber insurance", owner="Olga", backup="Mei", place="berlin",
        effective_on=shelf.begun(_YEAR, ends_in=99), value=euros(41_500), tags=("insurance",),
        provisions=Provisions(
            end=Lasting(_YEAR), convention=_DAY_BEFORE, renewal=BY_ITSELF,
            notices=(notice(Period(months=3), by=REGISTERED, at_least=True),),
        ),
        obligations=numbered((
            every(12, ObligationKind.EVIDENCE, "Questionnaire on security measures", shelf.ago(months=11, days=22)),
        )),
    )  # fmt: skip
    yield shelf.sample(
        "OTH-005", _OTHER, "Chamber of Instrument Makers", "Membership", owner="Jonas", place="berlin",
        effective_on=shelf.ago(years=7).replace(month=5, day=8), value=euros(2_400),
        provisions=Provisions(
            end=Lasting(Period()), convention=EndConvention.YEAR_END, renewal=BY_ITSELF,
            notices=(notice(Period(weeks=6), by=MAIL, counts_as=CountsAs.SENT),),
        ),
    )  # fmt: skip
    yield shelf.sample(  # nobody ever wrote down when it began
        "OTH-006", _OTHER, "Riverside Catering", "Canteen", owner="Lars", place="england",
        provisions=Provisions(renewal=BY_ITSELF, end=Lasting(_YEAR)), note="Only a letter of intent was found.",
    )  # fmt: skip


def _ahead(shelf: Shelf) -> Iterator[Sample]:
    """Signed, and not yet in force."""
    yield shelf.sample(
        "MSA-037", AgreementKind.MSA, "Polaris Testing AB", "Calibration laboratory", owner="Priya", backup="Olga",
        place="berlin", signed_on=shelf.ago(days=12), effective_on=shelf.ahead(days=19), value=euros(66_000),
        provisions=Provisions(
            end=Lasting(Period(months=24)), convention=_DAY_BEFORE, renewal=BY_ITSELF,
            notices=(notice(Period(days=90)),),
        ),
        obligations=numbered((
            Obligation(id="", kind=ObligationKind.DUE_DILIGENCE, name="Accreditation and ownership",
                       due=Once(shelf.ahead(days=8))),
        )),
    )  # fmt: skip
    yield shelf.sample(
        "LIC-046", _LICENCE, "Sable Fonts LLC", "Typefaces", owner="Dana", place="new-york",
        effective_on=shelf.ago(months=10), value=dollars(3_200),
        provisions=Provisions(end=Until(shelf.ahead(days=60)), convention=EndConvention.EXPLICIT),
    )  # fmt: skip
