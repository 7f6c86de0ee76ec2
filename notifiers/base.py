"""What the engine knows of a channel, and what a channel is told.

A notifier composes a message from facts (pure), sends what was composed, and says what it knows of the outcome.
It never touches the database. ``still_ours`` is asked last before the first byte leaves: false means release.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from lifecycle.delivery import NotSent

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from lifecycle.delivery import SendResult
    from lifecycle.pacing import Pace
    from lifecycle.reports import Reports
    from notifiers.sheet import FactSheet


#: The two ways of which the law itself speaks: the other side is written to by mail (P2), which also carries
#: invitations, and programs are called (W1). No other channel is known by its name.
MAIL: Final = "email"
WEBHOOK: Final = "webhook"


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


@runtime_checkable
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


class Unhurried(Protocol):
    """A ``Notifier`` that asks for the facts of a step itself, when they are wanted: of many they never are."""

    def compose_from(self, delivery_id: str, facts: Callable[[], FactSheet]) -> Frozen:
        """As ``compose``, of facts that are gathered when they are asked for."""


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
