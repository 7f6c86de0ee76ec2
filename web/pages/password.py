"""``/password/{token}``: whoever has the link chooses their own password, once (an admin makes the link)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.access.entering import take_a_try
from engine.access.password_links import choose_password, person_of
from engine.access.passwords import PasswordRefused
from lifecycle.events import Actor
from web.frame.forms import PostedByAnybody
from web.frame.rendering import go, show
from web.frame.viewer import Anybody
from web.frame.visits import bound

if TYPE_CHECKING:
    from web.frame.site import Site
    from web.frame.viewer import Visit


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/password/{token}", methods=["GET", "HEAD"])
    def look(seen: Anybody, token: str) -> HTMLResponse:
        with seen.monitor.look() as work:
            person = person_of(work, token, seen.site.key)
        return bound(seen, lambda visitor: _shown(visitor, token, person.email))

    @made.post("/password/{token}", response_model=None)
    def choose(seen: Anybody, token: str, form: PostedByAnybody) -> HTMLResponse | RedirectResponse:
        take_a_try(seen.monitor, f"password-link:{seen.place}")
        with seen.monitor.look() as work:
            person = person_of(work, token, seen.site.key)
        if form.get("password_new") != form.get("password_again"):
            return _shown(seen, token, person.email, "The two are not the same.")
        try:
            with seen.monitor.work(Actor(person.email, "web")) as work:
                choose_password(work, token, form.get("password_new"), key=seen.site.key)
        except PasswordRefused as error:
            return _shown(seen, token, person.email, f"{error.sentence} {error.remedy}")
        return go(seen, "/login", "You have a password now: sign in with it.")

    return made


def _shown(seen: Visit, token: str, email: str, wrong: str = "") -> HTMLResponse:
    return show(seen, "password.html", status=422 if wrong else 200, link=token, email=email, wrong=wrong)
