"""Signing in by the company's issuer of identities: there, and back with its answer.

The way back is the one page that is only looked at and yet begins a session: the issuer sends the browser there. It
counts once, in the browser that was sent away, and only within ten minutes (``web.oidc.journey``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.access.entering import Browser, TooManyTries
from engine.access.vouched import NotKnown, enter
from web.frame.rendering import go
from web.frame.sessions import SESSION, drop, keep_session, put
from web.frame.viewer import Anybody, Viewer
from web.oidc import journey
from web.oidc.refusals import IssuerAway, JourneyLost, NotVerified, NotVouched
from web.pages.sign_in import refused, within

if TYPE_CHECKING:
    from lifecycle.errors import LifecycleError
    from web.frame.site import Site
    from web.frame.viewer import Visit
    from web.oidc.issuer import Issuer

log = structlog.get_logger(__name__)
HERE: Final = "/login/oidc"
BACK: Final = f"{HERE}/back"
_LONGEST: Final = 4096  # characters of what the issuer says in an address


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it; without an issuer both lead to the form
    made = APIRouter(include_in_schema=False)

    @made.get(HERE, response_model=None)
    def leave(request: Request, seen: Anybody) -> HTMLResponse | RedirectResponse:
        """To the issuer, to say who they are."""
        issuer, wanted = seen.site.issuer, request.query_params.get("next", "")
        if isinstance(seen, Viewer):
            return go(seen, within(wanted))
        if issuer is None:
            return go(seen, "/login")
        begun = journey.begun(wanted, seen.now)
        try:
            door = issuer.way_in(begun, seen.site.key)
        except IssuerAway as error:
            return _refused(seen, wanted, error)
        answer = RedirectResponse(door, status_code=303, headers={"Cache-Control": "no-store"})
        kept = journey.kept(begun, seen.site.key)
        put(answer, request, journey.COOKIE, kept, seconds=int(journey.HOLDS.total_seconds()))
        return answer

    @made.get(BACK, response_model=None)
    def come_back(request: Request, seen: Anybody) -> HTMLResponse | RedirectResponse:
        """From the issuer, with its answer; the journey is over whatever that is."""
        issuer = seen.site.issuer
        answer = _arrived(request, seen, issuer) if issuer else go(seen, "/login")
        drop(answer, request, journey.COOKIE)
        return answer

    return made


def _arrived(request: Request, seen: Visit, issuer: Issuer) -> HTMLResponse | RedirectResponse:
    told = {name: value[:_LONGEST] for name, value in request.query_params.items()}
    key = seen.site.key
    its = journey.read(request.cookies.get(journey.COOKIE, ""), key, told.get("state", ""), seen.now)
    if its is None and isinstance(seen, Viewer):
        return go(seen, within(""))
    if its is None:
        return _refused(seen, "", JourneyLost(issuer.name))
    browser = Browser(seen.place, request.cookies.get(SESSION, ""))
    try:
        entered = enter(
            seen.monitor,
            lambda: issuer.vouched(told, its, key, int(seen.now.timestamp())),
            issuer.registration.roles,
            browser=browser,
            days=seen.site.session_days,
        )
    except (IssuerAway, NotVouched, NotVerified, NotKnown, TooManyTries) as error:
        return _refused(seen, its.wanted, error)
    answer = go(seen, within(its.wanted))
    keep_session(answer, request, entered)
    return answer


def _refused(seen: Visit, wanted: str, error: LifecycleError) -> HTMLResponse:
    """The form again, with what was wrong; the log says more of it to the operator."""
    if isinstance(error, IssuerAway | NotVouched):
        log.warning("nobody was signed in by the issuer", why=error.why)
    return refused(seen, error, wanted=wanted)
