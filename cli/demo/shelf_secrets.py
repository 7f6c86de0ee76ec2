"""The shelf of confidentiality: NDAs, data processing, and what outlives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.demo.handed_over import in_confidence, too_early
from cli.demo.sample import BY_ITSELF, MAIL, clause, every, notice, numbered
from engine import operations
from lifecycle.agreements.agreement import AgreementKind
from lifecycle.days.dates import Counting, Period
from lifecycle.obligations.duties import ObligationKind
from lifecycle.terms.provisions import (
    Anchor,
    CountsAs,
    EndConvention,
    Lasting,
    Provisions,
    Renewal,
    RenewalKind,
    Restriction,
    Side,
    Survival,
    Until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.demo.sample import Sample, Shelf

_NDA, _DPA = AgreementKind.NDA, AgreementKind.DPA
_DAY_BEFORE = EndConvention.DAY_BEFORE
_THREE_YEARS = Period(years=3)


def secrets(shelf: Shelf) -> Iterator[Sample]:
    """What was promised to be kept secret, by us and to us."""
    yield from _ndas(shelf)
    yield from _ended(shelf)
    yield from _data(shelf)


def _ndas(shelf: Shelf) -> Iterator[Sample]:
    yield shelf.sample(
        "NDA-014", _NDA, "Acme Labs GmbH", "Acme Labs NDA", owner="Olga", backup="Priya", place="berlin",
        effective_on=shelf.begun(Period(months=36), ends_in=68),
        provisions=Provisions(
            end=Lasting(Period(months=36), clause=clause("2.1", 3)), convention=_DAY_BEFORE, renewal=BY_ITSELF,
            notices=(notice(Period(days=60), clause=clause("12.3", 9, "no later than sixty (60) days")),),
            survivals=(Survival("confidentiality", Period(years=5), Anchor.TERMINATION, ("trade secrets",)),),
        ),
        tags=("critical",), then=in_confidence(shelf),
    )  # fmt: skip
    yield shelf.sample(  # counted from 29 February
        "NDA-015", _NDA, "Quantum Leap AG", "Prototype NDA", owner="Priya", backup="Olga", place="bavaria",
        effective_on=shelf.leap_day(),
        provisions=Provisions(
            end=Lasting(_THREE_YEARS), convention=_DAY_BEFORE, renewal=BY_ITSELF, notices=(notice(Period(months=3)),),
        ),
    )  # fmt: skip
    yield shelf.sample(  # month to month from a month's end; nobody states the convention
        "NDA-016", _NDA, "Bluewater Sensors Ltd", "Evaluation NDA", owner="Dana", place="england",
        effective_on=shelf.month_end(months_ago=4),
        provisions=Provisions(
            end=Lasting(Period(months=1)), renewal=Renewal(RenewalKind.AUTOMATIC, Period(months=1)),
            notices=(notice(Period(days=10), by=MAIL, counting=Counting.CLEAR),),  # clear days
        ),
    )  # fmt: skip
    yield shelf.sample(  # each disclosure has its own clock; none is recorded
        "NDA-017", _NDA, "Corvid Analytics Inc", "Data room NDA", owner="Dana", backup="Mei", place="new-york",
        effective_on=shelf.ago(months=8),
        provisions=Provisions(
            end=Lasting(Period(years=2)), convention=EndConvention.ANNIVERSARY,
            survivals=(Survival("confidentiality", Period(years=5), Anchor.EACH_DISCLOSURE),),
            restrictions=(Restriction("non-solicit", Side.OURS, Period(months=18), Anchor.TERMINATION),),
        ),
        restricted_to=("team:legal",),
    )  # fmt: skip
    yield shelf.sample(  # nobody owns it
        "NDA-018", _NDA, "Fjordkraft Systems AS", "Pilot NDA", owner=None, place="berlin",
        effective_on=shelf.begun(Period(years=1), ends_in=48),
        provisions=Provisions(
            end=Lasting(Period(years=1)), renewal=BY_ITSELF, notices=(notice(Period(days=30), counts_as=None),),
        ),
    )  # fmt: skip
    yield shelf.sample(
        "NDA-021", _NDA, "Helios Photonics SAS", "Joint research NDA", owner="Priya", place="berlin",
        provisions=Provisions(end=Lasting(_THREE_YEARS)),
        then=(
            lambda work, known: operations.request_signature(
                work, known, on=shelf.ago(days=9), sign_by_on=shelf.ahead(days=5)
            ),
            too_early(shelf),
        ),
    )  # fmt: skip
    yield shelf.sample(
        "NDA-022", _NDA, "Umbra Robotics Oy", "Demo units NDA", owner="Dana", place="england",
        provisions=Provisions(end=Lasting(_THREE_YEARS)), note="Their lawyers have it.",
    )  # fmt: skip


def _ended(shelf: Shelf) -> Iterator[Sample]:
    """Ended, and yet it binds."""
    yield shelf.sample(
        "NDA-003", _NDA, "Meridian Optics BV", "Lens coating NDA", owner="Priya", place="berlin",
        effective_on=shelf.ago(years=6), tags=("trade-secret",),
        provisions=Provisions(
            end=Lasting(Period(years=4)), convention=_DAY_BEFORE,
            survivals=(Survival("confidentiality", Period(years=5), Anchor.EXPIRY, ("trade secrets",)),),
        ),
        obligations=numbered(
            (every(12, ObligationKind.REVIEW, "Who still has their drawings", shelf.ago(years=2, days=20),
                   continues=Period(years=5)),)
        ),
    )  # fmt: skip
    yield shelf.sample(
        "NDA-004", _NDA, "Castor & Pollux LLP", "Valuation NDA", owner="Lars", backup="Mei", place="england",
        effective_on=shelf.ago(years=4, days=11),
        provisions=Provisions(
            end=Until(shelf.ago(years=1)), convention=EndConvention.EXPLICIT,
            survivals=(Survival("confidentiality", Period(months=14), Anchor.EXPIRY),),
        ),
    )  # fmt: skip


def _data(shelf: Shelf) -> Iterator[Sample]:
    yield shelf.sample(  # an end that depends on the contract that it hangs on
        "DPA-002", _DPA, "Nimbus Cloud Ltd", "Nimbus data processing", owner="Olga", backup="Mei", place="england",
        effective_on=shelf.ago(months=20), parent="MSA-031", tags=("personal-data",),
        provisions=Provisions(end=Lasting(Period(months=24)), convention=_DAY_BEFORE),
        obligations=numbered((
            every(12, ObligationKind.AUDIT, "SOC 2 type II report", shelf.ago(months=11, days=20)),
            every(12, ObligationKind.EVIDENCE, "Penetration test summary", shelf.ago(months=12, days=4)),
        )),
    )  # fmt: skip
    yield shelf.sample(
        "DPA-005", _DPA, "Payroll Partners GmbH", "Payroll data processing", owner="Tomas", place="berlin",
        effective_on=shelf.ago(years=2, days=3), parent="SVC-012", tags=("personal-data",),
        provisions=Provisions(convention=None),
        obligations=numbered((
            every(6, ObligationKind.REVIEW, "Subprocessor list", shelf.ago(months=5, days=22)),
            every(12, ObligationKind.TRAINING, "Privacy training of the payroll team", shelf.ago(months=11)),
            every(24, ObligationKind.SCREENING, "Screening of people with access", shelf.ago(months=22)),
        )),
    )  # fmt: skip
    yield shelf.sample(
        "DPA-006", _DPA, "Lighthouse Survey Corp", "Survey panel", owner="Dana", place="new-york",
        effective_on=shelf.begun(Period(years=1), ends_in=25),
        provisions=Provisions(
            end=Lasting(Period(years=1)), convention=_DAY_BEFORE, renewal=BY_ITSELF,
            notices=(notice(Period(days=45), by=MAIL, counts_as=CountsAs.SENT, at_least=True),),  # already missed
        ),
    )  # fmt: skip
