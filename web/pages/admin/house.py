"""``/admin/settings``: what is in force, secrets hidden; ``/admin/shadow``: what shadow mode holds, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.delivery import shadow
from lifecycle.rights import Act
from store.queries.outbox import Messages
from web.frame.forms import Posted
from web.frame.rendering import go
from web.frame.viewer import SignedIn
from web.operating.shadows import SettingsDecide, ended
from web.pages.admin import words
from web.pages.admin.frame import page, refused

if TYPE_CHECKING:
    from web.frame.site import Site
    from web.frame.viewer import Viewer

_SHADOW: Final = "/admin/shadow"
_SHOWN: Final = 200


def router(site: Site) -> APIRouter:
    made = APIRouter(include_in_schema=False)

    @made.api_route("/admin/settings", methods=["GET", "HEAD"])
    def settings(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.ADMINISTER)
        rows = [(name, _text(value)) for name, value in site.operator.settings().items()]
        return page(viewer, "settings", "/admin/settings", rows=rows)

    @made.api_route(_SHADOW, methods=["GET", "HEAD"])
    def held(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.ADMINISTER)
        return _held(viewer)

    @made.post(f"{_SHADOW}/end")
    def end(viewer: SignedIn, _form: Posted) -> RedirectResponse:
        """A restored register may speak; it begins anew, and looks at all that was held."""
        viewer.require(Act.ADMINISTER)
        try:
            number = ended(viewer)
        except SettingsDecide as error:
            return refused(viewer, _SHADOW, error)
        if number is None:
            return go(viewer, "/admin/health", "Shadow mode ends: what still matters leaves now.")
        return go(viewer, _SHADOW, f"{number} {'message is' if number == 1 else 'messages are'} looked at now.")

    return made


def _held(viewer: Viewer) -> HTMLResponse:
    with viewer.look() as work:
        held = Messages(work, viewer.person).held_because(shadow.WHY, _SHOWN)
        found = shadow.judged(work, held)
    return page(
        viewer, "shadow", "/admin/health", leaving=[one.delivery for one in found if not one.unwanted],
        over=[one for one in found if one.unwanted], is_on=viewer.monitor.house.shadow_mode, kinds=words.KINDS,
        is_set=viewer.site.operator.is_shadow_set, is_all=len(held) < _SHOWN,
    )  # fmt: skip


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
