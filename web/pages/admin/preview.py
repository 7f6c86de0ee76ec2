"""``/admin/preview``: every kind of message about an agreement of choice, in every channel, as it reads (P20)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from engine.delivery.specimens import Specimen
from engine.documents.readable import readable
from lifecycle.rights import Act
from notifiers.wording import milestone_words, stage_words
from store.queries import Queries
from store.queries.entering import NotFound
from store.queries.search import NOTHING
from web.agreements.missing import Missing
from web.frame.viewer import SignedIn
from web.operating.previews import asked_for, composed
from web.pages.admin import words
from web.pages.admin.frame import page
from web.pages.admin.outbox import POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.monitor import Work
    from store.deliveries import Body
    from web.frame.site import Site
    from web.frame.viewer import Viewer

HERE: Final = "/admin/preview"
_BOLD: Final = re.compile(r"\*([^*\n]+)\*")  # how Slack marks what is bold, and links
_LINK: Final = re.compile(r"<[^|>]+\|([^>]+)>")
_KINDS: Final = (
    (Specimen.STEP.value, "A reminder"),
    (Specimen.CHANGED.value, "A day has moved"),
    (Specimen.DIGEST.value, "A digest"),
    (Specimen.QUIET.value, "All is quiet"),
    (Specimen.REQUEST.value, "A request to pass on"),
    (Specimen.INCIDENT.value, "An incident"),
    (Specimen.TEST.value, "A test"),
)


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route(HERE, methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.ADMINISTER)
        with viewer.look() as work:
            return _page(viewer, work)

    @made.api_route(f"{HERE}/mail", methods=["GET", "HEAD"])
    def as_html(viewer: SignedIn) -> HTMLResponse:
        """A mail as its reader sees it, in a page that can do nothing."""
        viewer.require(Act.ADMINISTER)
        with viewer.look() as work:
            asked = asked_for(viewer, work, viewer.request.query_params)
            html = readable(composed(viewer, work, asked)).html if asked else ""
        if not html:
            raise Missing("HTML in this message", "Look at its text.")
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})

    return made


def _page(viewer: Viewer, work: Work) -> HTMLResponse:
    wrong, asked = "", None
    try:
        asked = asked_for(viewer, work, viewer.request.query_params)
    except NotFound as error:
        wrong = error.sentence
    body = composed(viewer, work, asked) if asked else None
    references = [one.reference for one in Queries.of(work, person=viewer.person).agreements(NOTHING)]
    return page(
        viewer, "preview", HERE, status=404 if wrong else 200, wrong=wrong, asked=asked, references=references,
        kinds=_KINDS, channels=[(one, words.CHANNELS.get(one, one)) for one in viewer.monitor.notifiers],
        days=[(one.id, milestone_words(one)) for one in asked.days] if asked else [],
        steps=[(one, _step(one)) for one in asked.steps] if asked else [],
        message=readable(body) if body else None, blocks=list(_blocks(body)) if body else [],
        query=viewer.request.url.query,
    )  # fmt: skip


def _step(place: str) -> str:
    stage, step, repeat = (*place.split("."), "0", "0")[:3]
    told = stage_words(stage)
    told += f", escalation {step}" if step != "0" else ""
    return told + (f", again {repeat}" if repeat != "0" else "")


def _blocks(body: Body) -> Iterator[tuple[str, list[str]]]:
    """The blocks of a message in Slack: what each is, and its texts."""
    if "json" not in body.content_type:
        return
    found: Any = json.loads(body.body)
    for block in found.get("blocks", ()) if isinstance(found, dict) else ():
        parts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        yield str(block.get("type", "")), [text for part in parts if (text := _text(part))]


def _text(part: Any) -> str:  # noqa: ANN401 - a part of a block, of many shapes
    text = part.get("text") if isinstance(part, dict) else part
    said = str(text.get("text", "")) if isinstance(text, dict) else str(text or "")
    return _LINK.sub(r"\1", _BOLD.sub(r"\1", said))
