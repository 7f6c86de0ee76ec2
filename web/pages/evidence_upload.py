"""``/evidence-upload/{token}``: where the other side uploads what it was asked for (INTERFACE.md P13).

Whoever has the link may look and upload, without an account; it is good for one request and a while. GET and HEAD
show and change nothing. Every file gets a clear answer, and is kept whole or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final

import structlog
from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from engine import operations
from engine.file_types import ACCEPTED, media_type_of
from engine.monitor import place_of
from engine.operations import Came, Given, Sent
from engine.zones import zone
from lifecycle.days.dates import parse_day
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor
from lifecycle.obligations.evidence import must_be_orderly
from lifecycle.rights import Forbidden
from notifiers.wording import day, one_line, size_words, span_words
from web.arriving import Arrived, arrived
from web.standalone import page, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from engine.monitor import Monitor, Work
    from engine.operations import Taken
    from lifecycle.agreements.documents import Document
    from lifecycle.obligations.evidence import EvidenceRequest
    from web.frame.site import Site

log = structlog.get_logger(__name__)
_SAME: Final = frozenset({"same-origin", "none"})
_STATUS: Final[Mapping[str, HTTPStatus]] = {
    "unknown-link": HTTPStatus.NOT_FOUND,
    "not-found": HTTPStatus.NOT_FOUND,
    "link-over": HTTPStatus.GONE,
    "forbidden": HTTPStatus.FORBIDDEN,
    "unsupported-media-type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "file-empty": HTTPStatus.UNPROCESSABLE_ENTITY,
    "refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "day-out-of-range": HTTPStatus.UNPROCESSABLE_ENTITY,
}
#: What is wrong with what came, by its status: sentence, remedy.
_WRONG: Final[Mapping[int, tuple[str, str]]] = {
    400: ("The file did not arrive whole. Nothing of it was kept.", "Send it again; the request is still open."),
    408: ("The file took too long to arrive. Nothing of it was kept.", "Send it again, over a faster connection."),
    413: ("The file is too large. Nothing of it was kept.", "Send a smaller one, or several in turn."),
    422: ("There was no file.", "Choose the file, then send it."),
}
_FAILED: Final = ("That did not work, and nothing was kept.", "Try again in a moment; the request is still open.")


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a file, above the page."""

    heading: str
    text: str
    is_good: bool = False


class _ElsewhereSent(Forbidden):
    """A form from another site."""

    def __init__(self) -> None:
        super().__init__("That came from another site. Nothing was kept.", remedy="Open the link, and send it there.")


async def _sent(
    request: Request, token: str, sec_fetch_site: Annotated[str, Header()] = "none"
) -> Arrived | LifecycleError:
    """What came by a link that works; its body is not even read where it does not."""
    site: Site = request.app.state.site
    try:
        if sec_fetch_site not in _SAME:
            raise _ElsewhereSent
        await run_in_threadpool(_must_work, site.monitor, token)
    except LifecycleError as error:
        return error
    return await arrived(request, site.upload_most)


def router(site: Site) -> APIRouter:
    """One page, for anybody who has a link."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/evidence-upload/{token}", methods=["GET", "HEAD"])
    def look(token: str) -> HTMLResponse:
        """Show what is asked for, and nothing else."""
        try:
            return _show(site, token)
        except Exception as error:  # noqa: BLE001 - whatever it is, a page says so
            return _refused(error)

    @made.post("/evidence-upload/{token}")
    def take(token: str, sent: Annotated[Arrived | LifecycleError, Depends(_sent)]) -> HTMLResponse:
        """Keep the file, and say what became of it."""
        if isinstance(sent, LifecycleError):
            return _refused(sent)
        try:
            return _taken(site, token, sent)
        except Exception as error:  # noqa: BLE001 - whatever it is, a page says so
            return _refused(error)

    return made


def _must_work(monitor: Monitor, token: str) -> None:
    with monitor.look() as work:
        operations.open_upload(work, token)


def _taken(site: Site, token: str, came: Arrived) -> HTMLResponse:
    """1. What is no file is said. 2. The file is kept on the disk. 3. The request knows it, in one transaction."""
    monitor = site.monitor
    if came.status != HTTPStatus.OK:
        wrong, remedy = _WRONG[came.status]
        return _show(site, token, Said(wrong, remedy), HTTPStatus(came.status), came.fields)
    with monitor.look() as work:
        request = operations.open_upload(work, token)
    try:
        media_type_of(came.content)  # before anything is written
        sent = Sent(
            given=Given(name=came.name, content=came.content),
            covers_from=_day(came.fields, "covers_from"),
            covers_until=_day(came.fields, "covers_until"),
        )
        must_be_orderly(sent.covers_from, sent.covers_until)
        if monitor.shelf is not None:
            monitor.shelf.put(came.content)  # the slow part, while nobody waits for the database
        with monitor.work(_actor(request)) as work:
            told = _told(operations.take_upload(work, token, sent))
    except LifecycleError as error:
        status = _STATUS.get(error.code)
        if status not in {HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.UNPROCESSABLE_ENTITY}:
            raise
        return _show(site, token, Said(error.sentence, error.remedy), status, came.fields)
    return _show(site, token, told)


def _actor(request: EvidenceRequest) -> Actor:
    return Actor(request.contact.email if request.contact else "a link", "upload")


def _told(taken: Taken) -> Said:
    name = one_line(taken.document.name, 120)
    digest = f"SHA-256 {taken.document.sha256}"
    match taken.came:
        case Came.ALREADY:
            return Said("This file is here already.", f"{name} is the same, byte for byte. {digest}.", is_good=True)
        case Came.SPAN:
            covers = span_words(taken.request.covers_from, taken.request.covers_until)
            text = f"{name} is the same, byte for byte; it covers {covers}. {digest}."
            return Said("Thank you, the days are noted.", text, is_good=True)
        case Came.VERSION:
            text = f"{name} is version {taken.number}; what you sent before is kept as well. {digest}."
            return Said("Thank you, the new version is here.", text, is_good=True)
        case Came.FIRST:
            return Said("Thank you, the file is here.", f"{name} has arrived whole. {digest}.", is_good=True)


def _day(fields: Mapping[str, str], name: str) -> date | None:
    """A day of the form. Raises NoDay."""
    said = fields.get(name, "")
    try:
        return parse_day(said) if said else None
    except ValueError:
        raise NoDay(said) from None


class NoDay(LifecycleError):
    """Something that was typed and is no day."""

    code = "refused"

    def __init__(self, said: str) -> None:
        super().__init__(f"{one_line(said, 40)} is no day. Nothing was kept.", remedy="Write it like 2027-01-31.")


def _show(
    site: Site,
    token: str,
    told: Said | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    typed: Mapping[str, str] | None = None,
) -> HTMLResponse:
    with site.monitor.look() as work:
        request = operations.open_upload(work, token)
        return page(
            "evidence-upload.html", status=status, told=told, typed=typed or {}, **_content(site, work, request)
        )


def _content(site: Site, work: Work, request: EvidenceRequest) -> dict[str, Any]:
    agreement = work.agreements.get(request.agreement_id)
    home = zone(agreement.time_zone)
    until = (request.link_until or work.now) - timedelta(seconds=1)
    return {
        "what": request.what,
        "asker": site.organisation or "We",
        "under": agreement.title or "our agreement",
        "reference": agreement.reference,
        "due": day(request.due_on),
        "is_late": request.due_on < work.today(agreement),
        "span": span_words(request.covers_from, request.covers_until),
        "note": request.note,
        "until": day(until.astimezone(home).date()),
        "takes": ACCEPTED,
        "most": size_words(site.upload_most),
        "here": [_line(work.documents.get(one), home) for one in request.documents],
        "covers_from": request.covers_from,
        "covers_until": request.covers_until,
    }


def _line(document: Document, home: ZoneInfo) -> tuple[str, str]:
    """One that is here, by its name, with its size and its day."""
    size = f"{size_words(document.size)}, " if document.size is not None else ""
    return one_line(document.name, 120), f"{size}{day(document.added_at.astimezone(home).date())}"


def _refused(error: Exception) -> HTMLResponse:
    if not isinstance(error, LifecycleError):
        log.error("an upload failed", why=f"{type(error).__name__} in {place_of(error)}")
        return refusal(HTTPStatus.SERVICE_UNAVAILABLE, *_FAILED)
    return refusal(_STATUS.get(error.code, HTTPStatus.SERVICE_UNAVAILABLE), error.sentence, error.remedy)
