"""What people do in the invented workspace, told to Longstop as Slack tells it: signed calls to its real addresses."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from cli.demo.workspace import TEAM, Window
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.demo.workspace import Said, Workspace
    from engine.clock import Clock

SECRET: Final = "the signing secret of the demo"  # noqa: S105 - nobody but the invented workspace signs with it
_PATIENCE: Final = 10.0  # seconds for an answer
_EFFECT: Final = 3.0  # seconds until what follows from a click shows
_AFTERWARDS: Final = 0.3  # seconds in which a window may still open


class NotTaken(LifecycleError):
    """Longstop did not take what Slack told it."""

    code = "not-taken"

    def __init__(self, status: int) -> None:
        super().__init__(f"Longstop answered Slack with {status}. Nothing was changed.", remedy="Press it again.")


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that somebody pressed, in a message of a conversation."""

    user: str
    conversation: str
    ts: str
    action_id: str
    value: str


@dataclass(frozen=True, slots=True)
class Clicks:
    """See the module. *address* is where Longstop is, without a slash at its end."""

    workspace: Workspace
    clock: Clock
    address: str

    def press(self, pressed: Pressed) -> str:
        """Press a button; the window that opened, "" where none did. Raises NotTaken."""
        edited, trigger = self.workspace.edited(pressed.conversation, pressed.ts), f"V{self._stamp()}"
        action = {"type": "button", "action_id": pressed.action_id, "value": pressed.value, "action_ts": self._stamp()}
        payload = {"type": "block_actions", "trigger_id": trigger, "actions": [action],
                   "channel": {"id": pressed.conversation}}  # fmt: skip
        self._interaction(pressed.user, payload)
        windows, place = self.workspace.windows, (pressed.conversation, pressed.ts)
        self.workspace.wait(lambda: trigger in windows or self.workspace.edited(*place) > edited, _EFFECT)
        self.workspace.wait(lambda: trigger in windows, _AFTERWARDS)
        opened = windows.get(trigger)
        if opened is not None:
            self.workspace.show(replace(opened, user=pressed.user))
        return trigger if opened is not None else ""

    def submit(self, window: Window, typed: Mapping[str, str]) -> str:
        """Send a window's form; the window that is shown then, "" where it closed. Raises NotTaken."""
        blocks = {one["block_id"]: one["element"] for one in window.view["blocks"] if one["type"] == "input"}
        values = {name: {"value": _value(element, typed.get(name, ""))} for name, element in blocks.items()}
        view = {**window.view, "id": window.id, "state": {"values": values}}
        told = self._interaction(window.user, {"type": "view_submission", "view": view})
        match told.get("response_action"):
            case "errors":
                self.workspace.show(replace(window, errors=told["errors"], typed=typed))
            case "update":
                self.workspace.show(Window(window.id, told["view"], window.user))
            case _:
                return ""
        return window.id

    def command(self, user: str, text: str) -> Said:
        """Type ``/deadlines``; the message that is answered, for them alone. Raises NotTaken."""
        fields = {"team_id": TEAM, "user_id": user, "command": "/deadlines", "text": text}
        return self._posted("commands", urlencode(fields), "application/x-www-form-urlencoded")

    def open_home(self, user: str) -> Said:
        """Open the app's home; what it shows. Raises NotTaken."""
        before = self.workspace.homes.pop(user, None)
        event = {"type": "app_home_opened", "user": user, "tab": "home"}
        body = json.dumps({"type": "event_callback", "team_id": TEAM, "event": event})
        self._posted("events", body, "application/json")
        self.workspace.wait(lambda: user in self.workspace.homes, _EFFECT)
        return self.workspace.homes.get(user) or before or {"blocks": []}

    def _interaction(self, user: str, payload: Said) -> Said:
        name = self.workspace.users[user]["name"]
        who = {"team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM, "username": name}}
        body = urlencode({"payload": json.dumps({**who, **payload})})
        return self._posted("interactions", body, "application/x-www-form-urlencoded")

    def _posted(self, where: str, text: str, kind: str) -> dict[str, Any]:
        body, stamp = text.encode(), str(int(self.clock.now().timestamp()))
        signature = hmac.digest(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, "sha256").hex()
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
        }
        try:
            with urlopen(Request(f"{self.address}/slack/{where}", body, headers), timeout=_PATIENCE) as answer:  # noqa: S310 - this machine
                raw = answer.read()
        except HTTPError as error:
            raise NotTaken(error.code) from None
        return dict(json.loads(raw)) if raw else {}

    def _stamp(self) -> str:
        """The instant in microseconds: no two clicks have the same."""
        return str(int(self.clock.now().timestamp() * 1_000_000))


def _value(element: Mapping[str, Any], text: str) -> dict[str, Any]:
    """What was typed or chosen, in the form that Slack gives it."""
    match element["type"]:
        case "datepicker":
            return {"type": "datepicker", "selected_date": text or None}
        case "users_select":
            return {"type": "users_select", "selected_user": text or None}
        case "static_select":
            return {"type": "static_select", "selected_option": {"value": text} if text else None}
        case _:
            return {"type": "plain_text_input", "value": text or None}
