"""What happens to an agreement: its life, from the register to the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lifecycle.events.basics import AgreementEvent, FieldChange


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRegistered(AgreementEvent):
    """It entered the register; ``status`` follows from its facts."""

    reference: str
    status: str
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementAmended(AgreementEvent):
    """Facts of it were changed."""

    version: int
    because: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRequested(AgreementEvent):
    """It was sent out for signature."""

    requested_on: date
    sign_by_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSigned(AgreementEvent):
    """Both sides signed it on ``signed_on``."""

    signed_on: date
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementAbandoned(AgreementEvent):
    """It will never be signed."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CameIntoForce(AgreementEvent):
    """Its effective day has come."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGiven(AgreementEvent):
    """A side said that it will not renew, or terminates."""

    by: str
    sent_on: date
    counts_on: date
    last_on: date
    method: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRevoked(AgreementEvent):
    """The notice was taken back; it renews again."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRenewed(AgreementEvent):
    """Term ``number`` runs, or is certain to run, from ``first_on``."""

    number: int
    first_on: date
    last_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermExpired(AgreementEvent):
    """The last term ended with ``last_on``."""

    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTerminated(AgreementEvent):
    """It was ended with ``last_on`` before its term was over."""

    last_on: date
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalEnded(AgreementEvent):
    """The last surviving duty ended with ``on``."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementArchived(AgreementEvent):
    """It was put aside; what was open was withdrawn."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRestored(AgreementEvent):
    """It was taken back from the archive."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTaken(AgreementEvent):
    """An admin put themself among those who see a restricted agreement; its owner and backup are told."""

    person_id: str
    because: str


OfAgreements = (
    AgreementRegistered
    | AgreementAmended
    | SignatureRequested
    | AgreementSigned
    | AgreementAbandoned
    | CameIntoForce
    | NoticeGiven
    | NoticeRevoked
    | TermRenewed
    | TermExpired
    | AgreementTerminated
    | SurvivalEnded
    | AgreementArchived
    | AgreementRestored
    | AccessTaken
)
