"""Events: what has happened, in the past tense, one frozen value each.

Events are the permanent log. Every event has a reaction (``engine.reactions``) and stands in the documentation;
what it carries is enough to tell the story again, and holds no text of an agreement beyond its register facts.

One module for each subject; all are asked for here.
"""

from lifecycle.events.agreements import (
    AccessTaken,
    AgreementAbandoned,
    AgreementAmended,
    AgreementArchived,
    AgreementRegistered,
    AgreementRestored,
    AgreementSigned,
    AgreementTerminated,
    CameIntoForce,
    NoticeGiven,
    NoticeRevoked,
    OfAgreements,
    SignatureRequested,
    SurvivalEnded,
    TermExpired,
    TermRenewed,
)
from lifecycle.events.audits import (
    AuditFindingRecorded,
    AuditFindingRetested,
    AuditRightAdded,
    AuditRightEnded,
    EvidenceAccepted,
    EvidenceReceived,
    EvidenceRequested,
    EvidenceReviewed,
    EvidenceWithdrawn,
    OfAudits,
)
from lifecycle.events.basics import (
    CLOCK,
    Actor,
    AgreementEvent,
    FieldChange,
)
from lifecycle.events.deliveries import (
    DeliveryAccepted,
    DeliveryDelivered,
    DeliveryEvent,
    DeliveryExpired,
    DeliveryFailed,
    OfDeliveries,
)
from lifecycle.events.duties import (
    AssetAdded,
    AssetChanged,
    ContactChanged,
    DisclosureRecorded,
    DisclosureWithdrawn,
    DocumentAdded,
    ObligationAdded,
    ObligationAmended,
    ObligationEnded,
    OfDuties,
    ReturnRequested,
)
from lifecycle.events.exits import (
    ExitPlanned,
    ExitStarted,
    ExitStopped,
    ExitTested,
    ExitTestPlanned,
    OfExits,
)
from lifecycle.events.feeds import (
    FeedChanged,
    FeedCreated,
    FeedRevoked,
    FeedRotated,
    OfFeeds,
)
from lifecycle.events.incidents import (
    IncidentClosed,
    IncidentOpened,
    OfIncidents,
)
from lifecycle.events.milestones import (
    MilestoneAcknowledged,
    MilestoneAssigned,
    MilestoneDecided,
    MilestoneDone,
    MilestoneEvent,
    MilestoneMissed,
    MilestoneMooted,
    MilestonePinned,
    MilestoneReopened,
    MilestoneSnoozed,
    MilestonesReplanned,
    MilestoneUndone,
    MilestoneVerified,
    MilestoneWaived,
    MoveAccepted,
    OfMilestones,
    StepRaised,
)
from lifecycle.events.people import (
    AbsenceEnded,
    AbsenceSet,
    OfPeople,
    PasswordSet,
    PersonAdded,
    PersonChanged,
    PersonDisabled,
    SilenceEnded,
    SilenceSet,
    TokenCreated,
    TokenRevoked,
)
from lifecycle.events.proof import (
    EvidencePackMade,
    FindingAccepted,
    FindingReopened,
    OfProof,
)
from lifecycle.events.rules import (
    CalendarChanged,
    ImportApplied,
    ImportUndone,
    OfRules,
    PlaybookApplied,
    PlaybookProposed,
)

Event = (
    OfAgreements
    | OfDuties
    | OfAudits
    | OfExits
    | OfMilestones
    | OfDeliveries
    | OfRules
    | OfPeople
    | OfFeeds
    | OfIncidents
    | OfProof
)

__all__ = [
    "CLOCK",
    "AbsenceEnded",
    "AbsenceSet",
    "AccessTaken",
    "Actor",
    "AgreementAbandoned",
    "AgreementAmended",
    "AgreementArchived",
    "AgreementEvent",
    "AgreementRegistered",
    "AgreementRestored",
    "AgreementSigned",
    "AgreementTerminated",
    "AssetAdded",
    "AssetChanged",
    "AuditFindingRecorded",
    "AuditFindingRetested",
    "AuditRightAdded",
    "AuditRightEnded",
    "CalendarChanged",
    "CameIntoForce",
    "ContactChanged",
    "DeliveryAccepted",
    "DeliveryDelivered",
    "DeliveryEvent",
    "DeliveryExpired",
    "DeliveryFailed",
    "DisclosureRecorded",
    "DisclosureWithdrawn",
    "DocumentAdded",
    "Event",
    "EvidenceAccepted",
    "EvidencePackMade",
    "EvidenceReceived",
    "EvidenceRequested",
    "EvidenceReviewed",
    "EvidenceWithdrawn",
    "ExitPlanned",
    "ExitStarted",
    "ExitStopped",
    "ExitTestPlanned",
    "ExitTested",
    "FeedChanged",
    "FeedCreated",
    "FeedRevoked",
    "FeedRotated",
    "FieldChange",
    "FindingAccepted",
    "FindingReopened",
    "ImportApplied",
    "ImportUndone",
    "IncidentClosed",
    "IncidentOpened",
    "MilestoneAcknowledged",
    "MilestoneAssigned",
    "MilestoneDecided",
    "MilestoneDone",
    "MilestoneEvent",
    "MilestoneMissed",
    "MilestoneMooted",
    "MilestonePinned",
    "MilestoneReopened",
    "MilestoneSnoozed",
    "MilestoneUndone",
    "MilestoneVerified",
    "MilestoneWaived",
    "MilestonesReplanned",
    "MoveAccepted",
    "NoticeGiven",
    "NoticeRevoked",
    "ObligationAdded",
    "ObligationAmended",
    "ObligationEnded",
    "PasswordSet",
    "PersonAdded",
    "PersonChanged",
    "PersonDisabled",
    "PlaybookApplied",
    "PlaybookProposed",
    "ReturnRequested",
    "SignatureRequested",
    "SilenceEnded",
    "SilenceSet",
    "StepRaised",
    "SurvivalEnded",
    "TermExpired",
    "TermRenewed",
    "TokenCreated",
    "TokenRevoked",
]
