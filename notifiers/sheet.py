"""The facts of a message, before any channel has laid them out.

Wording makes sentences of a sheet, a notifier composes bytes of it. It holds values only, and nothing of a channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecycle.delivery import DeliveryKind
from lifecycle.milestones.milestone import has_document

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from lifecycle.agreements.agreement import Money
    from lifecycle.counting.derivation import Clause, DerivationStep, Sensitivity
    from lifecycle.days.dates import Period
    from lifecycle.milestones.milestone import Answer, Decision, MilestoneKind, MilestoneState
    from notifiers.words.requesting import AskedFor


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: one address in one channel."""

    address: str
    name: str = ""
    person_id: str | None = None
    time_zone: str = "UTC"
    is_external: bool = False  # a counterparty's contact


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next if nobody acts."""

    on: date
    audience: tuple[str, ...]  # names, as people read them


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A milestone as facts: everything that any surface may say of it.

    ``why`` are the steps of its derivation, in their order; empty where a surface shows no reason.
    """

    milestone_id: str
    agreement_id: str
    reference: str
    title: str
    counterparty: str
    kind: MilestoneKind
    cycle: str
    is_deadline: bool
    safe_on: date
    target_on: date
    nominal_on: date
    latest_on: date
    time_zone: str
    revision: int = 0
    side: str = "ours"
    subject: str = ""  # of the key: what it comes from
    name: str = ""  # of an obligation, a surviving duty, a restriction
    proof: str = ""  # what proves that it was done, where that is said
    cutoff: time | None = None
    opens_on: date | None = None
    then: Period | None = None
    then_on: date | None = None
    over_on: date | None = None
    value: Money | None = None
    owner: str = ""
    backup: str = ""
    clause: Clause | None = None
    why: tuple[DerivationStep, ...] = ()
    assumptions: tuple[str, ...] = ()  # codes of lifecycle.counting.derivation.ASSUMPTIONS
    sensitivities: tuple[Sensitivity, ...] = ()  # what would move the day; largest first
    decision: Decision | None = None
    acknowledged: Answer | None = None
    is_verified: bool = False
    is_pinned: bool = False
    is_restricted: bool = False
    url: str = ""
    answers: tuple[tuple[str, str], ...] = ()  # what the reader may answer, and the link to it

    @property
    def is_unverified(self) -> bool:
        """Whether nobody has compared the day with the document, where there is one."""
        return not self.is_verified and has_document(self.kind, self.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """How a deadline goes into its reader's own calendar, or out of it (CALENDAR.md section 7)."""

    is_cancelled: bool = False
    has_buttons: bool = True  # False: it is published, and nobody is asked to come
    sequence: int = 0  # counts the messages composed for this deadline and this reader
    instance: str  # this installation's own random name: the UIDs come from it
    subject: str  # of the deadline's key


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What has become of a deadline since a message told of it: what the message shows when it is shown anew."""

    state: MilestoneState
    by: str = ""  # who answered last
    at: datetime | None = None
    until_at: datetime | None = None  # quiet until then
    on: date | None = None  # of an outcome
    note: str = ""  # evidence, reason, or what was decided


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSheet:
    """One message, before any layout (INTERFACE.md M1).

    ``deadlines`` holds one for a step, many for a digest. ``stage_number`` of ``stage_count`` says how far the
    ladder is.
    """

    delivery_id: str
    kind: DeliveryKind
    recipient: Recipient
    today: date  # in the agreement's zone, for a digest in the recipient's
    composed_at: datetime
    deadlines: tuple[Deadline, ...]
    organisation: str = ""
    base_url: str = ""
    is_outsider: bool = False  # a restricted agreement and a reader outside it: reference, day, nothing else
    stage: str = ""
    stage_number: int = 0
    stage_count: int = 0
    require: str = "acknowledgement"
    urgency: str = "interrupt"
    is_escalation: bool = False
    silent_since_on: date | None = None  # an escalation names the silence
    is_late: bool = False
    skipped: int = 0
    next_steps: tuple[NextStep, ...] = ()
    heading: str = ""  # of a digest or an incident: "New in your register"
    text: str = ""  # of an incident, a test, or beside the rows of a digest: sentences already written
    moved_from_on: date | None = None  # of a *changed* message
    is_resumed: bool = False  # of a *changed* message: it was put off until now
    is_restored: bool = False  # of a *changed* message: it was said to be due no longer
    standing: Standing | None = None  # of a message that is shown anew; None at its first offer
    can_snooze: bool = True  # false where the last safe day is too near
    ahead: tuple[int, date | None] | None = None  # of an "all quiet" digest: how many, and the next day
    overdue: int = 0  # of the same: how many are, though nothing was said of them
    silent: int = 0  # of these: how many came too long after their day for anybody to be reminded
    gaps: tuple[str, ...] = ()  # of a digest: what is missing in the register, in sentences
    unsubscribe_url: str = ""  # of a digest that can be switched off
    invite: Invite | None = None  # of an invitation
    asked: AskedFor | None = None  # of a request
