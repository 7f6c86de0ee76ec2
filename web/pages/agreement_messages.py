"""``/agreements/{id}/messages``: what will be sent, what was sent, how each of them reads."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.delivery.previewing import preview, send_to, step_at
from engine.documents.readable import readable
from engine.forecasting.forecast import forecast
from lifecycle.rights import Act
from store.queries.agreement_lists import agreement_by_id
from web.agreements import messages
from web.agreements.acts import standing_of
from web.agreements.missing import Missing
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn, Viewer
from web.operating.previews import told_at
from web.pages.agreement import framed

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.playbooks.ladder import PlannedStep
    from store.deliveries import Body
    from web.frame.site import Site

_AHEAD: Final = timedelta(days=365)
_SHOWN: Final = 40
#: A mail as its reader sees it: its own style, and nothing else from anywhere.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/agreements/{agreement_id}/messages", methods=["GET", "HEAD"])
    def listed(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """What will be sent if nobody answers, and what was sent."""
        with viewer.look() as work:
            return _listed(viewer, work, agreement_by_id(work, agreement_id, viewer.person))

    @made.api_route("/agreements/{agreement_id}/messages/preview", methods=["GET", "HEAD"])
    def shown(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """One message as text, with its HTML a click away."""
        return _shown(viewer, agreement_id)

    @made.api_route("/agreements/{agreement_id}/messages/preview.html", methods=["GET", "HEAD"])
    def as_html(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """One mail as its reader sees it, in a page that can do nothing."""
        with viewer.look() as work:
            _, body = _asked(viewer, work, agreement_id)
        html = readable(body).html
        if not html:
            raise Missing("HTML in this message", "Look at its text.")
        return HTMLResponse(html, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})

    @made.post("/agreements/{agreement_id}/messages/send-test")
    def test(viewer: SignedIn, agreement_id: str, form: Posted) -> RedirectResponse:
        """The message goes to whoever asks, and to nobody else."""
        with viewer.work() as work:
            agreement = agreement_by_id(work, agreement_id, viewer.person)
            milestone, step = _step(work, agreement, form.get("milestone"), form.get("place"))
            told = send_to(work, agreement, milestone, step, viewer.person)
        return go(viewer, f"/agreements/{agreement_id}/messages", f"A test is on its way to {told.address}.")

    return made


def _listed(viewer: Viewer, work: Work, agreement: Agreement) -> HTMLResponse:
    frame = framed(viewer, work, agreement, "/messages")
    rows = frame.pop("rows")
    may_read = viewer.may(Act.READ_LOG, standing_of(viewer.person, agreement))
    found = forecast(work, viewer.today + _AHEAD, reference=agreement.reference)
    with_all = viewer.request.query_params.get("show") == "all"
    planned = messages.planned(found.items)
    sent = messages.sent(work.deliveries.of_milestones([row.id for row in rows]), rows) if may_read else []
    return show(
        viewer,
        "agreement-messages.html",
        **frame,
        planned=planned if with_all else planned[:_SHOWN],
        more_planned=0 if with_all else max(0, len(planned) - _SHOWN),
        unresolved=found.unresolved,
        sent=sent if with_all else sent[:_SHOWN],
        more_sent=0 if with_all else max(0, len(sent) - _SHOWN),
        may_read=may_read,
    )


def _shown(viewer: Viewer, agreement_id: str) -> HTMLResponse:
    said = viewer.request.query_params
    with viewer.look() as work:
        agreement, body = _asked(viewer, work, agreement_id)
        frame = framed(viewer, work, agreement, "/messages")
    frame.pop("rows")
    return show(
        viewer,
        "agreement-message.html",
        **frame,
        message=readable(body),
        query=viewer.request.url.query,
        milestone=said.get("milestone", ""),
        place=said.get("place", ""),
        is_sent="delivery" in said,
    )


def _asked(viewer: Viewer, work: Work, agreement_id: str) -> tuple[Agreement, Body]:
    """The message that the address names: one that was sent, or one to come. Raises Missing, Forbidden."""
    said = viewer.request.query_params
    agreement = agreement_by_id(work, agreement_id, viewer.person)
    if "delivery" in said:
        return agreement, _sent(viewer, work, agreement, said["delivery"])
    milestone, step = _step(work, agreement, said.get("milestone", ""), said.get("place", ""))
    if not said.get("to") or not said.get("channel"):
        raise Missing("such recipient", "Look at the messages again.")
    told = told_at(work, (agreement, milestone), step, to=said["to"], channel=said["channel"])
    return agreement, preview(work, agreement, milestone, step, told)


def _sent(viewer: Viewer, work: Work, agreement: Agreement, delivery_id: str) -> Body:
    viewer.require(Act.READ_LOG, standing_of(viewer.person, agreement))
    body = work.deliveries.body(delivery_id) if work.deliveries.get(delivery_id).agreement_id == agreement.id else None
    if body is None:
        raise Missing("text of this message", "It was not composed yet.")
    return body


def _step(work: Work, agreement: Agreement, milestone_id: str, place: str) -> tuple[Milestone, PlannedStep]:
    milestone = work.milestones.get(milestone_id)
    if milestone.key.holder != agreement.id:
        raise Missing("such deadline", "Look at the messages again.")
    return milestone, step_at(work, agreement, milestone, place)
