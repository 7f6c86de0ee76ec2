"""Evidence: reports and proofs of the other side, asked for, received, looked at, accepted for a while.

Every change of state is in ``ALLOWED``. A report covers a span; what no report covers is a gap
(``lifecycle.obligations.coverage``). What is accepted holds until a day, on which the next one is due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from lifecycle.days.dates import Period, after
from lifecycle.days.years import must_be_within
from lifecycle.errors import LifecycleError

_OWN: Final = "evidence-request."
NEXT: Final = ".next"  # how the ids of those end that follow from an accepted one
_YEAR: Final = Period(months=12)


class EvidenceKind(StrEnum):
    """What sort of proof it is."""

    SOC2_TYPE_1 = "soc2-type-1"
    SOC2_TYPE_2 = "soc2-type-2"
    BRIDGE_LETTER = "bridge-letter"
    ISO_27001 = "iso-27001"
    PENETRATION_TEST = "penetration-test"
    DPA_QUESTIONNAIRE = "dpa-questionnaire"
    OTHER = "other"


#: How people say it.
NAMES: Final[Mapping[EvidenceKind, str]] = {
    EvidenceKind.SOC2_TYPE_1: "SOC 2 Type I report",
    EvidenceKind.SOC2_TYPE_2: "SOC 2 Type II report",
    EvidenceKind.BRIDGE_LETTER: "SOC 2 bridge letter",
    EvidenceKind.ISO_27001: "ISO 27001 certificate",
    EvidenceKind.PENETRATION_TEST: "Penetration test report",
    EvidenceKind.DPA_QUESTIONNAIRE: "Data protection questionnaire",
    EvidenceKind.OTHER: "Evidence",
}


class EvidenceState(StrEnum):
    """How far it is."""

    ASKED = "asked"
    RECEIVED = "received"
    UNDER_REVIEW = "under_review"
    FINDINGS = "findings"  # what was found has to be remedied first
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"  # nobody wants it any more


class EvidenceAct(StrEnum):
    """What is done with it; the values are how it is said."""

    ASK = "be asked for again"
    RECEIVE = "be received"
    REVIEW = "be reviewed"
    FIND = "have a finding"
    ACCEPT = "be accepted"
    WITHDRAW = "be withdrawn"


_S, _A = EvidenceState, EvidenceAct
_ARRIVED: Final = frozenset({_S.RECEIVED, _S.UNDER_REVIEW, _S.FINDINGS})
#: What may be done from which states.
ALLOWED: Final[Mapping[EvidenceAct, frozenset[EvidenceState]]] = {
    _A.ASK: frozenset({_S.ASKED, *_ARRIVED}),
    _A.RECEIVE: frozenset({_S.ASKED, *_ARRIVED}),
    _A.REVIEW: frozenset({_S.RECEIVED, _S.FINDINGS}),
    _A.FIND: _ARRIVED,
    _A.ACCEPT: _ARRIVED,
    _A.WITHDRAW: frozenset({_S.ASKED, *_ARRIVED}),
}


class EvidenceRefused(LifecycleError):
    """Something that cannot be done with a report or a request for one."""

    code = "refused"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom we ask at the other side."""

    email: str
    name: str = ""

    @property
    def label(self) -> str:
        """``Ada Acme (ada@acme.example)``, or the address alone."""
        return f"{self.name} ({self.email})" if self.name else self.email


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRequest:
    """A report or a proof, from the day on which it was asked for or came by itself.

    It answers the deadline of the obligation *subject* in *cycle*. *documents* are the ids of what came, the newest
    last. Of an upload link only the SHA-256 of its token is known; it works until *link_until*.
    """

    id: str
    agreement_id: str
    kind: EvidenceKind
    what: str  # in words: "SOC 2 Type II report"
    state: EvidenceState
    subject: str
    cycle: str
    due_on: date
    contact: Contact | None = None  # None: nobody was asked
    asked_on: date | None = None
    asked_by: str = ""
    mailed_at: datetime | None = None  # when the last mail to the contact leaves
    covers_from: date | None = None
    covers_until: date | None = None
    received_on: date | None = None
    accepted_on: date | None = None
    accepted_until: date | None = None
    documents: tuple[str, ...] = ()
    note: str = ""
    link_sha256: str | None = None
    link_until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is still to come of it."""
        return self.state not in {EvidenceState.ACCEPTED, EvidenceState.WITHDRAWN}

    @property
    def has_own_duty(self) -> bool:
        """Whether its deadline was made for it, and belongs to nothing else."""
        return self.subject.startswith(_OWN)

    def is_reachable(self, now: datetime) -> bool:
        """Whether its upload link works at *now*."""
        return self.is_open and self.link_until is not None and now < self.link_until


def own_subject(request_id: str) -> str:
    """The id of the obligation of a request that answers no other one."""
    return f"{_OWN}{request_id}"


def is_asked_for(subject: str) -> bool:
    """Whether the obligation with this id is to have what somebody has asked for; what is due next by itself is not."""
    return subject.startswith(_OWN) and not subject.endswith(NEXT)


def must_be_possible(request: EvidenceRequest, act: EvidenceAct) -> None:
    """Raises EvidenceRefused where *act* is not possible in its state."""
    if request.state not in ALLOWED[act]:
        stands = request.state.value.replace("_", " ")
        raise EvidenceRefused(f"{request.what} is {stands}: it cannot {act.value}.", remedy=_remedy(request))


def must_be_orderly(covers_from: date | None, covers_until: date | None) -> None:
    """Raises EvidenceRefused for a span that ends before it begins, DayOutOfRange for one that no calendar knows."""
    must_be_within(covers_from, covers_until)
    if covers_from is not None and covers_until is not None and covers_until < covers_from:
        raise EvidenceRefused(
            f"The span that it covers ends on {covers_until}, before it begins.", remedy="Exchange the two days."
        )


def holds_until(request: EvidenceRequest, accepted_on: date, every: Period | None = None) -> date | None:
    """Until when it is good if nobody says so, and so when the next one is due; None for what need not come again.

    A bridge letter holds as long as what it covers, everything else *every* (a year) from the end of its span on.
    """
    if request.kind is EvidenceKind.BRIDGE_LETTER and request.covers_until is not None:
        return max(request.covers_until, accepted_on)
    if request.kind is EvidenceKind.OTHER and every is None:
        return None
    return max(after(request.covers_until or accepted_on, every or _YEAR), accepted_on)


def _remedy(request: EvidenceRequest) -> str:
    match request.state:
        case EvidenceState.ASKED:
            return "Wait until it is there, or receive it."
        case EvidenceState.ACCEPTED | EvidenceState.WITHDRAWN:
            return "Ask anew."
        case _:
            return "Look at where it stands."
