"""Action links: looking shows, the form's button acts, and never a script (INTERFACE.md H9).

Mail scanners open every link they see, so GET and HEAD change nothing
(https://github.com/MicrosoftDocs/microsoft-365-docs/issues/6451). A POST needs what only the page holds; the same form
sent again acts once. Whoever has the link acts as the person to whom it was sent, who can say that this is not them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Final

import structlog
from fastapi import APIRouter, Depends, Header
from fastapi.responses import HTMLResponse

from engine.incoming.answers import Asked
from engine.incoming.inbox import Incoming, receive
from engine.incoming.links import Links, Operation, ShownForm, UnknownLink
from engine.incoming.results import Outcome
from engine.incoming.showing import LinkExpired, shown
from engine.monitor import place_of
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor
from lifecycle.milestones.milestone import LIVE
from lifecycle.rights import Forbidden
from web.action_words import TYPED, Told, content_of, told_of
from web.bodies import form, limited
from web.standalone import page, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.incoming.links import ActionLink
    from engine.monitor import Monitor

log = structlog.get_logger(__name__)
_MOST: Final = 64 * 1024  # bytes of a form
_FORM_HOLDS: Final = timedelta(hours=12)
_SAME: Final = frozenset({"same-origin", "none"})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STATUS: Final[Mapping[Outcome, HTTPStatus]] = {
    Outcome.APPLIED: HTTPStatus.OK,
    Outcome.ALREADY: HTTPStatus.OK,
    Outcome.NOTED: HTTPStatus.OK,
    Outcome.KEPT: HTTPStatus.ACCEPTED,
    Outcome.STALE: HTTPStatus.CONFLICT,
    Outcome.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Outcome.UNKNOWN: HTTPStatus.NOT_FOUND,
    Outcome.REFUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
}


def router(monitor: Monitor) -> APIRouter:
    """The pages of action links; none where links are not signed."""
    made = APIRouter()
    links = monitor.links
    if links is None:
        return made

    @made.api_route("/act/{token}", methods=["GET", "HEAD"])
    def look(token: str, do: str = "") -> HTMLResponse:
        """Show, and nothing else."""
        return _looked(monitor, links, token, do)

    @made.post("/act/{token}")
    def act(
        token: str,
        body: Annotated[bytes, Depends(limited(_MOST))],
        sec_fetch_site: Annotated[str, Header()] = "none",
    ) -> HTMLResponse:
        """Act, once."""
        if sec_fetch_site not in _SAME:
            return refusal(HTTPStatus.FORBIDDEN, "That came from another site. Nothing was changed.", "Open the link.")
        return _acted(monitor, links, token, form(body))

    return made


def _looked(monitor: Monitor, links: Links, token: str, do: str) -> HTMLResponse:
    try:
        return _show(monitor, links, token, opened=do)
    except Exception as error:  # noqa: BLE001 - whatever it is, a page says so
        return _refused(error)


def _acted(monitor: Monitor, links: Links, token: str, given: Mapping[str, str]) -> HTMLResponse:
    """1. Whose link, and whose form. 2. What is asked comes in, once. 3. The page as it is now says what became of it.

    A form that is too old is shown anew with what was typed.
    """
    try:
        link = links.read(token)
        nonce = given.get("nonce", "")
        try:
            filled = links.read_nonce(token, nonce)
            operation = Operation(given.get("do", ""))
        except (UnknownLink, ValueError):
            return refusal(HTTPStatus.FORBIDDEN, "That form is not ours. Nothing was changed.", "Open the link again.")
        with monitor.look() as work:
            was_open = shown(work, link).standing.state in LIVE
        if monitor.clock.now() - (_EPOCH + timedelta(microseconds=filled.shown_at)) > _FORM_HOLDS:
            told = Told("Nothing was changed", "This page was old.", "See how it stands, then say it again.", False)  # noqa: FBT003
            return _show(monitor, links, token, HTTPStatus.CONFLICT, told=told, typed=given)
        result = receive(monitor, _incoming(monitor, link, operation, filled, given))
        return _show(
            monitor, links, token, _STATUS[result.outcome],
            told=told_of(operation, result, was_open=was_open), typed={} if result.is_good else given,
        )  # fmt: skip
    except Exception as error:  # noqa: BLE001 - whatever it is, a page says so
        return _refused(error)


def _incoming(
    monitor: Monitor, link: ActionLink, operation: Operation, filled: ShownForm, given: Mapping[str, str]
) -> Incoming:  # fmt: skip
    with monitor.look() as work:
        actor = Actor(work.people.get(link.person_id).email, "link")
    values = {name: given[name].strip() for name in TYPED if name in given}
    asked = Asked(
        operation=operation,
        milestone_id=link.milestone_id,
        revision=link.revision,
        person_id=link.person_id,
        stage=link.stage,
        generation=filled.generation,
        asks=filled.asks,
        values=values,
    )
    said = ":".join([given["nonce"], operation.value, *(f"{name}={text}" for name, text in sorted(values.items()))])
    return Incoming(key=f"link:{said}", source="link", actor=actor, what=asked)


def _show(  # noqa: PLR0913 - what a page is made of
    monitor: Monitor,
    links: Links,
    token: str,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    opened: str = "",
    told: Told | None = None,
    typed: Mapping[str, str] | None = None,
) -> HTMLResponse:
    link = links.read(token)
    with monitor.look() as work:
        seen = shown(work, link)
        shown_at = (work.now - _EPOCH) // timedelta(microseconds=1)
    nonce = links.nonce(token, generation=seen.generation, shown_at=shown_at, asks=seen.asks)
    content = content_of(seen, opened=opened, typed=typed or {})
    return page("act.html", status=status, told=told, nonce=nonce, **content)


def _refused(error: Exception) -> HTMLResponse:
    match error:
        case LinkExpired():
            status = HTTPStatus.GONE
        case Forbidden():
            status = HTTPStatus.FORBIDDEN
        case LifecycleError() if error.code in {"unknown-link", "not-found"}:
            return refusal(HTTPStatus.NOT_FOUND, UnknownLink().sentence, UnknownLink().remedy)
        case LifecycleError():
            status = HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            log.error("a link could not be opened", why=f"{type(error).__name__} in {place_of(error)}")
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "That did not work, and nothing was changed.",
                          "Try again in a moment; if it stays so, tell your operator.")  # fmt: skip
    return refusal(status, error.sentence, error.remedy)
