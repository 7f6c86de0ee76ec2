"""``/demo/slack``: conversations as Slack lays them out. Its buttons, forms, home and command really work.

Whoever reads a conversation with the app is its person; in a channel it is whoever is signed in.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from cli.demo.clicks import Pressed
from cli.demo.house import ZONE
from cli.demo.layout import Post, marked, posts_of
from engine.zones import zone
from lifecycle.errors import LifecycleError
from web.frame.forms import PostedByAnybody
from web.frame.rendering import go, show
from web.frame.viewer import Anybody
from web.frame.visits import bound

if TYPE_CHECKING:
    from cli.demo.opened import Demo
    from cli.demo.workspace import Window
    from web.frame.viewer import Visit

_AT_ONCE: Final = 20  # conversations' threads on a page
_FIELD: Final = "typed."


class NoSuchConversation(LifecycleError):
    """A conversation, or a window, that is not there."""

    code = "not-found"

    def __init__(self) -> None:
        super().__init__("There is no such conversation.", remedy="Choose one from the list.")


@dataclass(frozen=True, slots=True)
class Conversation:
    """One entry of the list: a channel, or somebody's conversation with the app."""

    id: str
    name: str
    number: int
    is_open: bool


def router(demo: Demo) -> APIRouter:
    made = APIRouter(prefix="/demo/slack")

    @made.api_route("", methods=["GET", "HEAD"])
    def look(seen: Anybody, window: str = "", tab: str = "messages") -> HTMLResponse:
        """A conversation, the newest first, with the window that is open over it."""
        here = _here(demo, seen, seen.request.query_params.get("in", ""))
        return bound(seen, lambda who: show(who, "demo-slack.html", **_content(demo, who, here, window, tab)))

    @made.post("/press")
    def press(seen: Anybody, form: PostedByAnybody) -> RedirectResponse:
        """Press a button of a message."""
        here = _here(demo, seen, form.get("in"))
        pressed = Pressed(_reader(demo, seen, here), here, form.get("ts"), form.get("action_id"), form.get("value"))
        return _back(seen, here, demo.clicks.press(pressed), f"m{form.get('ts')}")

    @made.post("/submit")
    def submit(seen: Anybody, form: PostedByAnybody) -> RedirectResponse:
        """Send the form of a window."""
        window = demo.workspace.windows.get(form.get("window"))
        if window is None:
            raise NoSuchConversation
        typed = {name.removeprefix(_FIELD): text for name, text in form.typed.items() if name.startswith(_FIELD)}
        return _back(seen, _here(demo, seen, form.get("in")), demo.clicks.submit(window, typed))

    @made.post("/command")
    def command(seen: Anybody, form: PostedByAnybody) -> RedirectResponse:
        """Type ``/deadlines``."""
        here = _here(demo, seen, form.get("in"))
        user = _reader(demo, seen, here)
        demo.workspace.homes[f"{user} command"] = demo.clicks.command(user, form.get("text"))
        return _back(seen, here, tab="command")

    return made


def _back(seen: Visit, here: str, window: str = "", anchor: str = "", tab: str = "") -> RedirectResponse:
    said = {name: text for name, text in (("in", here), ("window", window), ("tab", tab)) if text}
    return go(seen, f"/demo/slack?{urlencode(said)}" + (f"#{anchor}" if anchor and not window else ""))


def _content(demo: Demo, seen: Visit, here: str, window: str, tab: str) -> dict[str, Any]:
    reader = _reader(demo, seen, here)
    opened = demo.workspace.windows.get(window)
    return {
        "conversations": _conversations(demo, here),
        "here": here,
        "reader": demo.workspace.users[reader]["profile"]["real_name"],
        "tab": tab,
        "home": demo.clicks.open_home(reader)["blocks"] if tab == "home" else (),
        "answer": demo.workspace.homes.get(f"{reader} command", {}).get("blocks", ()) if tab == "command" else (),
        "posts": _posts(demo, here)[:_AT_ONCE] if tab not in {"home", "command"} else (),
        "window": opened,
        "fields": _fields(demo, opened) if opened else (),
        "marked": marked,
    }


def _posts(demo: Demo, here: str) -> list[Post]:
    return posts_of(demo.workspace.said_in(here), zone(ZONE))


def _here(demo: Demo, seen: Visit, wanted: str) -> str:
    """The conversation that is asked for, else that of whoever looks, else the one in which most was said."""
    known = [one.id for one in _conversations(demo, "")]
    if wanted in known:
        return wanted
    if wanted:
        raise NoSuchConversation
    own = demo.workspace.user_of(seen.person.email) if seen.person else ""
    return f"D{own[1:]}" if f"D{own[1:]}" in known else known[0]


def _reader(demo: Demo, seen: Visit, here: str) -> str:
    """Whose account reads a conversation."""
    if here.startswith("D"):
        return f"U{here[1:]}"
    own = demo.workspace.user_of(seen.person.email) if seen.person else ""
    return own or next(iter(demo.workspace.users))


def _conversations(demo: Demo, here: str) -> list[Conversation]:
    """People with whom something was said, most of it first; then the channels."""
    counts = Counter(one["channel"] for one in demo.workspace.messages)
    names = {
        f"D{user[1:]}": one["profile"]["real_name"] for user, one in demo.workspace.users.items() if not one["deleted"]
    }
    people = sorted(names.items(), key=lambda named: (-counts[named[0]], named[1]))
    channels = [(key, f"#{one['name']}") for key, one in demo.workspace.channels.items()]
    return [Conversation(key, name, counts[key], key == here) for key, name in [*people, *channels]]


def _fields(demo: Demo, window: Window) -> list[dict[str, Any]]:
    """The inputs of a form: what they are called, what stands in them, what can be chosen, what is wrong."""
    people = [(one["id"], one["profile"]["real_name"]) for one in demo.workspace.users.values() if not one["deleted"]]
    found = []
    for block in window.view.get("blocks", ()):
        if block["type"] != "input":
            continue
        name, element = block["block_id"], block["element"]
        options = [(one["value"], one["text"]["text"]) for one in element.get("options", ())]
        choices = people if element["type"] == "users_select" else options
        found.append(
            {
                "name": f"{_FIELD}{name}",
                "label": block["label"]["text"],
                "hint": block.get("hint", {}).get("text", ""),
                "kind": element["type"],
                "choices": [("", "Choose"), *choices] if choices else [],
                "value": window.typed.get(name, element.get("initial_date", "")),
                "error": window.errors.get(name, ""),
            }
        )
    return found
