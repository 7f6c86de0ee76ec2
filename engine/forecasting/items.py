"""One message that will be sent, or was sent in a rehearsal. The keys of its document are those of INTERFACE.md C19."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.zones import zone

if TYPE_CHECKING:
    from datetime import date, datetime

    from lifecycle.delivery import DeliveryKind


class About(NamedTuple):
    """The milestone that a message is about, or one of a digest's."""

    milestone_id: str | None  # None while the horizon has not uncovered it
    reference: str
    kind: str
    cycle: str
    safe_on: date


class Told(NamedTuple):
    """Who gets it; *id* is None for a bare address."""

    id: str | None
    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A message: when, to whom, about what, and why just then."""

    send_at: datetime
    time_zone: str
    message: DeliveryKind
    about: tuple[About, ...]  # one of a step or a change, any number of a digest, none of an incident
    reference: str | None  # of an incident too, where it is about an agreement
    stage: str | None = None
    step: int | None = None
    repeat: int | None = None
    audience: tuple[str, ...] = ()
    channel: str = ""
    urgency: str = "interrupt"
    recipient: Told
    subject: str
    is_late: bool = False
    shifted: tuple[datetime, str] | None = None  # from when, because
    only_if: str | None = None
    dedupe_key: str = field(default="", compare=False)

    @property
    def is_digest(self) -> bool:
        """Several milestones in one message."""
        return self.message.value == "digest"


def document(item: Item) -> dict[str, Any]:
    """The item as JSON holds it, every key always there."""
    one = item.about[0] if item.about and not item.is_digest else None
    return {
        "send_at": _instant(item.send_at),
        "send_at_local": item.send_at.astimezone(zone(item.time_zone)).isoformat(timespec="minutes"),
        "time_zone": item.time_zone,
        "message": item.message.value,
        "milestone_id": one and one.milestone_id,
        "reference": one.reference if one else item.reference,
        "kind": one and one.kind,
        "cycle": one and one.cycle,
        "safe_on": one and one.safe_on.isoformat(),
        "stage": item.stage,
        "step": item.step,
        "repeat": item.repeat,
        "audience": list(item.audience),
        "channel": item.channel,
        "urgency": item.urgency,
        "recipient": {"id": item.recipient.id, "name": item.recipient.name, "address": item.recipient.address},
        "subject": item.subject,
        "is_digest": item.is_digest,
        "is_escalation": bool(item.step),
        "is_late": item.is_late,
        "shifted": item.shifted and {"from_at": _instant(item.shifted[0]), "because": item.shifted[1]},
        "only_if": item.only_if,
        "dedupe_key": item.dedupe_key,
        "members": [_member(each) for each in item.about] if item.is_digest else [],
    }


def _member(one: About) -> dict[str, Any]:
    return {
        "milestone_id": one.milestone_id,
        "reference": one.reference,
        "kind": one.kind,
        "cycle": one.cycle,
        "safe_on": one.safe_on.isoformat(),
    }


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
