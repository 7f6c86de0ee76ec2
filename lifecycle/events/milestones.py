"""What happens to milestones: derived, raised, answered, missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lifecycle.events.basics import AgreementEvent


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


OfMilestones = (
    MilestonesReplanned
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
)
