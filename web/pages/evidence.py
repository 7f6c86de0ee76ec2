"""``/evidence``: what was known in a span of days, who was told and what they answered, as one file (INTERFACE.md P19).

Which packs were made, of what and with which seal stands in the log, and so on the page.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from engine.evidence_pack.asking import Asked, SpanRefused
from lifecycle.days.dates import parse_day
from lifecycle.errors import DayOutOfRange, LifecycleError
from lifecycle.rights import Act
from lifecycle.words import shown
from store.queries.evidence_log import packs_made
from web.frame.forms import Posted
from web.frame.rendering import show
from web.frame.viewer import SignedIn
from web.govern.packs import sent
from web.govern.places import reports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi.responses import FileResponse

    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer

_YEAR = timedelta(days=365)
_SHOWN = 20
_LABELS = {"from": "From", "until": "Until", "as_of": "As known on"}


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/evidence", methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.EXPORT_EVIDENCE)
        return _page(viewer, viewer.request.query_params)

    @made.post("/evidence", response_model=None)
    def export(viewer: SignedIn, form: Posted) -> HTMLResponse | FileResponse:
        """The pack; asked for by a form, so that no link on another page takes evidence along."""
        viewer.require(Act.EXPORT_EVIDENCE)
        try:
            return sent(viewer, _asked(form), is_broken_taken=form.is_on("all_the_same"))
        except LifecycleError as error:
            return _page(viewer, form.typed, error)

    return made


def _asked(form: Form) -> Asked:
    return Asked(
        from_on=_day(form, "from"),
        until_on=_day(form, "until"),
        as_of_on=_day(form, "as_of") if form.get("as_of") else None,
        search=form.get("search"),
        counterparty=form.get("counterparty"),
    )


def _day(form: Form, name: str) -> date:
    text = form.get(name)
    try:
        return parse_day(text)
    except ValueError:
        told = f"{_LABELS[name]}: {shown(text) if text else 'nothing'} is no day."
        raise SpanRefused(told, remedy="Write days as 2026-12-01.") from None
    except DayOutOfRange as error:
        raise SpanRefused(f"{_LABELS[name]}: {error.sentence}", remedy=error.remedy) from None


def _page(viewer: Viewer, typed: Mapping[str, str], error: LifecycleError | None = None) -> HTMLResponse:
    asked = {
        "from": (viewer.today - _YEAR).isoformat(), "until": viewer.today.isoformat(), "as_of": "", "search": "",
        "counterparty": "", **typed,
    }  # fmt: skip
    with viewer.look() as work:
        made = packs_made(work, viewer.person, limit=_SHOWN)
    return show(
        viewer, "evidence.html", status=422 if error else 200, typed=asked, error=error, made=made,
        places=reports(viewer),
    )  # fmt: skip
