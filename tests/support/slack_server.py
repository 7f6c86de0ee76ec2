"""A Slack that can be told to misbehave: a real HTTP server that speaks as much of the Web API as Longstop does.

What it *accepted* is kept apart from what it *answered*: an answer may be lost. Faults are scripted per method, before
the effect or after it::

    slack.script("chat.postMessage", DROP, after=True)   # it has the message, and the connection breaks
    slack.script("chat.postMessage", Reply(429, headers={"Retry-After": "7"}), times=1)
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from slack_sdk.models.blocks import Block

from tests.support.listening import Listening

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "xoxb-test"
APP_TOKEN = "xapp-test"
SCOPES = frozenset(
    {
        "connections:write",
        "chat:write",
        "im:write",
        "users:read",
        "users:read.email",
        "commands",
        "channels:history",
        "groups:history",
        "im:history",
        "metadata.message:read",
    }
)
#: method -> scopes, one of which is needed
_NEEDS = {
    "chat.postMessage": ["chat:write"],
    "chat.update": ["chat:write"],
    "conversations.open": ["im:write"],
    "conversations.history": ["channels:history", "groups:history", "im:history"],
    "conversations.replies": ["channels:history", "groups:history", "im:history"],
    "users.lookupByEmail": ["users:read.email"],
    "users.info": ["users:read"],
    "users.list": ["users:read"],
    "apps.connections.open": ["connections:write"],
}


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer this instead; *cut* breaks the connection inside the body."""

    status: int = 200
    body: str = "<html>Something went wrong</html>"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Says:
    """Answer with this error code, as Slack does: status 200."""

    code: str


@dataclass(frozen=True, slots=True)
class Slow:
    """Wait so many seconds, then go on."""

    seconds: float


class _Silent:
    """An instruction without facts."""


DROP = _Silent()  # reset the connection, answer nothing
CLOSE = _Silent()  # close the connection in peace, answer nothing
Act = Reply | Says | Slow | _Silent


class Refusal(Exception):
    """``{"ok": false, "error": ...}``."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that reached the server."""

    method: str
    said: dict[str, Any]


@dataclass(slots=True)
class _Rule:
    method: str
    act: Act
    after: bool
    times: int | None


@dataclass(slots=True)
class SlackServer(Listening):
    """Listens on 127.0.0.1, on a port of its own. *now* is its clock, in seconds since 1970."""

    now: Callable[[], float] = time.time  # noqa: TID251 - another machine's clock
    scopes: frozenset[str] = SCOPES
    page: int = 100  # messages in one page of history
    posts_per_second: int | None = None  # more than that to one conversation: 429
    accepted: list[dict[str, Any]] = field(default_factory=list)  # messages that it has
    updates: list[dict[str, Any]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)  # opened, and published as {"user_id", "view"}
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    socket_url: str = ""  # where apps.connections.open points to; none yet: it fails
    asked: threading.Event = field(default_factory=threading.Event)  # somebody asked for that
    lag: int = 0  # so many of the newest messages history does not show yet
    port: int = 0
    host: str = "127.0.0.1"
    _rules: list[_Rule] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _server: ThreadingHTTPServer = field(init=False)
    _last_ts: int = 0
    _posted_at: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = _Quiet((self.host, 0), handler)
        self.port = self._server.server_address[1]

    @property
    def url(self) -> str:
        """What LONGSTOP_SLACK_API_URL says."""
        return f"http://{self.host}:{self.port}/api/"

    # -- who and what is there ---------------------------------------------------------------------------------------

    def user(self, name: str, *, email: str | None = None, is_deleted: bool = False) -> str:
        """Somebody of the workspace; the id."""
        profile = {"email": email or f"{name.lower()}@example.com", "real_name": name}
        with self._lock:  # others may be asking who is there
            user_id = f"U{len(self.users) + 1:04d}"
            self.users[user_id] = {
                "id": user_id, "team_id": "T0001", "name": name.lower(), "deleted": is_deleted, "is_bot": False,
                "tz": "Europe/Berlin", "profile": profile,
            }  # fmt: skip
        return user_id

    def channel(self, name: str, *, has_bot: bool = True, is_archived: bool = False) -> str:
        """A public channel; the id."""
        channel_id = f"C{len(self.channels) + 1:04d}"
        self.channels[channel_id] = {"id": channel_id, "name": name, "has_bot": has_bot, "is_archived": is_archived}
        return channel_id

    def deactivate(self, user_id: str) -> None:
        """They leave the workspace. Posting to their conversation goes on succeeding, as in Slack."""
        self.users[user_id]["deleted"] = True

    def dm_of(self, user_id: str) -> str:
        """The bot's conversation with somebody."""
        return f"D{user_id[1:]}"

    def said_to(self, conversation: str) -> list[dict[str, Any]]:
        """The messages of a conversation as they read now, oldest first."""
        return [one for one in self.accepted if one["channel"] == conversation]

    # -- how it behaves ----------------------------------------------------------------------------------------------

    def script(self, method: str, act: Act, *, after: bool = False, times: int | None = 1) -> None:
        """At a call of *method* do *act*, before or *after* its effect, so many *times* (None: always)."""
        with self._lock:
            self._rules.append(_Rule(method, act, after, times))

    def behave(self) -> None:
        """Forget every instruction."""
        with self._lock:
            self._rules.clear()

    def called(self, method: str) -> list[dict[str, Any]]:
        """What was said at each call of *method*."""
        return [call.said for call in self.calls if call.method == method]

    def due(self, method: str, *, after: bool) -> Act | None:
        """The instruction for this moment; using it counts."""
        with self._lock:
            for rule in self._rules:
                if rule.method == method and rule.after == after and rule.times != 0:
                    rule.times = None if rule.times is None else rule.times - 1
                    return rule.act
        return None

    def answer(self, method: str, said: dict[str, Any], token: str) -> dict[str, Any]:
        """Do what *method* asks. Raises Refusal."""
        with self._lock:
            known = getattr(self, "do_" + method.replace(".", "_"), None)
            if known is None:
                raise Refusal("unknown_method")
            if token != (APP_TOKEN if method == "apps.connections.open" else TOKEN):
                raise Refusal("invalid_auth")
            if not self.scopes & set(_NEEDS.get(method, self.scopes)):
                raise Refusal("missing_scope")
            return {"ok": True, **known(said)}

    # -- the methods -------------------------------------------------------------------------------------------------

    def do_auth_test(self, _said: dict[str, Any]) -> dict[str, Any]:
        return {
            "team_id": "T0001",
            "team": "Example",
            "user_id": "UBOT",
            "bot_id": "B0001",
            "url": "https://example.test",
        }

    def do_chat_postMessage(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - Slack's name
        conversation = self._conversation(said["channel"])
        self._checked(said)
        self._paced(conversation)
        message = {
            "ts": self._ts(), "channel": conversation, "user": "UBOT", "bot_id": "B0001", "type": "message",
            **{key: said[key] for key in ("text", "blocks", "metadata", "thread_ts") if key in said},
        }  # fmt: skip
        self.accepted.append(message)
        return {"channel": conversation, "ts": message["ts"], "message": message}

    def do_chat_update(self, said: dict[str, Any]) -> dict[str, Any]:
        found = [one for one in self.said_to(said["channel"]) if one["ts"] == said["ts"]]
        if not found:
            raise Refusal("message_not_found")
        self._checked(said)
        found[0].update({key: said[key] for key in ("text", "blocks", "metadata") if key in said})
        self.updates.append(said)
        return {"channel": said["channel"], "ts": said["ts"], "text": said.get("text", "")}

    def do_conversations_open(self, said: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(said["users"])
        if user is None:
            raise Refusal("user_not_found")
        if user["deleted"]:
            raise Refusal("user_disabled")
        return {"channel": {"id": self.dm_of(user["id"])}}

    def do_conversations_history(self, said: dict[str, Any]) -> dict[str, Any]:
        top = [one for one in self._seen(said["channel"]) if one.get("thread_ts") in {None, one["ts"]}]
        return self._paged(list(reversed(top)), said)

    def do_conversations_replies(self, said: dict[str, Any]) -> dict[str, Any]:
        thread = [one for one in self._seen(said["channel"]) if said["ts"] in {one["ts"], one.get("thread_ts")}]
        if not thread:
            raise Refusal("thread_not_found")
        return self._paged(thread, said)

    def do_conversations_info(self, said: dict[str, Any]) -> dict[str, Any]:
        conversation = self._conversation(said["channel"])
        is_im = conversation.startswith("D")
        return {"channel": {"id": conversation, "is_im": is_im, **({"user": f"U{conversation[1:]}"} if is_im else {})}}

    def do_users_lookupByEmail(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - Slack's name
        for user in self.users.values():
            if user["profile"]["email"] == said["email"].lower() and not user["deleted"]:
                return {"user": user}
        raise Refusal("users_not_found")

    def do_users_info(self, said: dict[str, Any]) -> dict[str, Any]:
        if said["user"] not in self.users:
            raise Refusal("user_not_found")
        return {"user": self.users[said["user"]]}

    def do_users_list(self, _said: dict[str, Any]) -> dict[str, Any]:
        return {"members": list(self.users.values()), "response_metadata": {"next_cursor": ""}}

    def do_apps_connections_open(self, _said: dict[str, Any]) -> dict[str, Any]:
        self.asked.set()
        if not self.socket_url:
            raise Refusal("internal_error")
        return {"url": self.socket_url}

    def do_views_open(self, said: dict[str, Any]) -> dict[str, Any]:
        if not said.get("trigger_id"):
            raise Refusal("invalid_trigger_id")
        self.views.append(said)
        return {"view": {"id": f"V{len(self.views):04d}", **said["view"]}}

    def do_views_update(self, said: dict[str, Any]) -> dict[str, Any]:
        self.views.append(said)
        return {"view": {"id": said.get("view_id", ""), **said["view"]}}

    def do_views_publish(self, said: dict[str, Any]) -> dict[str, Any]:
        self.views.append(said)
        return {"view": {"id": f"V{len(self.views):04d}", **said["view"]}}

    # ----------------------------------------------------------------------------------------------------------------

    def _conversation(self, name: str) -> str:
        if name in self.users:  # a message to a user's id goes to their conversation
            return self.dm_of(name)
        if name.startswith("D") and f"U{name[1:]}" in self.users:
            return name
        found = [one for one in self.channels.values() if name in {one["id"], one["name"], f"#{one['name']}"}]
        if not found:
            raise Refusal("channel_not_found")
        if found[0]["is_archived"]:
            raise Refusal("is_archived")
        if not found[0]["has_bot"]:
            raise Refusal("not_in_channel")
        return found[0]["id"]

    def _checked(self, said: dict[str, Any]) -> None:
        if not said.get("text") and not said.get("blocks"):
            raise Refusal("no_text")
        if len(said.get("text", "")) > 4000:
            raise Refusal("msg_too_long")
        if len(said.get("blocks", [])) > 50:
            raise Refusal("invalid_blocks")
        try:
            for block in said.get("blocks", []):
                Block.parse(json.loads(json.dumps(block))).to_dict()
        except Exception as error:  # whatever Slack's models do not take
            raise Refusal("invalid_blocks") from error

    def _paced(self, conversation: str) -> None:
        if self.posts_per_second is None:
            return
        recent = [at for at in self._posted_at[conversation] if at > self.now() - 1]
        if len(recent) >= self.posts_per_second:
            raise Refusal("ratelimited")
        self._posted_at[conversation] = [*recent, self.now()]

    def _ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def _seen(self, name: str) -> list[dict[str, Any]]:
        shown = self.accepted[: len(self.accepted) - self.lag] if self.lag else self.accepted
        return [one for one in shown if one["channel"] == self._conversation(name)]

    def _paged(self, messages: list[dict[str, Any]], said: dict[str, Any]) -> dict[str, Any]:
        oldest, limit = float(said.get("oldest") or 0), min(int(said.get("limit") or 100), self.page)
        found = [one for one in messages if float(one["ts"]) > oldest]
        start = int(said.get("cursor") or 0)
        keeps_metadata = str(said.get("include_all_metadata", "")).lower() in {"true", "1"}
        page = [
            {key: value for key, value in one.items() if key != "metadata" or keeps_metadata}
            for one in found[start : start + limit]
        ]
        following = str(start + limit) if len(found) > start + limit else ""
        return {"messages": page, "has_more": bool(following), "response_metadata": {"next_cursor": following}}


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Whoever called did not wait for the answer."""


class _Handler(BaseHTTPRequestHandler):
    owner: SlackServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        method = self.path.removeprefix("/api/")
        said = self._said()
        self.owner.calls.append(Call(method, said))
        if not self._obeyed(self.owner.due(method, after=False)):
            return
        try:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            told = self.owner.answer(method, said, token)
        except Refusal as refusal:
            if str(refusal) == "ratelimited":
                self._reply(Reply(429, json.dumps({"ok": False, "error": "ratelimited"}), {"Retry-After": "1"}))
            else:
                self._json({"ok": False, "error": str(refusal)})
            return
        if not self._obeyed(self.owner.due(method, after=True)):
            return
        self._json(told)

    def log_message(self, *_: object) -> None:
        """Tests are silent."""

    def _said(self) -> dict[str, Any]:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if "json" in self.headers.get("Content-Type", ""):
            return json.loads(raw or "{}")
        return {key: json.loads(value) if value[:1] in "[{" else value for key, value in parse_qsl(raw)}

    def _obeyed(self, act: Act | None) -> bool:
        """Do what is scripted; whether the call goes on."""
        match act:
            case None:
                return True
            case Slow(seconds):
                time.sleep(seconds)
                return True
            case Says(code):
                self._json({"ok": False, "error": code})
            case Reply():
                self._reply(act)
            case _ if act is CLOSE:
                self.close_connection = True
            case _:
                self._reset()
        return False

    def _json(self, told: dict[str, Any]) -> None:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-OAuth-Scopes": ",".join(sorted(self.owner.scopes)),
        }
        self._reply(Reply(200, json.dumps(told), headers))

    def _reply(self, reply: Reply) -> None:
        raw = reply.body.encode()
        self.send_response(reply.status)
        for name, value in ({"Content-Type": "text/html"} | reply.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw[: len(raw) // 2] if reply.cut else raw)
        if reply.cut:
            self.wfile.flush()
            self.close_connection = True

    def _reset(self) -> None:
        """Reset, so that the other end does not see an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
        self.rfile.close()
