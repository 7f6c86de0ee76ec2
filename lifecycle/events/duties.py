"""What happens to what hangs on an agreement: obligations, disclosures, assets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lifecycle.events.basics import AgreementEvent, FieldChange


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationAdded(AgreementEvent):
    """A duty with due days was added."""

    obligation_id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationAmended(AgreementEvent):
    """Facts of a duty were changed."""

    obligation_id: str
    because: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationEnded(AgreementEvent):
    """A duty has no more occurrences after ``on``."""

    obligation_id: str
    on: date
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRecorded(AgreementEvent):
    """Something confidential was handed over on ``given_on``; what it was stands with the agreement."""

    disclosure_id: str
    given_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureWithdrawn(AgreementEvent):
    """A disclosure was recorded by mistake and counts for nothing."""

    disclosure_id: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRequested(AgreementEvent):
    """We asked to have a disclosure back, or destroyed, by ``due_on``."""

    disclosure_id: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetAdded:
    """A thing of value entered the register; ``agreements`` cover it."""

    asset_id: str
    name: str
    agreements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetChanged:
    """Facts of an asset were changed."""

    asset_id: str
    because: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged:
    """Who is asked on the other side by a name was named, or is nobody any more."""

    counterparty_id: str
    name: str
    is_named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAdded(AgreementEvent):
    """A document is kept with the agreement; ``sha256`` is of its file, where there is one."""

    document_id: str
    purpose: str
    sha256: str | None = None


OfDuties = (
    ObligationAdded
    | AssetAdded
    | AssetChanged
    | ContactChanged
    | DocumentAdded
    | DisclosureRecorded
    | DisclosureWithdrawn
    | ReturnRequested
    | ObligationAmended
    | ObligationEnded
)
