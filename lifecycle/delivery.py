"""One message to one recipient through one channel: its states and what a channel may answer.

The table says which change of state is possible, and a simulation holds every store and sender to it; ``backoff`` says
when the next try is. Nothing here speaks to a channel or a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple


class DeliveryState(StrEnum):
    """Where a message is on its way."""

    PENDING = "pending"  # leaves at next_attempt_at
    HELD = "held"  # waits for its digest, or for a release
    SENDING = "sending"  # somebody holds its token
    IN_DOUBT = "in_doubt"  # the channel may or may not have it
    ACCEPTED = "accepted"  # the channel has it
    DELIVERED = "delivered"  # the channel says that it arrived
    FAILED = "failed"
    CANCELLED = "cancelled"  # no longer wanted
    EXPIRED = "expired"  # too late to be of use
    BUNDLED = "bundled"  # part of a digest


#: Why a message is in doubt whose sender was killed: it says nothing of its channel.
SENDER_GONE: Final = "the sender was gone before it could say"
DAY_GONE: Final = "the day has moved or its reason is gone"  # why a message was withdrawn that had not left
DAY_MOVED: Final = "the day has moved"  # the same, found at its gate


def over(state: str) -> str:
    """Why a message was withdrawn whose deadline is in *state*, which is an end."""
    return f"the deadline is {state}"


#: Whoever was to be told, and was not for one of these reasons, is asked again when the same day is due again.
UNHEARD: Final = frozenset({DAY_GONE, DAY_MOVED, *map(over, ("withdrawn", "done", "decided", "waived"))})

_D = DeliveryState
WAITING: Final = frozenset({_D.PENDING, _D.HELD, _D.IN_DOUBT})
UNSENT: Final = (_D.PENDING, _D.HELD)  # has not begun to leave: whatever ends its reason withdraws it
ARRIVED: Final = frozenset({_D.ACCEPTED, _D.DELIVERED})
LOST: Final = frozenset({_D.FAILED, _D.CANCELLED, _D.EXPIRED})  # nobody was reached by it
FINAL: Final = ARRIVED | LOST | {_D.BUNDLED}

#: from -> where it may go. A delivery is born pending or held (DELIVERY.md M3); one that a silence drops, cancelled;
#: a test that a person waits for, in the hands of its sender.
DELIVERY_TRANSITIONS: Final[Mapping[DeliveryState, frozenset[DeliveryState]]] = {
    _D.PENDING: frozenset({_D.SENDING, _D.HELD, _D.CANCELLED, _D.EXPIRED}),
    _D.HELD: frozenset({_D.BUNDLED, _D.PENDING, _D.CANCELLED, _D.EXPIRED}),
    _D.SENDING: frozenset({_D.PENDING, _D.HELD, _D.CANCELLED, _D.EXPIRED, _D.ACCEPTED, _D.FAILED, _D.IN_DOUBT}),
    _D.IN_DOUBT: frozenset({_D.SENDING, _D.PENDING}),  # pending: a person takes it for lost
    _D.ACCEPTED: frozenset({_D.DELIVERED, _D.FAILED}),
    _D.FAILED: frozenset({_D.PENDING}),  # a person has mended what was wrong
    _D.BUNDLED: frozenset({_D.PENDING}),
}


class Held(StrEnum):
    """What a held message waits for; anything else that stands there is the word of a person, or of shadow mode."""

    DIGEST = "waits for its digest"
    NEW = "new in the register"
    TOGETHER = "leaves with others"
    SILENCED = "silenced"  # the silence's id follows


class Change(StrEnum):
    """What a *changed* message tells: it stands in its name."""

    MOVED = "moved"
    ASSIGNED = "assigned"  # this deadline
    OWNER = "owner"  # the whole agreement is somebody else's
    RESUMED = "resumed"  # the day has come until which somebody put it off
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"  # it was said to be due no longer, and is due again


class DeliveryKind(StrEnum):
    """Why a message was written."""

    STEP = "step"
    CHANGED = "changed"
    DIGEST = "digest"
    INCIDENT = "incident"
    INVITATION = "invitation"  # a deadline for the reader's own calendar; no step and no answer
    REQUEST = "request"  # the other side is asked for something, by us or through whoever passes it on
    TEST = "test"
    EVENT = "event"  # to another program


#: What is counted where nobody shall be told too much in a day: these kinds, once they leave or have left.
COUNTED: Final = frozenset({DeliveryKind.STEP, DeliveryKind.DIGEST, DeliveryKind.CHANGED})
SPOKEN: Final = frozenset({_D.PENDING, _D.SENDING, _D.IN_DOUBT, _D.ACCEPTED, _D.DELIVERED})

Reader = tuple[str, str]  # channel and address


class Waiting(NamedTuple):
    """A message about a step that leaves at *at*, unless it joins others."""

    id: str
    reader: Reader
    at: datetime


class Scope(StrEnum):
    """What a refusal is about."""

    ADDRESS = "address"  # this recipient cannot be reached
    CHANNEL = "channel"  # nobody can be reached through it
    MESSAGE = "message"  # this text is not taken


@dataclass(frozen=True, slots=True)
class Accepted:
    """The channel has the message; *ref* is its own name for it, *known_as* its own name for the address."""

    ref: str = ""
    why: str = ""
    known_as: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """Certainly nothing left; try again, not before *after* seconds if given."""

    why: str
    after: float | None = None
    is_too_fast: bool = False  # the channel asks for patience: no failure of the message
    is_unreachable: bool = False  # it was not about this message: nobody answered, or nobody is served now


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel will not take it, now or later."""

    why: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It may have left or not."""

    why: str


SendResult = Accepted | NotSent | Refused | InDoubt


@dataclass(frozen=True, slots=True)
class Timings:
    """One frozen value of all waits, in seconds; tests of real processes shorten it in proportion (DELIVERY.md T10)."""

    lease: float = 60.0  # how long a sender may hold a delivery
    timeout: float = 15.0  # of one socket operation
    quarantine: float = 180.0  # after a doubt nothing is tried; >= visibility lag + 4 timeouts + resolver + skew
    poll: float = 2.0
    doubt: float = 3600.0  # a doubt is settled one way or the other after it
    retry: float = 15.0  # the first wait before another attempt
    retry_max: float = 3600.0


def backoff(failures: int, timings: Timings, jitter: float) -> timedelta:
    """The wait before the next attempt: min(1 h, 15 s times 2 to the n), times *jitter* (0.5 to 1.5)."""
    wait = min(timings.retry_max, timings.retry * 2.0 ** min(failures, 20))
    return timedelta(seconds=wait * jitter)


def step_dedupe_key(  # noqa: PLR0913 - the parts of a name
    *, milestone_id: str, safe_on: str, place: str, recipient: str, channel: str, fallback: int
) -> str:
    """The name under which a message exists at most once (DELIVERY.md D1).

    No revision, no generation: an edit, another owner, a day moved and moved back tell nobody twice.
    """
    return f"{milestone_id}:{safe_on}:{place}:{recipient}:{channel}:{fallback}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of the outbox. ``frozen`` bodies are kept beside it; here is what decides its way."""

    id: str
    dedupe_key: str
    kind: DeliveryKind
    state: DeliveryState
    channel: str
    address: str
    recipient_id: str | None  # a person; None for a bare address
    recipient_name: str
    agreement_id: str | None
    milestone_id: str | None
    generation: int
    safe_on: date | None  # None when it is about no day
    place: str  # stage.step.repeat of its step
    urgency: str
    priority: int
    created_at: datetime
    expires_at: datetime
    next_attempt_at: datetime | None
    attempts: int = 0
    failures: int = 0  # certain ones in a row, for the wait
    lease_token: str | None = None
    lease_until: datetime | None = None
    offered_at: datetime | None = None  # passed its gate under the present lease
    in_doubt_since: datetime | None = None
    accepted_at: datetime | None = None
    bundle_id: str | None = None
    fallback_of: str | None = None
    ref: str = ""
    why: str = ""
    stands_in_for: str | None = None  # the person who is away, and for whom the recipient stands in

    @property
    def tells_of(self) -> str | None:
        """The milestone that it tells of; a *changed* message has it in its name (D1). None if it is about no one."""
        return self.dedupe_key.split(":")[1] if self.kind is DeliveryKind.CHANGED else self.milestone_id

    @property
    def change(self) -> Change | None:
        """What has changed; None where it tells of no change."""
        return Change(self.dedupe_key.split(":")[3]) if self.kind is DeliveryKind.CHANGED else None
