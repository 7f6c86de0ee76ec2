"""Switching digests off from a mail: looking changes nothing, a POST does, as one click of a mail program (RFC 8058).

Mail scanners open every link they see, so GET and HEAD only show. A mail program posts
``List-Unsubscribe=One-Click`` without cookies and without having looked; the page's own form says which way. Whoever
has the link speaks for the person to whom it was sent. What interrupts goes on: a deadline never loses that.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Header

from engine import operations
from engine.incoming.links import UnknownLink
from engine.standing import present
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor
from web.bodies import form, limited
from web.standalone import page, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi.responses import HTMLResponse

    from engine.incoming.links import Links
    from engine.monitor import Monitor, Work
    from lifecycle.people import Person

_MOST: Final = 4 * 1024  # bytes of a form
_SAME: Final = frozenset({"same-origin", "none"})
_NOBODY: Final = frozenset({"unknown-link", "not-found", "forbidden"})
_OFF: Final = "What can wait is told in no digest any more. Every message that needs you still comes."
_ON: Final = "What can wait is told in one digest a week."
_KEPT_OFF: Final = "You get no digests. Every message that needs you comes all the same."


def router(monitor: Monitor) -> APIRouter:
    """The page of the link; none where links are not signed."""
    made = APIRouter()
    links = monitor.links
    if links is None:
        return made

    @made.api_route("/digests/{token}", methods=["GET", "HEAD"])
    def look(token: str) -> HTMLResponse:
        """Show, and nothing else."""
        with monitor.look() as work:
            person = _whose(work, links, token)
        if person is None:
            return _unknown()
        return _shown(person, _ON if person.digests else _KEPT_OFF)

    @made.post("/digests/{token}")
    def switch(
        token: str, body: Annotated[bytes, Depends(limited(_MOST))], sec_fetch_site: Annotated[str, Header()] = "none"
    ) -> HTMLResponse:
        """Switch them off, or on again."""
        if sec_fetch_site not in _SAME:
            return refusal(HTTPStatus.FORBIDDEN, "That came from another site. Nothing was changed.", "Open the link.")
        return _switched(monitor, links, token, form(body))

    return made


def _switched(monitor: Monitor, links: Links, token: str, given: Mapping[str, str]) -> HTMLResponse:
    is_on = _wanted(given)
    if is_on is None:
        return refusal(HTTPStatus.BAD_REQUEST, "That form is not ours. Nothing was changed.", "Open the link again.")
    try:
        with monitor.look() as work:
            person = _whose(work, links, token)
        if person is None:
            return _unknown()
        with monitor.work(Actor(person.email, "link")) as work:
            known = operations.change_person(work, replace(work.people.get(person.id), digests=is_on))
    except LifecycleError as error:
        return refusal(HTTPStatus.SERVICE_UNAVAILABLE, error.sentence, error.remedy)
    return _shown(known, _ON if is_on else _OFF)


def _wanted(given: Mapping[str, str]) -> bool | None:
    """Whether digests are wanted from now on; None for what neither a mail program nor our page sends."""
    if given.get("List-Unsubscribe") == "One-Click":
        return False
    return {"on": True, "off": False}.get(given.get("digests", ""))


def _whose(work: Work, links: Links, token: str) -> Person | None:
    """Whose link it is; None for a link that nobody here has signed, and for somebody who has left."""
    try:
        return present(work, links.read_digests(token))
    except LifecycleError as error:
        if error.code in _NOBODY:
            return None
        raise


def _shown(person: Person, said: str) -> HTMLResponse:
    return page("digests.html", title="Your digests", said=said, is_on=person.digests, email=person.email)


def _unknown() -> HTMLResponse:
    return refusal(HTTPStatus.NOT_FOUND, UnknownLink().sentence, UnknownLink().remedy)
