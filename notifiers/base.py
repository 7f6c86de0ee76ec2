"""What the engine knows of a channel, and what a channel is told.

A notifier composes a message from facts (pure), sends what was composed, and says what it knows of the outcome.
It never touches the database. ``still_ours`` is asked last before the first byte leaves: false means release.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from lifecycle.delivery import DeliveryKind, NotSent

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime, time

    from lifecycle.agreement import Money
    from lifecycle.dates import Period
    from lifecycle.delivery import SendResult
    from lifecycle.derivation import Clause, DerivationStep, Sensitivity
    from lifecycle.milestones import Decision, MilestoneKind, MilestoneState
    from lifecycle.pacing import Pace
    from lifecycle.reports import Reports
    from notifiers.words.requesting import AskedFor


#: The two ways of which the law itself speaks: the other side is written to by mail (P2), which also carries
#: invitations, and programs are called (W1). No other channel is known by its name.
MAIL: Final = "email"
WEBHOOK: Final = "webhook"


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
    name: str = ""  # of an obligation, a surviving duty, a restriction
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
    assumptions: tuple[str, ...] = ()  # codes of lifecycle.derivation.ASSUMPTIONS
    sensitivities: tuple[Sensitivity, ...] = ()  # what would move the day; largest first
    decision: Decision | None = None
    is_verified: bool = False
    is_pinned: bool = False
    is_restricted: bool = False
    url: str = ""
    answers: tuple[tuple[str, str], ...] = ()  # what the reader may answer, and the link to it


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
    standing: Standing | None = None  # of a message that is shown anew; None at its first offer
    can_snooze: bool = True  # false where the last safe day is too near
    ahead: tuple[int, date | None] | None = None  # of an "all quiet" digest: how many, and the next day
    gaps: tuple[str, ...] = ()  # of a digest: what is missing in the register, in sentences
    unsubscribe_url: str = ""  # of a digest that can be switched off
    invite: Invite | None = None  # of an invitation
    asked: AskedFor | None = None  # of a request


@dataclass(frozen=True, slots=True)
class Frozen:
    """A composed message, ready to leave byte for byte; the same bytes at every attempt."""

    subject: str
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a notifier is handed to send, and later to find."""

    delivery_id: str
    address: str
    frozen: Frozen
    known_as: str = ""  # the channel's own name for the address, learnt at an earlier message
    reply_to: str = ""  # the ref of the message under which it stands; "": on its own


@dataclass(frozen=True, slots=True)
class Found:
    """The channel has the message."""

    ref: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The channel certainly does not have it."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The channel cannot be asked, or did not answer."""

    why: str


FindResult = Found | Absent | CannotTell


@dataclass(frozen=True, slots=True)
class Shown:
    """The message reads anew."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The message cannot be shown anew, now or later."""

    why: str


UpdateResult = Shown | Gone | NotSent


class Action(StrEnum):
    """What a channel is asked to do, for its pace."""

    SEND = "send"
    FIND = "find"
    UPDATE = "update"


class Acquainted(Protocol):
    """A ``Notifier`` that knows who is still there. One that has no such method is not asked."""

    def has_left(self, address: str, known_as: str) -> bool | None:
        """Whether whoever is behind an address has left; None if the channel does not say."""


class NotRead(Exception):
    """What a channel says later could not be read now; its text says why."""


class Reporting(Protocol):
    """A ``Notifier`` that hears later what became of messages that it took. One that has no such method is not asked.

    There an acceptance does not prove that an address is good.
    """

    @property
    def has_reports(self) -> bool:
        """Whether it is set up to hear."""

    def reports(self, mark: str, now: datetime) -> Reports:
        """What came in behind *mark*, its own ("" at first). Raises NotRead."""


class Wordless(Protocol):
    """A ``Notifier`` that says the same whatever has happened, as a bell does: no facts are gathered for it."""

    @property
    def always(self) -> Frozen:
        """What it says."""


class Notifier(Protocol):
    """A channel. Adding one is one module with this shape and one line in ``cli/bootstrap.py``."""

    @property
    def name(self) -> str:
        """The channel's name, as playbooks write it: ``email``, ``slack``, ``console``."""

    @property
    def can_find(self) -> bool:
        """Whether ``find`` can ever answer *Found* or *Absent*."""

    @property
    def has_rooms(self) -> bool:
        """Whether an address may be a room: who reads there, nobody knows, so nothing restricted is said there."""

    @property
    def knows_copies(self) -> bool:
        """Whether a second copy is known as the first's, so that in doubt the same bytes may be offered again."""

    @property
    def shares_fate(self) -> bool:
        """Whether one server stands behind all addresses, so that its failures with some tell of the others."""

    def compose(self, facts: FactSheet) -> Frozen:
        """Lay the facts out. Pure: the same facts give the same bytes."""

    def send(self, outgoing: Outgoing, still_ours: Callable[[], bool]) -> SendResult:
        """Hand the message to the channel. Raises nothing: what is unforeseen is *InDoubt*."""

    def find(self, outgoing: Outgoing, since_at: datetime) -> FindResult:
        """Ask the channel whether it has the message."""

    @property
    def can_update(self) -> bool:
        """Whether a message can be shown anew after it was sent."""

    def update(self, ref: str, frozen: Frozen) -> UpdateResult:
        """Show the message *ref* anew. Raises nothing; doing it twice is the same as once."""

    def paces(self, action: Action, address: str) -> tuple[Pace, ...]:
        """How often it may be asked, the widest first: when the channel says that it was too often, that one waits."""

    def close(self) -> None:
        """Let go of connections."""


class OneWay:
    """What a channel inherits that shows nothing anew, has no rooms and may be asked at any pace."""

    @property
    def has_rooms(self) -> bool:
        return False

    @property
    def knows_copies(self) -> bool:
        return True

    @property
    def shares_fate(self) -> bool:
        return True

    @property
    def can_update(self) -> bool:
        return False

    def update(self, ref: str, frozen: Frozen) -> UpdateResult:  # noqa: ARG002 - the protocol's shape
        """Nothing that was sent is shown anew."""
        return Gone("this channel cannot show a message anew")

    def paces(self, action: Action, address: str) -> tuple[Pace, ...]:  # noqa: ARG002 - the protocol's shape
        """As often as there is something to say."""
        return ()
