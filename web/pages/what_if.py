"""``/agreements/{id}/what-if`` and ``/what-if``: what would move if something were otherwise. Nothing is written.

The query string holds all that is supposed; for many agreements also the search that chooses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from engine.forecasting.supposing import What
from engine.tabling import as_csv
from lifecycle.errors import LifecycleError
from notifiers.wording import counted
from store.queries.agreement_lists import agreement_by_id, agreement_page
from web.agreements.fields import filled
from web.agreements.lines import ListAsked
from web.agreements.supposed import Asked, Supposed, groups, supposed
from web.frame.rendering import show
from web.frame.viewer import SignedIn, Viewer
from web.pages.agreement import framed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.monitor import Work
    from engine.tabling import Cell
    from lifecycle.agreements.agreement import Agreement
    from web.frame.site import Site

MOST: Final = 25  # agreements that are supposed at once
_HEADER: Final = ("reference", "kind", "cycle", "change", "before", "after", "because")


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/agreements/{agreement_id}/what-if", methods=["GET", "HEAD"])
    def one(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """Of one agreement."""
        with viewer.look() as work:
            return _one(viewer, work, agreement_by_id(work, agreement_id, viewer.person))

    @made.api_route("/agreements/{agreement_id}/what-if.csv", methods=["GET", "HEAD"])
    def one_exported(viewer: SignedIn, agreement_id: str) -> Response:
        """Its days before and after."""
        asked = Asked.of(viewer.request.query_params)
        with viewer.look() as work:
            agreement = agreement_by_id(work, agreement_id, viewer.person)
            return _exported([supposed(work, agreement, asked, work.today(agreement))])

    @made.api_route("/what-if", methods=["GET", "HEAD"])
    def many(viewer: SignedIn) -> HTMLResponse:
        """Of all that a search finds."""
        return _many(viewer)

    @made.api_route("/what-if.csv", methods=["GET", "HEAD"])
    def many_exported(viewer: SignedIn) -> Response:
        """Their days before and after."""
        asked = Asked.of(viewer.request.query_params)
        with viewer.look() as work:
            return _exported(_each(work, _found(viewer, work)[0], asked))

    return made


def _one(viewer: Viewer, work: Work, agreement: Agreement) -> HTMLResponse:
    frame = framed(viewer, work, agreement, "/what-if")
    frame.pop("rows")
    asked = Asked.of(viewer.request.query_params)
    found = supposed(work, agreement, asked, work.today(agreement))
    return show(
        viewer,
        "agreement-what-if.html",
        status=422 if found.errors else 200,
        **frame,
        groups=filled(groups(work), asked.texts, found.errors),
        found=found,
        asked=asked,
        made_so=asked.made_so(agreement) if not found.errors and "amend" in _names(frame["entries"]) else [],
        suggestions=_suggestions(work, agreement),
    )


def _many(viewer: Viewer) -> HTMLResponse:
    asked = Asked.of(viewer.request.query_params)
    with viewer.look() as work:
        error: LifecycleError | None = None
        agreements: list[Agreement] = []
        total = 0
        try:
            agreements, total = _found(viewer, work)
        except LifecycleError as refused:
            error = refused
        found = list(_each(work, agreements, asked)) if not asked.is_empty else []
        errors = {name: text for one in found for name, text in one.errors.items() if name} if found else {}
        form = filled(groups(work), asked.texts, errors)
    return show(
        viewer,
        "what-if.html",
        status=422 if error else 200,
        query=viewer.request.query_params.get("q", "").strip(),
        groups=form,
        asked=asked,
        found=found,
        matched=agreements,
        total=total,
        match=f"{counted(total, 'agreement')} {'matches' if total == 1 else 'match'}",
        most=MOST,
        error=error,
        changed={one.agreement.id: _changed(one) for one in found},
    )


def _found(viewer: Viewer, work: Work) -> tuple[list[Agreement], int]:
    """The first agreements of a search, and how many there are. Raises SearchRefused."""
    wanted = ListAsked.of(viewer.request.query_params)
    page = agreement_page(work, wanted.wanted(wanted.search()), viewer.person, limit=MOST)
    return [row.agreement for row in page.rows], page.total


def _each(work: Work, agreements: Iterable[Agreement], asked: Asked) -> Iterator[Supposed]:
    return (supposed(work, one, asked, work.today(one)) for one in agreements)


def _changed(one: Supposed) -> tuple[int, int]:
    """How many days and messages would be others."""
    if one.difference is None:
        return 0, 0
    others = (What.ADDED, What.REMOVED, What.MOVED)
    return len(one.difference.days_that(*others)), len(one.difference.messages_that(*others))


def _suggestions(work: Work, agreement: Agreement) -> list[tuple[str, str]]:
    """Two what-ifs to begin with."""
    today = work.today(agreement).isoformat()
    return [
        ("If notice took 90 days", Asked(texts={"notice_period": "90 days"}).address()),
        ("If we gave notice today", Asked(texts={"sent_on": today, "by": "us"}).address()),
    ]


def _exported(found: Iterable[Supposed]) -> Response:
    text = as_csv(_HEADER, (row for one in found for row in _rows(one)))
    headers = {"Content-Disposition": 'attachment; filename="what-if.csv"', "Cache-Control": "no-store"}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _rows(one: Supposed) -> Iterator[tuple[Cell, ...]]:
    for each in one.difference.days if one.difference else ():
        row = each.row
        was, now = (half.safe_on if half else None for half in (each.before, each.after))
        yield one.agreement.reference, row.key.kind.value, row.key.cycle, each.what.value, was, now, each.because


def _names(entries: Iterable[object]) -> set[str]:
    return {str(getattr(one, "name", "")) for one in entries}
