"""Relationships with suppliers, made up by chance from a seed: what was signed, for how long, what hangs on what.

A ``Paper`` is what somebody reads in a document, in plain words and numbers. ``registered`` puts it into the register;
``tests.support.naive_findings`` reads it without any of our code.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from engine import operations as ops
from lifecycle.agreements.agreement import Agreement, AgreementKind
from lifecycle.agreements.disclosures import Disclosure
from lifecycle.assets.asset import Asset, AssetKind, Licence, Ownership
from lifecycle.days.dates import Period
from lifecycle.terms.provisions import Provisions
from lifecycle.terms.terms import CountsAs, EndConvention, Lasting, Notice, OpenEnded, Renewal, RenewalKind, Side, Upon
from tests.support.agreements import once

TODAY = date(2026, 6, 1)


@dataclass(frozen=True)
class Paper:
    """One agreement as it was signed."""

    reference: str
    kind: str
    side: str  # whom it is with
    start: date
    months: int | None  # None: without end; 0: until something happens
    renews: int = 0  # by itself, for so many months; 0: never
    at_most: int | None = None  # renewals
    notice_days: int = 0
    parent: str = ""
    owner: str = "olga"
    backup: str = "ben"
    is_critical: bool = False
    exit_months: int = 0
    audits: tuple[date, ...] = ()
    disclosed: tuple[date, ...] = ()
    says_whose_results: bool = False


@dataclass(frozen=True)
class Thing:
    """Something of value that agreements cover."""

    name: str
    covered_by: tuple[str, ...]
    whose: str = "us"
    held_by: tuple[str, ...] = ()
    licence_until: date | None = None
    has_licence: bool = False


@dataclass(frozen=True)
class Relationship:
    papers: tuple[Paper, ...]
    things: tuple[Thing, ...]


def made_up(number):
    """Relationship *number*; the same for the same number."""
    chance = Random(f"relationship {number}")
    side = f"Supplier {number}"
    kinds = [
        "NDA",
        "MSA",
        *(kind for kind in ("NDA", "DPA", "SOW", "SOW", "subcontract", "licence", "SLA") if chance.random() < 0.5),
    ]
    papers = []
    for place, kind in enumerate(kinds):
        papers.append(_paper(chance, f"R{number}-{place}-{kind}", kind, side, [one.reference for one in papers]))
    things = [_thing(chance, f"Thing {number}.{place}", papers) for place in range(chance.choice([0, 0, 1, 2]))]
    return Relationship(tuple(papers), tuple(things))


def _paper(chance, reference, kind, side, others):
    start = date(2021, 1, 1) + timedelta(days=chance.randrange(0, 2100))
    months = chance.choice([6, 12, 18, 24, 36, 36, 48, 60, None, 0])
    renews = chance.choice([0, 0, 6, 12, 12, 24]) if months else 0
    hangs = kind in {"SOW", "subcontract"} or chance.random() < 0.15
    return Paper(
        reference=reference,
        kind=kind,
        side=side,
        start=start,
        months=months,
        renews=renews,
        at_most=chance.choice([None, None, 1, 3]) if renews else None,
        notice_days=chance.choice([0, 30, 60, 90]) if renews else 0,
        parent=chance.choice(others) if hangs and others else "",
        owner=chance.choice(["olga", "olga", "olga", "lars", ""]),
        backup=chance.choice(["ben", "ben", "ben", "lars", ""]),
        is_critical=chance.random() < 0.2,
        exit_months=chance.choice([0, 0, 0, 1, 3, 9]),
        audits=tuple(
            _weekday(TODAY + timedelta(days=chance.randrange(0, 900))) for _ in range(chance.choice([0, 0, 1, 2]))
        ),
        disclosed=tuple(
            start + timedelta(days=chance.randrange(-60, 1500)) for _ in range(chance.choice([0, 0, 0, 1, 2]))
        ),
        says_whose_results=chance.random() < 0.4,
    )


def _weekday(day):
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def _thing(chance, name, papers):
    covered = tuple(chance.sample([one.reference for one in papers], chance.choice([1, 1, 2])))
    has_licence = chance.random() < 0.5
    ends_on = chance.choice([None, *(TODAY + timedelta(days=days) for days in (30, 200, 500, 900))])
    return Thing(
        name=name,
        covered_by=covered,
        whose=chance.choice(["us", "us", "them", "third-party", "joint"]),
        held_by=chance.choice([(), ("Their team",)]),
        has_licence=has_licence,
        licence_until=ends_on if has_licence else None,
    )  # fmt: skip


def registered(work, relationship, people):
    """Put it into the register; the ids of its agreements by reference."""
    ids = {paper.reference: ops.register(work, _agreement(paper, people)).id for paper in relationship.papers}
    for thing in relationship.things:
        licence = Licence(from_whom="Somebody", ends_on=thing.licence_until) if thing.has_licence else None
        told = Asset(
            id="", name=thing.name, kind=AssetKind.DATA, ownership=Ownership(thing.whose), holders=thing.held_by,
            licence=licence, agreements=tuple(ids[one] for one in thing.covered_by),
        )  # fmt: skip
        ops.add_asset(work, told)
    return ids


def _agreement(paper, people):
    made = Agreement(
        id="", reference=paper.reference, kind=AgreementKind(paper.kind), counterparty_id="", counterparty=paper.side,
        effective_on=paper.start, signed_on=paper.start, calendar="SAT_SUN", rules="us-contract", time_zone="UTC",
        parent=paper.parent, provisions=_provisions(paper), tags=("critical",) if paper.is_critical else (),
        owner_id=people.get(paper.owner), backup_id=people.get(paper.backup),
        exit_plan=Period(months=paper.exit_months) if paper.exit_months else None,
        work_results="us" if paper.says_whose_results else "",
    )  # fmt: skip
    audits = tuple(once("audit", f"Audit {place}", day, id=f"audit{place}") for place, day in enumerate(paper.audits))
    given = tuple(
        Disclosure(id=f"d{place}", given_on=day, what=f"Secret {place}") for place, day in enumerate(paper.disclosed, 1)
    )
    return replace(made, obligations=audits, disclosures=given)


def _provisions(paper):
    end = (
        OpenEnded()
        if paper.months is None
        else Lasting(Period(months=paper.months))
        if paper.months
        else Upon("delivery")
    )
    renewal = Renewal(RenewalKind.NEVER)
    if paper.renews:
        renewal = Renewal(RenewalKind.AUTOMATIC, Period(months=paper.renews), most=paper.at_most)
    notices = ()
    if paper.notice_days:
        notices = (Notice(Period(days=paper.notice_days), Side.EITHER, counts_as=CountsAs.SENT),)
    return Provisions(end=end, convention=EndConvention.DAY_BEFORE, renewal=renewal, notices=notices)
