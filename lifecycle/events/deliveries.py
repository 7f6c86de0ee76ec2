"""How the way of one message ends."""

from __future__ import annotations

from dataclasses import dataclass


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


OfDeliveries = DeliveryAccepted | DeliveryDelivered | DeliveryFailed | DeliveryExpired
