"""``/admin/channels``: the ways out, tried with a test message; what the bot in Slack may not do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from lifecycle.delivery import ARRIVED
from lifecycle.rights import Act
from notifiers.slack.checking import Workspace
from notifiers.slack.manifest import manifest
from web.frame.forms import Posted
from web.frame.viewer import SignedIn
from web.operating.ways import NEEDS, named, tried
from web.pages.admin import words
from web.pages.admin.frame import page

if TYPE_CHECKING:
    from web.frame.site import Site
    from web.frame.viewer import Viewer

HERE: Final = "/admin/channels"
Said = tuple[str, str]  # tone, sentence


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route(HERE, methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.ADMINISTER)
        return _page(viewer)

    @made.post(f"{HERE}/{{channel}}/test")
    def test(viewer: SignedIn, channel: str, form: Posted) -> HTMLResponse:
        """One message, now; what became of it stands in the answer."""
        viewer.require(Act.ADMINISTER)
        return _page(viewer, {channel: _tested(viewer, channel, form.get("to") or viewer.person.email)})

    @made.post(f"{HERE}/slack/ask")
    def ask(viewer: SignedIn, _form: Posted) -> HTMLResponse:
        """One call of Slack: whose token it is, and what the bot may not do."""
        viewer.require(Act.ADMINISTER)
        return _page(viewer, {"slack": _asked(viewer)})

    return made


def _tested(viewer: Viewer, channel: str, address: str) -> Said:
    after = tried(viewer, channel, address)
    if after.state in ARRIVED:
        return ("good", f"The test message left for {after.address}.")
    return ("bad", f"The test message did not leave: {after.why or after.state.value}.")


def _asked(viewer: Viewer) -> Said:
    found = viewer.site.operator.slack()
    if found is None:
        return ("note", "Slack is not set up.")
    if not isinstance(found, Workspace):
        return (
            "bad",
            f"Slack does not let us in: {found.trouble.why}. Look at the bot's token and at the way to Slack.",
        )
    if found.missing:
        missing = ", ".join(found.missing)
        return ("warn", f"{found.team}: the bot may not {missing}. Add these scopes and install the app anew.")
    return ("good", f"{found.team}: the bot has every scope that it needs.")


def _page(viewer: Viewer, said: dict[str, Said] | None = None) -> HTMLResponse:
    there = viewer.monitor.notifiers
    with viewer.look() as work:
        bad = work.contact_points.bad()
        people = {one.id: one.label for one in work.people.all()}
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            "title": words.CHANNELS.get(name, name),
            "is_there": name in there,
            "is_down": name in viewer.house.down,
            "promise": words.PROMISES.get(name, ""),
            "needs": NEEDS.get(name, ""),
            "said": (said or {}).get(name),
            "bad": [(people[whose], one) for (whose, channel, _), one in bad.items() if channel == name],
        }
        for name in named(viewer)
    ]
    operator, base = viewer.site.operator, viewer.site.base_url
    texts = {way: json.dumps(manifest(base, is_socket=way == "socket"), indent=2) for way in ("socket", "http")}
    return page(viewer, "channels", HERE, rows=rows, manifests=texts, slack_mode=operator.slack_mode)
