"""The ``Notifier`` that speaks Slack (DELIVERY.md S1 to S6).

A post leaves once and its end is a value. A message that Slack refuses for its form is offered once more as plain text.
What may have arrived is looked for by the delivery's id, which every message carries; what was posted can be shown
anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lifecycle.delivery import Accepted, InDoubt, NotSent, Refused, Scope
from lifecycle.pacing import Pace
from notifiers.base import Absent, Action, CannotTell, Found, Frozen, Gone, Shown
from notifiers.layout import plain
from notifiers.slack import limits
from notifiers.slack.addressing import Directory, Place, parts_of, place_of, ref_of
from notifiers.slack.blocks import has_ended, message_blocks, summary
from notifiers.slack.client import Declined, SlackClient
from notifiers.slack.codes import GONE, NO_THREAD
from notifiers.slack.escaping import escape
from notifiers.wording import letter, mail_subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from lifecycle.delivery import SendResult
    from notifiers.base import FindResult, Outgoing, UpdateResult
    from notifiers.sheet import FactSheet

CONTENT_TYPE: Final = "application/json"
EVENT_TYPE: Final = "longstop_delivery"
_READS_EVERY: Final = 1.5  # seconds: 40 a minute
_CONVERSATION_EVERY: Final = 1.0
_BURST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """How Slack is spoken to. *rate* is messages a second to the workspace, *timeout* seconds a socket operation."""

    token: str
    api_url: str = ""
    rate: float = 1.0
    timeout: float = 15.0

    def __repr__(self) -> str:
        return f"SlackSettings(api_url={self.api_url!r})"  # never the token


class SlackNotifier:
    """One workspace, by its bot."""

    name: Final = "slack"
    can_find: Final = True
    can_update: Final = True
    has_rooms: Final = True
    knows_copies: Final = False  # two posts stand one below the other
    shares_fate: Final = True

    def __init__(self, settings: SlackSettings) -> None:
        """Nothing is called before the first message."""
        self._settings = settings
        self.client = SlackClient(settings.token, api_url=settings.api_url, timeout=settings.timeout)
        self._directory = Directory(self.client)

    def compose(self, facts: FactSheet) -> Frozen:
        """The message as JSON: blocks, the text of its notification, and all of it as plain text."""
        text = escape(summary(facts), limits.TEXT)
        whole = text if has_ended(facts) else escape(plain(letter(facts)), limits.TEXT)
        made = {"text": text, "blocks": message_blocks(facts), "plain": whole}
        return Frozen(mail_subject(facts), json.dumps(made, ensure_ascii=False, sort_keys=True).encode(), CONTENT_TYPE)

    def send(self, outgoing: Outgoing, still_ours: Callable[[], bool]) -> SendResult:
        """Post it; *still_ours* is asked right before each post."""
        place = self._directory.place(outgoing)
        if not isinstance(place, Place):
            return place
        result = self._offer(outgoing, place, still_ours)
        if isinstance(result, Refused) and result.scope is Scope.ADDRESS and place.user:
            anew = self._directory.asked(outgoing.address)  # what was kept may be of another workspace
            if isinstance(anew, Place) and anew != place:
                return self._offer(outgoing, anew, still_ours)
        return result

    def find(self, outgoing: Outgoing, since_at: datetime) -> FindResult:
        """Read the conversation, and the thread it may stand in, page by page, for the delivery's id."""
        place = self._directory.place(outgoing)
        if not isinstance(place, Place):
            return CannotTell(place.why)
        if not place.has_id:
            return CannotTell("the channel is only known by its name; name it by its id")
        for message in self._history(place.conversation, outgoing.reply_to, since_at):
            if isinstance(message, Declined):
                return CannotTell(message.trouble.why)
            if _delivery_of(message) == outgoing.delivery_id:
                return Found(ref_of(place.conversation, str(message.get("ts", ""))))
        return Absent()

    def update(self, ref: str, frozen: Frozen) -> UpdateResult:
        """Edit the message; its form refused: once as plain text."""
        conversation, ts = parts_of(ref)
        made = json.loads(frozen.body)
        answer = self.client.tell(
            "chat.update", channel=conversation, ts=ts, text=made["text"], blocks=made["blocks"], **_AS_WRITTEN
        )
        if _is_form_refused(answer):
            answer = self.client.tell(
                "chat.update", channel=conversation, ts=ts, text=made["plain"], blocks=[], **_AS_WRITTEN
            )  # fmt: skip
        if not isinstance(answer, Declined):
            return Shown()
        if answer.code in GONE:
            return Gone(answer.code)
        trouble = answer.trouble
        return trouble if isinstance(trouble, NotSent) else NotSent(trouble.why)

    def paces(self, action: Action, address: str) -> tuple[Pace, ...]:
        """Slack's limits: posts to the workspace and to one conversation; edits and readings to the workspace (S4)."""
        if action is not Action.SEND:
            return (Pace(f"slack:{action}", _READS_EVERY),)
        workspace = Pace("slack:send", 1.0 / self._settings.rate)
        return (workspace, Pace(f"slack:send:{address}"[:200], _CONVERSATION_EVERY, _BURST))

    def has_left(self, address: str, known_as: str) -> bool | None:
        """Whether the person behind an address was deactivated; None if Slack does not say."""
        place = place_of(known_as) or self._directory.asked(address)
        if isinstance(place, Place):
            return self._directory.has_left(place.user) if place.user else None
        return True if isinstance(place, Refused) and place.scope is Scope.ADDRESS else None

    def close(self) -> None:
        """No connection is kept."""

    def _offer(self, outgoing: Outgoing, place: Place, still_ours: Callable[[], bool]) -> SendResult:
        """1. In its thread. 2. Without the thread if that is gone. 3. As plain text if its form is refused."""
        made = json.loads(outgoing.frozen.body)
        said = {"text": made["text"], "blocks": made["blocks"], **_thread(outgoing, place)}
        answer = self._post(outgoing, place, said, still_ours)
        if isinstance(answer, Declined) and answer.code in NO_THREAD and "thread_ts" in said:
            said.pop("thread_ts")
            answer = self._post(outgoing, place, said, still_ours)
        if _is_form_refused(answer):
            said = {key: value for key, value in said.items() if key != "blocks"} | {"text": made["plain"]}
            answer = self._post(outgoing, place, said, still_ours)
        return answer.trouble if isinstance(answer, Declined) else answer

    def _post(
        self, outgoing: Outgoing, place: Place, said: dict[str, Any], still_ours: Callable[[], bool]
    ) -> Accepted | Declined:
        if not still_ours():
            return Declined("", NotSent("lease lost"))
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": outgoing.delivery_id}}
        answer = self.client.tell(
            "chat.postMessage", channel=place.conversation, metadata=metadata, **_AS_WRITTEN, **_UNFOLDED, **said
        )
        if isinstance(answer, Declined):
            return answer
        channel, ts = str(answer.data.get("channel", "")), str(answer.data.get("ts", ""))
        if not channel or not ts:
            return Declined("", InDoubt("Slack took it and gave it no name"))
        posted = Place(channel, place.user)
        if posted.has_id:
            self._directory.learn(outgoing.address, posted)
        return Accepted(ref_of(channel, ts), known_as=posted.known_as if posted.has_id else "")

    def _history(self, conversation: str, reply_to: str, since_at: datetime) -> Iterator[dict[str, Any] | Declined]:
        said = {"channel": conversation, "oldest": f"{since_at.timestamp():.6f}", "include_all_metadata": True}
        root = parts_of(reply_to)[1] if parts_of(reply_to)[0] == conversation else ""
        places = [("conversations.history", said)]
        if root:
            places.append(("conversations.replies", said | {"ts": root}))
        for method, asked in places:
            for page in self.client.pages(method, **asked):
                if isinstance(page, Declined):
                    if page.code not in NO_THREAD:
                        yield page
                    break
                yield from page.data.get("messages") or ()


_AS_WRITTEN: Final = {"parse": "none", "link_names": False}
_UNFOLDED: Final = {"unfurl_links": False, "unfurl_media": False}


def _thread(outgoing: Outgoing, place: Place) -> dict[str, str]:
    conversation, ts = parts_of(outgoing.reply_to)
    return {"thread_ts": ts} if ts and conversation == place.conversation else {}


def _is_form_refused(answer: object) -> bool:
    trouble = answer.trouble if isinstance(answer, Declined) else None
    return isinstance(trouble, Refused) and trouble.scope is Scope.MESSAGE


def _delivery_of(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return ""
    return str((metadata.get("event_payload") or {}).get("delivery_id", ""))
