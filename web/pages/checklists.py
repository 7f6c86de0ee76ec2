"""``/checklists``: named sets of obligations, tried on an agreement before they are kept (INTERFACE.md P18).

One form: its first button runs the operation and rolls it back, so that the days shown are the days that will be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from lifecycle.days.dates import parse_day
from lifecycle.errors import LifecycleError
from lifecycle.rights import RIGHTS, Act, Right
from notifiers.wording import counted
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn
from web.govern.books import rules_of
from web.govern.checklists import brought, items, named
from web.govern.places import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecycle.obligations.checklist import Checklist
    from web.frame.site import Site
    from web.frame.viewer import Viewer
    from web.govern.checklists import Brought


class NoDay(LifecycleError):
    """A text that is no day."""

    code = "no-day"

    def __init__(self) -> None:
        super().__init__("The day of application is no day.", remedy="Write it as 2026-12-31.")


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/checklists", methods=["GET", "HEAD"])
    def every(viewer: SignedIn) -> HTMLResponse:
        """Those that there are; with ``show`` the items of one, and with ``agreement`` the form filled in."""
        query = viewer.request.query_params
        if not query.get("show"):
            return show(viewer, "checklists.html", found=rules_of(viewer).checklists(), places=RULES)
        typed = {
            "agreement": query.get("agreement", ""),
            "counterparty": query.get("counterparty", ""),
            "from_on": query.get("from_on", "") or viewer.today.isoformat(),
        }
        return _one(viewer, named(rules_of(viewer), query["show"]), typed)

    @made.post("/checklists/{name}", response_model=None)
    def apply(viewer: SignedIn, form: Posted, name: str) -> HTMLResponse | RedirectResponse:
        """Lay it over an agreement, or a counterparty: looked at first, then kept. Twice is once."""
        checklist, is_kept = named(rules_of(viewer), name), form.get("step") == "keep"
        try:
            found = _laid(viewer, checklist, form.typed, is_kept=is_kept)
        except LifecycleError as error:
            return _one(viewer, checklist, form.typed, error=error)
        if not is_kept:
            return _one(viewer, checklist, form.typed, trial=found)
        said = f"{counted(found.new, 'obligation')} of {checklist.name} added to {found.agreement.reference}."
        return go(viewer, f"/agreements/{found.agreement.id}", said)

    return made


def _laid(viewer: Viewer, checklist: Checklist, typed: Mapping[str, str], *, is_kept: bool) -> Brought:
    try:
        on = parse_day(typed.get("from_on", ""))
    except ValueError:
        raise NoDay from None
    with viewer.work(is_dry_run=not is_kept) as work:
        return brought(work, viewer, checklist, typed, on)


def _one(
    viewer: Viewer,
    checklist: Checklist,
    typed: Mapping[str, str],
    *,
    trial: Brought | None = None,
    error: LifecycleError | None = None,
) -> HTMLResponse:
    may = RIGHTS[Act.REGISTER][viewer.person.role] in {Right.YES, Right.OWN}
    content = {
        "checklist": checklist,
        "table": items(checklist),
        "typed": {"agreement": "", "counterparty": "", "from_on": ""} | dict(typed),
        "trial": trial,
        "error": error,
    }
    return show(viewer, "checklist.html", status=422 if error else 200, may_apply=may, **content)
