"""An invented Slack workspace: its people, channels, messages and windows, and the methods of the Web API on them.

Only what Longstop calls is there, and it refuses what Slack refuses. Every post and every change of a post is written
to a journal, so that the workspace is the same after the next start. Safe for many threads.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from threading import Condition
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

Said = dict[str, Any]
TEAM: Final = "T0001"
BOT: Final = "U0000"
CHANNEL: Final = "deadlines"
_KEPT: Final = ("text", "blocks", "metadata", "thread_ts")
_CHANGED: Final = ("text", "blocks", "metadata")
_MOST_TEXT: Final = 4000
_MOST_BLOCKS: Final = 50


class SlackRefusal(Exception):
    """``{"ok": false, "error": ...}``, by Slack's own code."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window that is open over a conversation: what it shows, to whom, and what they have typed into it."""

    id: str
    view: Said
    user: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


class Workspace:
    """See the module. *now* tells when something is posted."""

    def __init__(self, now: Callable[[], datetime], people: Iterable[tuple[str, str, bool]], journal: Path) -> None:
        """*people* are address, name, and whether they have left."""
        self.users = {f"U{number:04d}": _user(number, *one) for number, one in enumerate(people, 1)}
        self.channels = {"C0001": {"id": "C0001", "name": CHANNEL, "is_archived": False}}
        self.messages: list[Said] = []
        self.windows: dict[str, Window] = {}
        self.homes: dict[str, Said] = {}
        self._edits = Counter[tuple[str, str]]()
        self._now, self._journal, self._last_ts = now, journal, 0
        self._changed = Condition()
        self._methods: Mapping[str, Callable[[Said], Said]] = {
            "auth.test": self._who,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.open": self._open_conversation,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": self._info,
            "users.lookupByEmail": self._lookup,
            "users.info": self._user_info,
            "users.list": self._users,
            "views.open": self._open_view,
            "views.publish": self._publish,
        }
        self._replay()

    def call(self, method: str, said: Said) -> Said:
        """Do what a method of the Web API asks. Raises SlackRefusal."""
        known = self._methods.get(method)
        if known is None:
            raise SlackRefusal("unknown_method")
        with self._changed:
            return {"ok": True, **known(said)}

    def said_in(self, conversation: str) -> list[Said]:
        """The messages of a conversation, oldest first."""
        with self._changed:
            return [one for one in self.messages if one["channel"] == conversation]

    def user_of(self, email: str) -> str:
        """Whose account has that address; "" where nobody's has."""
        return next((one for one, user in self.users.items() if user["profile"]["email"] == email.lower()), "")

    def show(self, window: Window) -> None:
        """Open a window, or show something else in it."""
        with self._changed:
            self.windows[window.id] = window
            self._tell()

    def edited(self, conversation: str, ts: str) -> int:
        """How often a message was changed since the start."""
        return self._edits[conversation, ts]

    def wait(self, until: Callable[[], bool], seconds: float) -> None:
        """Until something is so, asked whenever anything changes; so long at most."""
        with self._changed:
            self._changed.wait_for(until, seconds)

    # -- the methods ---------------------------------------------------------------------------------------------------

    def _who(self, _said: Said) -> Said:
        return {"team_id": TEAM, "team": "Demo", "user_id": BOT, "bot_id": "B0001", "url": "https://demo.invalid/"}

    def _post(self, said: Said) -> Said:
        conversation = self._conversation(said["channel"])
        _check(said)
        message = {"ts": self._ts(), "channel": conversation, "user": BOT, "bot_id": "B0001", "type": "message"}
        message |= {key: said[key] for key in _KEPT if key in said}
        self.messages.append(message)
        self._keep({"post": message})
        return {"channel": conversation, "ts": message["ts"], "message": message}

    def _update(self, said: Said) -> Said:
        found = [one for one in self.messages if (one["channel"], one["ts"]) == (said["channel"], said["ts"])]
        if not found:
            raise SlackRefusal("message_not_found")
        _check(said)
        new: Said = {key: said[key] for key in _CHANGED if key in said}
        found[0].update(new)
        self._edits[said["channel"], said["ts"]] += 1
        self._keep({"update": {"channel": said["channel"], "ts": said["ts"], **new}})
        return {"channel": said["channel"], "ts": said["ts"], "text": said.get("text", "")}

    def _open_conversation(self, said: Said) -> Said:
        user = self._known(said["users"])
        if user["deleted"]:
            raise SlackRefusal("user_disabled")
        return {"channel": {"id": f"D{user['id'][1:]}"}}

    def _history(self, said: Said) -> Said:
        top = [one for one in self._seen(said) if one.get("thread_ts") in {None, one["ts"]}]
        return _page(list(reversed(top)), said)

    def _replies(self, said: Said) -> Said:
        thread = [one for one in self._seen(said) if said["ts"] in {one["ts"], one.get("thread_ts")}]
        if not thread:
            raise SlackRefusal("thread_not_found")
        return _page(thread, said)

    def _info(self, said: Said) -> Said:
        conversation = self._conversation(said["channel"])
        is_im = conversation.startswith("D")
        return {"channel": {"id": conversation, "is_im": is_im, **({"user": f"U{conversation[1:]}"} if is_im else {})}}

    def _lookup(self, said: Said) -> Said:
        user = self.users.get(self.user_of(said["email"]))
        if user is None or user["deleted"]:
            raise SlackRefusal("users_not_found")
        return {"user": user}

    def _user_info(self, said: Said) -> Said:
        return {"user": self._known(said["user"])}

    def _users(self, _said: Said) -> Said:
        return {"members": list(self.users.values()), "response_metadata": {"next_cursor": ""}}

    def _open_view(self, said: Said) -> Said:
        """A trigger is the click that opened it, and names the window: whoever clicked finds it again."""
        trigger = str(said.get("trigger_id") or "")
        if not trigger:
            raise SlackRefusal("invalid_trigger_id")
        self.windows[trigger] = Window(trigger, said["view"])
        self._tell()
        return {"view": {"id": trigger, **said["view"]}}

    def _publish(self, said: Said) -> Said:
        self.homes[said["user_id"]] = said["view"]
        self._tell()
        return {"view": {"id": f"V{said['user_id'][1:]}", **said["view"]}}

    # ------------------------------------------------------------------------------------------------------------------

    def _known(self, user: str) -> Said:
        if user not in self.users:
            raise SlackRefusal("user_not_found")
        return self.users[user]

    def _conversation(self, name: str) -> str:
        if f"U{name[1:]}" in self.users and name[:1] in {"U", "D"}:
            return f"D{name[1:]}"
        found = [one for one in self.channels.values() if name in {one["id"], one["name"], f"#{one['name']}"}]
        if not found:
            raise SlackRefusal("channel_not_found")
        return str(found[0]["id"])

    def _seen(self, said: Said) -> list[Said]:
        conversation = self._conversation(said["channel"])
        return [one for one in self.messages if one["channel"] == conversation]

    def _ts(self) -> str:
        """The instant in microseconds, and never the same twice."""
        self._last_ts = max(self._last_ts + 1, int(self._now().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def _keep(self, entry: Said) -> None:
        with self._journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
        self._tell()

    def _tell(self) -> None:
        self._changed.notify_all()

    def _replay(self) -> None:
        lines = self._journal.read_text(encoding="utf-8").splitlines() if self._journal.exists() else []
        known: dict[tuple[str, str], Said] = {}
        for entry in map(json.loads, lines):
            kind, said = next(iter(entry.items()))
            known.setdefault((said["channel"], said["ts"]), {}).update(said)
            if kind == "post":
                self._last_ts = int(said["ts"].replace(".", ""))
        self.messages = list(known.values())


def _user(number: int, email: str, name: str, is_deleted: bool) -> Said:  # noqa: FBT001 - a row of a table
    profile = {"email": email.lower(), "real_name": name}
    return {"id": f"U{number:04d}", "team_id": TEAM, "name": email.partition("@")[0], "deleted": is_deleted,
            "is_bot": False, "profile": profile}  # fmt: skip


def _check(said: Said) -> None:
    if not said.get("text") and not said.get("blocks"):
        raise SlackRefusal("no_text")
    if len(said.get("text", "")) > _MOST_TEXT:
        raise SlackRefusal("msg_too_long")
    if len(said.get("blocks", [])) > _MOST_BLOCKS:
        raise SlackRefusal("invalid_blocks")


def _page(messages: list[Said], said: Said) -> Said:
    oldest, limit, start = float(said.get("oldest") or 0), int(said.get("limit") or 100), int(said.get("cursor") or 0)
    found = [one for one in messages if float(one["ts"]) > oldest]
    keeps = str(said.get("include_all_metadata", "")).lower() in {"true", "1"}
    page = [
        {key: value for key, value in one.items() if key != "metadata" or keeps}
        for one in found[start : start + limit]
    ]  # fmt: skip
    following = str(start + limit) if len(found) > start + limit else ""
    return {"messages": page, "has_more": bool(following), "response_metadata": {"next_cursor": following}}
