"""What a channel says later of messages that it took: that they arrived, are late, or came back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of a message after it was accepted."""

    DELIVERED = "delivered"
    DELAYED = "delayed"  # the channel still tries
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one message. *is_of_address*: there is nobody at that address, whatever is sent there."""

    delivery_id: str
    fate: Fate
    why: str
    is_of_address: bool = False


@dataclass(frozen=True, slots=True)
class Reports:
    """All that came in behind a mark. *mark* is the channel's own word for how far that is."""

    found: tuple[Report, ...]
    mark: str
    is_more: bool = False  # there is more behind the new mark
