"""``/audits/{agreement_id}``: the audits of one agreement, and everything that is done with them (INTERFACE.md P13)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.documents.audits import audit_document
from engine.standing import standing
from lifecycle.errors import LifecycleError
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.obligations.audits import Severity
from lifecycle.obligations.evidence import NAMES, EvidenceKind
from lifecycle.rights import Act
from notifiers.wording import capital, day
from store.queries.agreement_lists import agreement_by_id
from web.audits.doing import ACTS, acted
from web.audits.strips import drawing, strips_of
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer

_ANSWERED: Final = frozenset({MilestoneKind.AUDIT, MilestoneKind.EVIDENCE, MilestoneKind.CERTIFICATE})
_KINDS: Final = tuple((kind.value, name) for kind, name in NAMES.items())
_SEVERITIES: Final = tuple((one.value, one.value.capitalize()) for one in Severity)


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    """One page, and its forms."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/audits/{agreement_id}", methods=["GET", "HEAD"])
    def one(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """Rights, reports, findings, and what no report covers."""
        return _page(viewer, agreement_id)

    @made.post("/audits/{agreement_id}/{act}", response_model=None)
    def done(viewer: SignedIn, agreement_id: str, act: str, form: Posted) -> HTMLResponse | RedirectResponse:
        """Ask, receive, review, accept, withdraw; record and test findings; add and end rights."""
        try:
            with viewer.work() as work:
                agreement = agreement_by_id(work, agreement_id, viewer.person)
                viewer.require(Act.REGISTER, standing(work, viewer.person, agreement))
                told = acted(work, agreement, act, form)
        except LifecycleError as error:
            if error.code in {"not-found", "forbidden"}:
                raise
            return _page(viewer, agreement_id, act=act, form=form, error=error)
        if told.url:
            return _page(viewer, agreement_id, told=told.said, url=told.url)
        return go(viewer, f"/audits/{agreement_id}", told.said)

    return made


def _page(  # noqa: PLR0913 - a page as it is, after a form was refused, or with a link that is shown once
    viewer: Viewer,
    agreement_id: str,
    *,
    act: str = "",
    form: Form | None = None,
    error: LifecycleError | None = None,
    told: str = "",
    url: str = "",
) -> HTMLResponse:
    with viewer.look() as work:
        agreement = agreement_by_id(work, agreement_id, viewer.person)
        content = _content(work, viewer, agreement)
    typed: dict[str, Any] = form.typed if form else {}
    return show(
        viewer,
        "audit.html",
        status=422 if error else 200,
        agreement=agreement,
        act=act if act in ACTS else "",
        typed=typed,
        error=error,
        told=told,
        url=url,
        kinds=_KINDS,
        severities=_SEVERITIES,
        **content,
    )


def _content(work: Work, viewer: Viewer, agreement: Agreement) -> dict[str, Any]:
    found = work.evidence.of(agreement.id)
    today: date = work.today(agreement)
    covered = strips_of(agreement.counterparty, found, today)
    return {
        "audits": audit_document(work, agreement),
        "may_act": viewer.may(Act.REGISTER, standing(work, viewer.person, agreement)),
        "covered": covered,
        "chart": drawing(covered, is_of_one=True),
        "answered": _open_deadlines(work, agreement),
        "contact": next((one.contact for one in reversed(found) if one.contact), None),
        "is_draft": work.house.external_mail != "send",
        "names": {kind.value: name for kind, name in NAMES.items()},
        "other": EvidenceKind.OTHER.value,
    }


def _open_deadlines(work: Work, agreement: Agreement) -> list[tuple[str, str]]:
    """Deadlines that a report can answer, to choose from."""
    rows = [row for row in work.milestones.of(agreement.id) if row.is_live and row.key.kind in _ANSWERED]
    rows.sort(key=lambda row: (row.safe_on, row.id))
    return [(row.id, f"{capital(row.name or row.key.kind.value)}, {day(row.safe_on)}") for row in rows[:20]]
