"""``/deadlines/bulk`` and ``/deadlines/export``: several deadlines at once, answered after a preview or taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from engine.tabling import as_csv, as_xlsx
from notifiers.wording import counted
from store.queries.deadlines import Deadlines
from web.deadlines.acting import back_to
from web.deadlines.asked import Asked
from web.deadlines.exports import HEADERS, cells
from web.deadlines.together import CHOICES, MOST, PLAIN, answered, chosen
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from web.deadlines.together import Outcome
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NAMED: Final = 3  # of those that were refused
_DID: Final = {
    "ack": "acknowledged",
    "snooze": "snoozed",
    "assign": "assigned",
    "verify": "verified",
    "waive": "waived",
}


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    """Stands before the page of one deadline, whose address would take these words for an id."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/deadlines/export.csv", methods=["GET", "HEAD"])
    def take_csv(viewer: SignedIn, request: Request) -> Response:
        return _exported(viewer, Asked.of(request.query_params), "csv")

    @made.api_route("/deadlines/export.xlsx", methods=["GET", "HEAD"])
    def take_xlsx(viewer: SignedIn, request: Request) -> Response:
        return _exported(viewer, Asked.of(request.query_params), "xlsx")

    @made.api_route("/deadlines/bulk", methods=["GET", "HEAD"])
    def nothing_chosen(viewer: SignedIn) -> RedirectResponse:
        return go(viewer, "/deadlines")

    @made.post("/deadlines/bulk")
    def preview(viewer: SignedIn, form: Posted) -> Response:
        return _preview(viewer, form)

    @made.post("/deadlines/bulk/do")
    def do(viewer: SignedIn, form: Posted) -> Response:
        return _done(viewer, form)

    return made


def _exported(viewer: Viewer, asked: Asked, form: str) -> Response:
    _, wrong = asked.searched()
    if wrong is not None:
        return go(viewer, asked.path())
    with viewer.look() as work:
        lists = Deadlines(work, person=viewer.person, today=viewer.today)
        rows = list(cells(work, lists, asked.wanted(viewer, viewer.today)))
    content = as_csv(HEADERS, rows) if form == "csv" else as_xlsx("deadlines", HEADERS, rows)
    name = f"deadlines-{viewer.today.isoformat()}.{form}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=_XLSX if form == "xlsx" else "text/csv; charset=utf-8", headers=headers)


def _preview(viewer: Viewer, form: Form) -> Response:
    ids, back = form.all("id"), back_to(form.get("back"), "/deadlines")
    if not ids:
        return go(viewer, back, "Nothing was chosen. Tick the deadlines that you want to answer together.", tone="note")
    operation = _operation(form)
    if not operation:
        return _page(viewer, form, back, rows=chosen(viewer, ids))
    rows, wrong = answered(viewer, ids, operation, form, is_dry_run=True)
    return _page(viewer, form, back, rows=rows, operation=operation, errors=wrong)


def _done(viewer: Viewer, form: Form) -> Response:
    ids, back, operation = form.all("id"), back_to(form.get("back"), "/deadlines"), _operation(form)
    if not ids or not operation:
        return go(viewer, back)
    rows, wrong = answered(viewer, ids, operation, form, is_dry_run=False)
    if wrong:
        return _page(viewer, form, back, rows=rows, operation=operation, errors=wrong)
    good = sum(1 for one in rows if one.is_good)
    left = [one for one in rows if not one.is_good]
    said = f"{counted(good, 'deadline')} {_DID[operation]}."
    if not left:
        return go(viewer, back, said)
    why = " ".join(f"{one.label}: {one.said}" for one in left[:_NAMED])
    return go(viewer, back, f"{said} {len(left)} refused. {why}", tone="note")


def _operation(form: Form) -> str:
    named = form.get("operation")
    return named if named in dict(CHOICES) else ""


def _page(  # noqa: PLR0913 - what a page is made of
    viewer: Viewer,
    form: Form,
    back: str,
    *,
    rows: list[Outcome],
    operation: str = "",
    errors: Mapping[str, str] | None = None,
) -> Response:
    content: dict[str, Any] = {
        "rows": rows,
        "back": back,
        "operation": operation,
        "choices": CHOICES,
        "plain": PLAIN,
        "typed": form.typed,
        "errors": dict(errors or {}),
        "good": sum(1 for one in rows if one.is_good),
        "left_out": max(0, len(form.all("id")) - MOST),
    }
    return show(viewer, "deadlines-together.html", status=422 if errors else 200, **content)
