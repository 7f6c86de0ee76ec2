"""Milestones: dated turning points, derived from an agreement, an obligation or an exit plan.

A milestone is never edited by hand. Its key survives a move of its date; its days come from the
derivation; its cursor says which step of the ladder was taken last. ``lifecycle.milestones.deriving`` makes
the derived half, ``lifecycle.milestones.reconciling`` compares it with the rows, ``store`` keeps both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final, NamedTuple

from lifecycle.counting.derivation import Clause, Reading
from lifecycle.days.dates import Period


class MilestoneKind(StrEnum):
    """The same values in YAML, API, command line and feeds."""

    SIGNATURE = "signature"
    EFFECTIVE = "effective"
    NOTICE_OPENS = "notice-opens"
    NOTICE = "notice"  # opt out: say that it shall not renew
    LEAVING = "leaving"  # end it on a set day
    OPTION = "option"  # opt in: say that it shall renew
    RENEWAL_AGREEMENT = "renewal-agreement"  # sign the next term
    RENEWAL = "renewal"  # it renews by itself
    TERM_END = "term-end"
    CONFIRM_END = "confirm-end"  # a fact is awaited
    SURVIVAL_END = "survival-end"
    RESTRICTION_END = "restriction-end"
    EXIT_START = "exit-start"
    DUE_DILIGENCE = "due-diligence"
    REVIEW = "review"
    AUDIT = "audit"
    EVIDENCE = "evidence"
    FINDING = "finding"
    TRAINING = "training"
    SCREENING = "screening"
    CERTIFICATE = "certificate"
    FEE = "fee"
    REGULATORY_REVIEW = "regulatory-review"
    RETURN = "return"
    DUTY = "duty"
    EXIT_STEP = "exit-step"
    EXIT_TEST = "exit-test"


#: Time passes a marker; nobody owes an outcome.
MARKERS: Final = frozenset(
    {
        MilestoneKind.EFFECTIVE,
        MilestoneKind.NOTICE_OPENS,
        MilestoneKind.RENEWAL,
        MilestoneKind.TERM_END,
        MilestoneKind.SURVIVAL_END,
        MilestoneKind.RESTRICTION_END,
    }
)
#: Days that we set ourselves: by when it is to be signed, how we leave, by when what was found is remedied.
_OUR_OWN: Final = frozenset(
    {MilestoneKind.SIGNATURE, MilestoneKind.FINDING, MilestoneKind.EXIT_STEP, MilestoneKind.EXIT_TEST}
)
#: What follows from papers, of all that is owed under an id that nobody gave: audits and returns, licences.
_OF_PAPERS: Final = frozenset({"audit-right", "audit-notice", "asset", "return"})
#: These end with the term they are about: once it is over nobody can act any more (they are *mooted*).
MOOTED_BY_TERM: Final = frozenset({MilestoneKind.NOTICE, MilestoneKind.OPTION, MilestoneKind.RENEWAL_AGREEMENT})


class MilestoneState(StrEnum):
    """What has become of a milestone."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # somebody has it: quiet until the next stage, still open
    SNOOZED = "snoozed"  # quiet until a day, still open
    DONE = "done"
    DECIDED = "decided"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"  # its reason is gone
    PASSED = "passed"  # a marker whose day is over
    MOOTED = "mooted"  # missed, and its term is over


LIVE: Final = frozenset({MilestoneState.OPEN, MilestoneState.ACKNOWLEDGED, MilestoneState.SNOOZED})
OUTCOMES: Final = frozenset({MilestoneState.DONE, MilestoneState.DECIDED, MilestoneState.WAIVED})


class MilestoneKey(NamedTuple):
    """What a milestone is about; stays the same when its date moves."""

    holder: str  # the id of an agreement, or of a counterparty before there is one
    subject: str  # "term", "n1" (a notice), an obligation's id ...
    kind: MilestoneKind
    cycle: str  # the term's number or the occurrence: "2", "2026-Q3"

    @property
    def has_document(self) -> bool:
        """Whether its day stands in a document, or follows from one, and can be compared with it.

        What a checklist, an exit plan or a finding brings (``training.handbook``) is of our own making.
        """
        return has_document(self.kind, self.subject)


def has_document(kind: MilestoneKind, subject: str) -> bool:
    """The same of a milestone of *kind* that comes from *subject*."""
    head, dot, _ = subject.partition(".")
    return kind not in _OUR_OWN and (not dot or head in _OF_PAPERS)


class Cursor(NamedTuple):
    """A place on the ladder: the step that is raised next, or was raised last."""

    stage: str  # the stage's name, else its ``at``
    step: int  # 0 is the stage's first message
    repeat: int  # 0, or which repetition it is


class Derived(NamedTuple):
    """The answer of the derivation for one key.

    Days are civil days; ``safe_on``, ``nominal_on`` and ``latest_on`` are in ``reading``.
    """

    key: MilestoneKey
    is_deadline: bool
    reading: Reading
    target_on: date  # safe_on less the playbook's buffer; equal to safe_on for a marker
    name: str = ""  # of an obligation, a surviving duty, a restriction
    side: str = "ours"  # who has to act: ours, theirs
    opens_on: date | None = None  # first day on which the act counts
    cutoff: time | None = None  # beside safe_on, in the agreement's zone; moves no day
    then: Period | None = None  # what it renews for, if nobody acts (or if somebody does)
    then_on: date | None = None  # when the consequence takes effect
    over_on: date | None = None  # the subject's last day; after it the milestone is mooted
    owner_id: str | None = None  # of an obligation with an owner of its own
    clause: Clause | None = None
    is_pinned: bool = False  # a person set the day over the computed one

    @property
    def safe_on(self) -> date:
        """The last safe day."""
        return self.reading.safe_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A followed milestone: the stored answer of the derivation, its state and its cursor.

    ``generation`` grows with any change but a cursor move: it fences deliveries. ``revision`` grows when what
    readers were told no longer holds: links and buttons carry it.
    """

    id: str
    key: MilestoneKey
    is_deadline: bool
    state: MilestoneState
    safe_on: date
    target_on: date
    nominal_on: date
    latest_on: date
    revision: int
    generation: int
    armed_on: date  # born, moved or reopened on this day: stages before it are past
    playbook: str
    playbook_version: int
    next_step_at: datetime | None  # None when ended; live deadlines always have one
    cursor: Cursor | None  # the step that was raised last; None before the first
    is_final: bool = False  # the ladder's last step was raised: asked every five business days until an outcome
    name: str = ""
    side: str = "ours"
    opens_on: date | None = None
    cutoff: time | None = None
    then: Period | None = None
    then_on: date | None = None
    over_on: date | None = None
    owner_id: str | None = None  # assigned to the milestone; None: the agreement's owner
    backup_id: str | None = None
    handed_over_by_id: str | None = None  # who had it before: asked too, until the new owner acknowledges
    clause: Clause | None = None
    missed_at: datetime | None = None
    acknowledged_until_at: datetime | None = None
    snoozed_until_at: datetime | None = None
    snooze_limit_at: datetime | None = None
    outcome: Outcome | None = None
    decision: Decision | None = None
    acknowledged: Answer | None = None
    snoozed: Answer | None = None  # who quieted it last until a day
    verified: Answer | None = None
    proposed: Proposed | None = None
    is_pinned: bool = False

    @property
    def is_unverified(self) -> bool:
        """Whether nobody has compared its day with the document, where there is one."""
        return self.verified is None and self.key.has_document

    @property
    def taken_at(self) -> datetime | None:
        """When somebody acknowledged it, put it off or decided it last; None if nobody did."""
        answers = (self.acknowledged, self.snoozed, self.decision)
        return max((one.at for one in answers if one is not None), default=None)

    @property
    def is_live(self) -> bool:
        """Open, acknowledged or snoozed."""
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class Answer:
    """Who said so, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What ended a deadline."""

    kind: MilestoneState  # done, decided or waived
    on: date
    by: str
    at: datetime
    evidence: str = ""  # of *done*: a file, a link or a sentence
    reason: str = ""  # of *waived*


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A choice; whether it closes the deadline is in ``lifecycle.milestones.deciding``."""

    choice: str
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Later days that a changed calendar gives; they wait until a person accepts them."""

    safe_on: date
    target_on: date
    nominal_on: date
    latest_on: date
    because: str
