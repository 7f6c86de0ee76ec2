"""Signing in and out. After it people are where they wanted to go, and never on another site."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.access.entering import Browser, SignInRefused, TooManyTries, session_of, sign_in, sign_out
from engine.access.setup import is_needed
from web.frame.forms import Posted, PostedByAnybody
from web.frame.problems import STATUS
from web.frame.rendering import go, show
from web.frame.sessions import SESSION, drop_session, keep_session
from web.frame.viewer import Anybody, SignedIn, Viewer, Visit
from web.frame.visits import bound

if TYPE_CHECKING:
    from lifecycle.errors import LifecycleError
    from web.frame.site import Site


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/login", methods=["GET", "HEAD"], response_model=None)
    def look(seen: Anybody) -> HTMLResponse | RedirectResponse:
        """The form; whoever is signed in already goes on, and a house without an admin begins with its first one."""
        if isinstance(seen, Viewer):
            return go(seen, within(seen.request.query_params.get("next", "")))
        with seen.monitor.look() as work:
            if is_needed(work):
                return go(seen, "/setup")
        wanted = seen.request.query_params.get("next", "")
        return bound(seen, lambda whose: _shown(whose, wanted))

    @made.post("/login", response_model=None)
    def enter(request: Request, seen: Anybody, form: PostedByAnybody) -> HTMLResponse | RedirectResponse:
        """Sign in, by e-mail address and password."""
        try:
            browser = Browser(seen.place, request.cookies.get(SESSION, ""))
            email, password = form.get("email"), form.get("password")
            entered = sign_in(seen.monitor, email, password, browser=browser, days=seen.site.session_days)
        except (SignInRefused, TooManyTries) as error:
            return refused(seen, error, wanted=form.get("next"), email=form.get("email"))
        answer_in = go(seen, within(form.get("next")))
        keep_session(answer_in, request, entered)
        return answer_in

    @made.post("/logout", response_model=None)
    def leave(request: Request, viewer: SignedIn, _form: Posted) -> HTMLResponse | RedirectResponse:
        """Sign out of this browser, and of the issuer where it was that which signed in."""
        token = request.cookies.get(SESSION, "")
        door = _way_out(viewer, token)
        sign_out(viewer.monitor, token)
        answer = _signed_out(viewer, door) if door else RedirectResponse(f"{viewer.root}/login", status_code=303)
        drop_session(answer, request)
        return answer

    return made


def _way_out(viewer: Viewer, token: str) -> str:
    """Where the issuer's own sign-out is, if it signed them in and has one."""
    if viewer.site.issuer is None:
        return ""
    with viewer.look() as work:
        found = session_of(work, token)
    return viewer.site.issuer.way_out(viewer.person.email) if found and found[1].via == "oidc" else ""


def _signed_out(viewer: Viewer, door: str) -> HTMLResponse:
    """A page that goes on to the issuer by itself: browsers follow no form to another site (form-action)."""
    nobody = Visit(viewer.request, viewer.now)
    issuer = viewer.site.issuer.name if viewer.site.issuer else ""
    return show(nobody, "signed-out.html", door=door, issuer=issuer)


def within(path: str) -> str:
    """*path*, if it leads to a page of ours, else the first page: nobody is sent to another site from here."""
    is_ours = path.startswith("/") and not path.startswith("//")
    is_plain = all(" " <= letter <= "~" and letter != "\\" for letter in path)
    return path if is_ours and is_plain else "/deadlines"


def refused(seen: Visit, error: LifecycleError, *, wanted: str, email: str = "") -> HTMLResponse:
    """The form again, with what was wrong."""
    status = STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    answer = bound(seen, lambda whose: _shown(whose, wanted, status, email=email, error=error))
    if isinstance(error, TooManyTries):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _shown(seen: Visit, wanted: str, status: int = 200, **said: Any) -> HTMLResponse:  # noqa: ANN401 - of the page
    issuer = seen.site.issuer.name if seen.site.issuer else ""
    return show(
        seen, "login.html", status=status, next=within(wanted), issuer=issuer, **{"email": "", "error": None} | said
    )
