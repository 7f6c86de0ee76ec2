"""Events: what has happened, in the past tense, one frozen value each.

Events are the permanent log. Every event has a reaction (``engine.reactions``) and stands in the documentation;
what it carries is enough to tell the story again, and holds no text of an agreement beyond its register facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it and through what: ``olga@example.com`` by ``cli``, ``longstop`` by ``clock``."""

    name: str
    channel: str = "cli"


#: Time itself, and what follows from it.
CLOCK = Actor("longstop", "clock")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementEvent:
    """Something that happened to one agreement."""

    agreement_id: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, as people write it."""

    field: str
    before: str | None
    after: str | None


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
class DocumentAdded(AgreementEvent):
    """A document is kept with the agreement; ``sha256`` is of its file, where there is one."""

    document_id: str
    purpose: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestonesReplanned(AgreementEvent):
    """The milestones were derived again; ids of what changed, and from which day to which."""

    added: tuple[str, ...] = ()
    moved: tuple[tuple[str, date, date], ...] = ()
    withdrawn: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneEvent(AgreementEvent):
    """Something that happened to one milestone."""

    milestone_id: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneAcknowledged(MilestoneEvent):
    """Somebody has it; quiet until ``until_at``. ``is_noted``: the stage asks for more, so nothing is quiet."""

    until_at: datetime | None
    is_noted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneSnoozed(MilestoneEvent):
    """Quiet until ``until_at``."""

    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneDone(MilestoneEvent):
    """The act was done on ``on``; ``evidence`` shows it."""

    on: date
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneDecided(MilestoneEvent):
    """A choice was made; ``is_closing`` when it leaves no duty."""

    choice: str
    is_closing: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneWaived(MilestoneEvent):
    """Nobody has to act, for a reason."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneUndone(MilestoneEvent):
    """An acknowledgement or a snooze was taken back, or its time came."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneReopened(MilestoneEvent):
    """An outcome was taken back."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneAssigned(MilestoneEvent):
    """Somebody else answers for it now."""

    owner_id: str | None
    backup_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneVerified(MilestoneEvent):
    """A person compared the facts with the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestonePinned(MilestoneEvent):
    """A person set the day against the computation."""

    on: date
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAccepted(MilestoneEvent):
    """A later day, given by a changed calendar, was accepted."""

    old_on: date
    new_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneMissed(MilestoneEvent):
    """The last safe day went by without an outcome."""

    safe_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneMooted(MilestoneEvent):
    """It was missed, and now its term is over: nobody can act any more."""

    over_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRaised(MilestoneEvent):
    """A step of the ladder was taken: ``deliveries`` messages were put into the outbox."""

    safe_on: date
    stage: str
    step: int
    repeat: int
    deliveries: tuple[str, ...]
    skipped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEvent:
    """The end of one message's way."""

    delivery_id: str
    agreement_id: str | None
    milestone_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAccepted(DeliveryEvent):
    """The channel took it."""

    channel: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDelivered(DeliveryEvent):
    """The channel confirmed that it reached the recipient."""

    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(DeliveryEvent):
    """The channel refused it for good."""

    channel: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryExpired(DeliveryEvent):
    """Its time was over before it could leave."""

    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookProposed:
    """A version concerns so many agreements that a second person has to apply it; nothing has changed yet."""

    playbook: str
    sha256: str
    agreements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookApplied:
    """Version ``version`` of a playbook holds from now on."""

    playbook: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged:
    """The business days of a calendar changed."""

    calendar: str
    old_digest: str
    new_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportApplied:
    """A spreadsheet was taken in."""

    batch: str
    file_sha256: str
    created: int
    amended: int
    unchanged: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndone:
    """An import was taken back, as far as nobody has changed its agreements since."""

    batch: str
    undone: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded:
    """Somebody can own agreements and get messages now."""

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged:
    """Facts of a person were changed."""

    person_id: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDisabled:
    """Somebody left: nothing is sent to them any more."""

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSet:
    """Somebody has a password, the first or another; all their other sessions are over."""

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCreated:
    """A program may act for somebody, as far as ``scopes`` go, to the end of a day."""

    token_id: str
    person_id: str
    scopes: tuple[str, ...]
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked:
    """A token opens nothing any more."""

    token_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSet:
    """Somebody will be away; a delegate is asked ``instead`` or ``also``."""

    absence_id: str
    person_id: str
    delegate_id: str
    mode: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceEnded:
    """Somebody is back, or their absence was called off."""

    absence_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceSet:
    """Nothing but what is critical is told of some deadlines for a while. The search and the reason stay in its row."""

    silence_id: str
    mode: str
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceEnded:
    """A silence is over, or was called off; what it held leaves."""

    silence_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCreated:
    """Somebody subscribes to deadlines: a feed, and its first address."""

    feed_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChanged:
    """Settings of a feed were changed; its address stays."""

    feed_id: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRotated:
    """A feed got a new address; the old one has ended."""

    feed_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRevoked:
    """A feed has ended for good: ``revoked``, or ``disabled`` with its person."""

    feed_id: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened:
    """Something went wrong that people must know of."""

    incident_id: str
    kind: str
    subject: str
    agreement_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClosed:
    """What went wrong is mended."""

    incident_id: str
    because: str


Event = (
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
    | ObligationAdded
    | AssetAdded
    | AssetChanged
    | DocumentAdded
    | DisclosureRecorded
    | DisclosureWithdrawn
    | ObligationAmended
    | ObligationEnded
    | MilestonesReplanned
    | MilestoneAcknowledged
    | MilestoneSnoozed
    | MilestoneDone
    | MilestoneDecided
    | MilestoneWaived
    | MilestoneUndone
    | MilestoneReopened
    | MilestoneAssigned
    | MilestoneVerified
    | MilestonePinned
    | MoveAccepted
    | MilestoneMissed
    | MilestoneMooted
    | StepRaised
    | DeliveryAccepted
    | DeliveryDelivered
    | DeliveryFailed
    | DeliveryExpired
    | PlaybookProposed
    | PlaybookApplied
    | CalendarChanged
    | ImportApplied
    | ImportUndone
    | PersonAdded
    | PersonChanged
    | PersonDisabled
    | PasswordSet
    | TokenCreated
    | TokenRevoked
    | AbsenceSet
    | AbsenceEnded
    | SilenceSet
    | SilenceEnded
    | FeedCreated
    | FeedChanged
    | FeedRotated
    | FeedRevoked
    | IncidentOpened
    | IncidentClosed
)
