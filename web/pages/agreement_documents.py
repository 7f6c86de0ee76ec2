"""``/agreements/{id}/documents`` and ``/disclosures``: what is kept with an agreement, what was handed over under it.

A kept file leaves as an attachment of no type, proven by its hash: nothing that somebody handed in is ever shown by us.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from engine import operations as ops
from engine.documents.relationship import disclosure_documents, document_document
from engine.shelf import kept_file
from lifecycle.agreements.documents import Purpose
from lifecycle.errors import LifecycleError
from lifecycle.findings.of_assets import asset_findings
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.rights import Act
from store.queries.agreement_lists import agreement_by_id
from store.queries.assets import seen_assets_of
from web.agreements.acts import standing_of
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn, Viewer
from web.pages.agreement import framed

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from web.frame.forms import Form
    from web.frame.site import Site

_PURPOSES: Final = tuple((one.value, one.value.capitalize()) for one in Purpose)
_AS_FILE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    """The two parts of an agreement's page, and its files."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/agreements/{agreement_id}/documents", methods=["GET", "HEAD"])
    def documents(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """The document itself, what is kept, and what was given as evidence."""
        return _documents(viewer, agreement_id)

    @made.post("/agreements/{agreement_id}/documents", response_model=None)
    def keep(viewer: SignedIn, agreement_id: str, form: Posted) -> HTMLResponse | RedirectResponse:
        """Keep a file, or note where it lies and who has the paper."""
        return _keep(viewer, agreement_id, form)

    @made.api_route("/agreements/{agreement_id}/documents/{document_id}", methods=["GET", "HEAD"])
    def file(viewer: SignedIn, agreement_id: str, document_id: str) -> Response:
        """A kept file."""
        with viewer.look() as work:
            found, content = kept_file(work, agreement_by_id(work, agreement_id, viewer.person), document_id)
        told = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}", **_AS_FILE}
        return Response(content, media_type="application/octet-stream", headers=told)

    @made.api_route("/agreements/{agreement_id}/disclosures", methods=["GET", "HEAD"])
    def disclosures(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """What was handed over under it, how long each is protected, what has come back; the assets that it covers."""
        with viewer.look() as work:
            return _disclosures(viewer, work, agreement_by_id(work, agreement_id, viewer.person))

    return made


def _documents(
    viewer: Viewer, agreement_id: str, *, form: Form | None = None, error: LifecycleError | None = None
) -> HTMLResponse:
    with viewer.look() as work:
        agreement = agreement_by_id(work, agreement_id, viewer.person)
        frame = framed(viewer, work, agreement, "/documents")
        rows = frame.pop("rows")
        given = [row for row in rows if row.outcome is not None and row.outcome.evidence]
        kept = [document_document(one) for one in work.documents.of(agreement.id)]
        return show(
            viewer,
            "agreement-documents.html",
            status=422 if error else 200,
            **frame,
            document=agreement.document,
            original=next((one["name"] for one in kept if one["purpose"] == Purpose.ORIGINAL), ""),
            proof=agreement.notice.proof if agreement.notice else "",
            evidence=[(row, row.outcome) for row in reversed(given)],
            kept=kept,
            purposes=_PURPOSES,
            names={row.id: row.name or row.key.kind.value for row in rows},
            may_keep=_may_change(viewer, agreement),
            typed=form.typed if form else {},
            error=error,
        )


def _keep(viewer: Viewer, agreement_id: str, form: Form) -> HTMLResponse | RedirectResponse:
    file, purpose = form.file("file"), form.get("purpose")
    try:
        with viewer.work() as work:
            agreement = agreement_by_id(work, agreement_id, viewer.person)
            viewer.require(Act.REGISTER, standing_of(viewer.person, agreement))
            given = ops.Given(
                name=form.get("name") or (file.name if file else form.get("link")) or form.get("held_by"),
                content=file.content if file else None,
                media_type=file.media_type if file else "",
                link=_link(form.get("link")),
                held_by=form.get("held_by")[:200],
                purpose=Purpose(purpose) if purpose in set(Purpose) else Purpose.OTHER,
            )
            kept = ops.keep_document(work, agreement, given)
    except LifecycleError as error:
        if error.code in {"not-found", "forbidden"}:
            raise
        return _documents(viewer, agreement_id, form=form, error=error)
    return go(viewer, f"/agreements/{agreement_id}/documents", f"{kept.name} is kept.")


def _disclosures(viewer: Viewer, work: Work, agreement: Agreement) -> HTMLResponse:
    frame = framed(viewer, work, agreement, "/disclosures")
    rows = [row for row in frame.pop("rows") if row.key.kind is MilestoneKind.RETURN]
    assets = seen_assets_of(work, [agreement.id], viewer.person)
    known = {one.asset.id: one.asset.name for one in assets}
    seen = {one.id: one for each in assets for one in each.agreements} | {agreement.id: agreement}
    found = asset_findings(tuple(seen.values()), [one.asset for one in assets], frame["agreement_today"])
    return show(
        viewer,
        "agreement-disclosures.html",
        **frame,
        given=disclosure_documents(agreement, rows, known),
        assets=assets,
        findings=[one for one in found if agreement.reference in one.about],
        may_change=_may_change(viewer, agreement) and not agreement.is_archived,
    )


class LinkRefused(LifecycleError):
    """A link that leads nowhere on the web."""

    code = "refused"


def _link(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise LinkRefused("This is no link.", remedy="Begin it with https://, or say who has the paper.")
    return text[:2000]


def _may_change(viewer: Viewer, agreement: Agreement) -> bool:
    return viewer.may(Act.REGISTER, standing_of(viewer.person, agreement))
