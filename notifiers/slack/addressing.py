"""From an address in the outbox to a conversation in Slack, and back (DELIVERY.md S8).

The outbox says ``olga@example.com``, ``#audits``, or an id. A person's conversation is asked for once: their user by
the mail address, the conversation with them by their user. What was learnt is kept as ``U0001/D0001`` and handed in
with the next message. A message's own name, its *ref*, is ``D0001:1700000000.000100``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from lifecycle.delivery import InDoubt, NotSent, Refused, Scope
from notifiers.slack.client import Declined, Said

if TYPE_CHECKING:
    from notifiers.base import Outgoing
    from notifiers.slack.client import SlackClient

_CONVERSATION: Final = re.compile(r"[CDG][A-Z0-9]{2,}")
_USER: Final = re.compile(r"[UW][A-Z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation; *user* is who is on its other end, "" for a channel."""

    conversation: str
    user: str = ""

    @property
    def known_as(self) -> str:
        """How it is kept."""
        return f"{self.user}/{self.conversation}" if self.user else self.conversation

    @property
    def has_id(self) -> bool:
        """Whether its history can be asked for: a channel that is only known by its name has none."""
        return _CONVERSATION.fullmatch(self.conversation) is not None


def place_of(known_as: str) -> Place | None:
    """What was kept; None if it is nothing of ours."""
    user, _, conversation = known_as.rpartition("/")
    if _CONVERSATION.fullmatch(conversation) and (not user or _USER.fullmatch(user)):
        return Place(conversation, user)
    return None


def ref_of(conversation: str, ts: str) -> str:
    """The name of a message."""
    return f"{conversation}:{ts}"


def parts_of(ref: str) -> tuple[str, str]:
    """(conversation, ts) of a message's name."""
    conversation, _, ts = ref.partition(":")
    return conversation, ts


class Directory:
    """Who is where; what was asked once in this process is not asked again."""

    def __init__(self, client: SlackClient) -> None:
        """Ask *client*."""
        self._client = client
        self._known: dict[str, Place] = {}
        self._lock = Lock()

    def place(self, outgoing: Outgoing) -> Place | NotSent | Refused:
        """Where a message goes; what keeps it from going there if nothing does."""
        kept = place_of(outgoing.known_as)
        if kept is not None:
            return kept
        with self._lock:
            known = self._known.get(outgoing.address)
        return known or self.asked(outgoing.address)

    def asked(self, address: str) -> Place | NotSent | Refused:
        """Where an address is, asked of Slack if it has to be."""
        if _CONVERSATION.fullmatch(address) or address.startswith("#"):
            return Place(address)
        user = address if _USER.fullmatch(address) else self._user(address)
        if not isinstance(user, str):
            return user
        opened = self._client.tell("conversations.open", users=user)
        found = opened.data.get("channel") if isinstance(opened, Said) else None
        place = Place(str(found.get("id", "")), user) if isinstance(found, dict) else None
        if place is None or not place.has_id:
            return _unasked(opened)
        self.learn(address, place)
        return place

    def learn(self, address: str, place: Place) -> None:
        """Remember where an address is."""
        with self._lock:
            self._known[address] = place

    def has_left(self, user: str) -> bool | None:
        """Whether somebody was deactivated; None if Slack does not say."""
        answer = self._client.ask("users.info", user=user)
        if isinstance(answer, Declined):
            return True if answer.code in {"user_not_found", "user_not_visible"} else None
        return bool((answer.data.get("user") or {}).get("deleted"))

    def _user(self, email: str) -> str | NotSent | Refused:
        answer = self._client.ask("users.lookupByEmail", email=email)
        found: Any = answer.data.get("user") if isinstance(answer, Said) else None
        user = str(found.get("id", "")) if isinstance(found, dict) else ""
        return user if _USER.fullmatch(user) else _unasked(answer)


def _unasked(answer: Said | Declined) -> NotSent | Refused:
    """A question changes nothing: what is in doubt about it did not leave."""
    if isinstance(answer, Said):
        return Refused("Slack knows nobody by this address", Scope.ADDRESS)
    if isinstance(answer.trouble, InDoubt):
        return NotSent(answer.trouble.why, is_unreachable=True)
    return answer.trouble
