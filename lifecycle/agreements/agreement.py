"""An agreement: what the register says of it, and where it stands.

What the document provides (``Provisions``) is kept apart from the days on which it was signed and takes
effect: a draft has provisions but no terms yet. ``terms_of`` joins the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lifecycle.agreements.disclosures import Disclosure
from lifecycle.agreements.status import Status
from lifecycle.counting.derivation import Clause, Pin
from lifecycle.days.dates import Period
from lifecycle.exits.plan import ExitPlan
from lifecycle.obligations.audits import AuditFinding, AuditRight
from lifecycle.obligations.duties import Obligation
from lifecycle.terms.extensions import renumbered
from lifecycle.terms.provisions import Provisions, Terms


class AgreementKind(StrEnum):
    """What was signed, or is to be signed."""

    NDA = "NDA"
    MSA = "MSA"
    SOW = "SOW"
    SLA = "SLA"
    DPA = "DPA"
    LICENCE = "licence"
    SUBCONTRACT = "subcontract"
    LEASE = "lease"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its ISO 4217 currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedNotice:
    """A notice that was given: the facts that prove it."""

    sent_on: date
    by: str  # us, them
    method: str
    counts_on: date
    last_on: date  # the last day in force that it leads to
    received_on: date | None = None
    proof: str = ""
    opens_on: date | None = None  # the first day on which it may be given not to renew, where there is one
    closes_on: date | None = None  # the last one by the ordinary reading; what counts later rests on another


@dataclass(frozen=True, slots=True)
class PinnedDay:
    """A day that a person set against the computation."""

    subject: str
    kind: str
    cycle: str
    pin: Pin


@dataclass(frozen=True, slots=True)
class Accepted:
    """A contradiction that a person accepted, with the reason."""

    code: str
    because: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One agreement of the register.

    ``calendar`` is a code of ``config.holiday_calendars``, ``rules`` the name of a rule set (DATES.md J1);
    ``assumed`` names the fields that nobody stated. ``term_number`` is the term that is running, None before the first.
    """

    id: str
    reference: str
    kind: AgreementKind
    counterparty_id: str
    counterparty: str
    title: str = ""
    status: Status = Status.DRAFT
    is_archived: bool = False
    owner_id: str | None = None
    backup_id: str | None = None
    team: str = ""
    parent: str = ""  # the reference of the agreement that this one hangs on
    signed_on: date | None = None
    effective_on: date | None = None
    sign_by_on: date | None = None
    signature_requested_on: date | None = None
    provisions: Provisions = field(default_factory=Provisions)
    term_number: int | None = None
    notice: ServedNotice | None = None
    governing_law: str = ""
    calendar: str = "SAT_SUN"
    rules: str = "us-contract"
    time_zone: str = "UTC"
    assumed: tuple[str, ...] = ()
    exit_plan: Period | None = None
    value: Money | None = None
    tags: tuple[str, ...] = ()
    restricted_to: tuple[str, ...] = ()
    document: str = ""
    note: str = ""
    template: str = ""  # from which it was drawn up, with its version: "Mutual NDA 3.2"
    project: str = ""  # what it is for, and what is particular to that
    work_results: str = ""  # whose they are, a value of ``lifecycle.assets.asset.Ownership``; "": not stated
    clauses: tuple[tuple[str, Clause], ...] = ()
    pins: tuple[PinnedDay, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    audit_rights: tuple[AuditRight, ...] = ()
    audit_findings: tuple[AuditFinding, ...] = ()
    exit: ExitPlan | None = None  # its length beats ``exit_plan``, which is only a length
    version: int = 1
    registered_on: date | None = None
    quiet_until_on: date | None = None  # of its import: until then nothing is told but what is urgent

    @property
    def is_restricted(self) -> bool:
        """Only the people named may see it."""
        return bool(self.restricted_to)


def exit_length(agreement: Agreement) -> Period | None:
    """How long leaving takes: as the exit plan says, else as it was stated; None where nobody has said."""
    return agreement.exit.length if agreement.exit else agreement.exit_plan


def is_leaving(agreement: Agreement) -> bool:
    """Whether its exit has started."""
    return agreement.exit is not None and agreement.exit.is_started


def first_day(agreement: Agreement) -> date | None:
    """The effective day; where it is unknown the signing day (``effective-assumed``); None where both are."""
    return agreement.effective_on or agreement.signed_on


def terms_of(agreement: Agreement) -> Terms | None:
    """Join provisions and days to terms, kept beside the provisions; None while no first day is known.

    Raises TermsError when the facts are impossible (DATES.md E1).
    """
    effective_on = first_day(agreement)
    if effective_on is None:
        return None
    provisions, signed_on = agreement.provisions, agreement.signed_on
    kept: Terms | None = getattr(provisions, "_kept", None)
    if kept is None or kept.effective_on != effective_on or kept.signed_on != signed_on:
        provided: dict[str, Any] = {name: getattr(provisions, name) for name in _PROVISIONS}
        kept = renumbered(Terms(effective_on=effective_on, signed_on=signed_on, **provided))
        object.__setattr__(provisions, "_kept", kept)
    return kept


_PROVISIONS = tuple(Provisions.__slots__)
