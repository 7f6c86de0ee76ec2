"""Signing in and out. After it people are where they wanted to go, and never on another site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.access.entering import Browser, SignInRefused, TooManyTries, sign_in, sign_out
from engine.access.setup import is_needed
from web.frame.forms import Posted, PostedByAnybody
from web.frame.rendering import go, show
from web.frame.sessions import SESSION, drop_session, keep_session
from web.frame.viewer import Anybody, SignedIn, Viewer
from web.frame.visits import bound

if TYPE_CHECKING:
    from lifecycle.errors import LifecycleError
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Visit


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
        return bound(seen, _shown)

    @made.post("/login", response_model=None)
    def enter(request: Request, seen: Anybody, form: PostedByAnybody) -> HTMLResponse | RedirectResponse:
        """Sign in, by e-mail address and password."""
        try:
            browser = Browser(seen.place, request.cookies.get(SESSION, ""))
            email, password = form.get("email"), form.get("password")
            entered = sign_in(seen.monitor, email, password, browser=browser, days=seen.site.session_days)
        except SignInRefused as error:
            return _shown(seen, form, error, 422)
        except TooManyTries as error:
            answer = _shown(seen, form, error, 429)
            answer.headers["Retry-After"] = str(error.seconds)
            return answer
        answer_in = go(seen, within(form.get("next")))
        keep_session(answer_in, request, entered)
        return answer_in

    @made.post("/logout")
    def leave(request: Request, viewer: SignedIn, _form: Posted) -> RedirectResponse:
        """Sign out of this browser."""
        sign_out(viewer.monitor, request.cookies.get(SESSION, ""))
        answer = RedirectResponse(f"{viewer.root}/login", status_code=303)
        drop_session(answer, request)
        return answer

    return made


def within(path: str) -> str:
    """*path*, if it leads to a page of ours, else the first page: nobody is sent to another site from here."""
    is_ours = path.startswith("/") and not path.startswith("//")
    is_plain = all(" " <= letter <= "~" and letter != "\\" for letter in path)
    return path if is_ours and is_plain else "/deadlines"


def _shown(
    seen: Visit, form: Form | None = None, error: LifecycleError | None = None, status: int = 200
) -> HTMLResponse:
    wanted = form.get("next") if form else seen.request.query_params.get("next", "")
    typed = form.get("email") if form else ""
    return show(seen, "login.html", status=status, email=typed, next=within(wanted), error=error)
