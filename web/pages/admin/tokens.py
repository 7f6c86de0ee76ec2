"""``/admin/tokens``: programs that may come in, whoever they act for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.access.tokens import LONGEST, SCOPES, TokenRefused, create_token, revoke_token
from lifecycle.days.dates import parse_day
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act
from web.frame.forms import Posted
from web.frame.rendering import go
from web.frame.viewer import SignedIn
from web.pages.admin.frame import page, refused

if TYPE_CHECKING:
    from engine.access.tokens import Made
    from engine.monitor import Work
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer

HERE: Final = "/admin/tokens"
_AT_FIRST: Final = timedelta(days=90)


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route(HERE, methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.ADMINISTER)
        return _page(viewer)

    @made.post(HERE)
    def create(viewer: SignedIn, form: Posted) -> HTMLResponse:
        """A token is shown once, in the answer itself, and never again."""
        viewer.require(Act.ADMINISTER)
        try:
            with viewer.work() as work:
                fresh = _made(work, form)
        except LifecycleError as error:
            return _page(viewer, form, error)
        return _page(viewer, fresh=fresh)

    @made.post(f"{HERE}/{{token_id}}/revoke")
    def revoke(viewer: SignedIn, token_id: str, _form: Posted) -> RedirectResponse:
        viewer.require(Act.ADMINISTER)
        try:
            with viewer.work() as work:
                revoke_token(work, token_id)
        except LifecycleError as error:
            return refused(viewer, HERE, error)
        return go(viewer, HERE, "That token opens nothing any more.")

    return made


def _made(work: Work, form: Form) -> Made:
    try:
        expires_on = parse_day(form.get("expires_on"))
    except ValueError:
        raise TokenRefused("A token needs its last day.", remedy="Say a day, such as 2026-12-24.") from None
    person = work.people.by_email(form.get("for"))
    return create_token(work, person, form.all("scope"), expires_on, name=form.get("token_name"))


def _page(
    viewer: Viewer, form: Form | None = None, error: LifecycleError | None = None, *, fresh: Made | None = None
) -> HTMLResponse:  # fmt: skip
    with viewer.look() as work:
        people = {one.id: one for one in work.people.all()}
        rows = [(one, people[one.person_id]) for one in reversed(work.entering.tokens())]
    return page(
        viewer, "tokens", HERE, status=422 if error else 200, rows=rows, fresh=fresh, scopes=SCOPES,
        error=error, typed=form.typed if form else {}, chosen=form.all("scope") if form else ("read",),
        others=[one for one in people.values() if not one.is_disabled],
        first_on=viewer.today + _AT_FIRST, last_on=viewer.now.date() + LONGEST,
    )  # fmt: skip
