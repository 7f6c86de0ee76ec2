"""``/setup``: the first run of a house. The first admin needs the token; the steps after that can wait (P21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.access import setup
from engine.access.entering import begin, take_a_try
from engine.access.setup import Newcomer, SetupRefused, SetupToken
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor
from lifecycle.people import is_address
from web.frame.forms import Posted, PostedByAnybody
from web.frame.rendering import go, show
from web.frame.sessions import keep_session
from web.frame.viewer import Anybody, SignedIn
from web.frame.visits import bound
from web.pages import setup_steps

if TYPE_CHECKING:
    from engine.access.entering import SignedIn as Entered
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer, Visit

_TITLES: Final = {
    "organisation": "Your organisation",
    "channels": "Channels",
    "data": "Agreements",
    "people": "People",
}


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/setup", methods=["GET", "HEAD"], response_model=None)
    def look(seen: Anybody) -> HTMLResponse | RedirectResponse:
        """The first admin's form; later the first step that is left."""
        with seen.monitor.look() as work:
            is_needed, step = setup.is_needed(work), setup.next_step(work)
        if is_needed:
            return bound(seen, _admin_page)
        return go(seen, f"/setup/{step}" if step else "/deadlines")

    @made.post("/setup", response_model=None)
    def first(request: Request, seen: Anybody, form: PostedByAnybody) -> HTMLResponse | RedirectResponse:
        try:
            entered = _first_admin(seen, form)
        except LifecycleError as error:
            return _admin_page(seen, form, error)
        answer = go(seen, "/setup/organisation")
        keep_session(answer, request, entered)
        return answer

    @made.api_route("/setup/{step}", methods=["GET", "HEAD"])
    def one(step: str, viewer: SignedIn) -> HTMLResponse:
        viewer.require(setup_steps.ACT)
        return _step_page(viewer, _known(step))

    @made.post("/setup/{step}", response_model=None)
    def passed(step: str, viewer: SignedIn, form: Posted) -> HTMLResponse | RedirectResponse:
        """Do the step, skip it, or try something on it first."""
        viewer.require(setup_steps.ACT)
        return _passed(viewer, _known(step), form)

    return made


def _admin_page(seen: Visit, form: Form | None = None, error: LifecycleError | None = None) -> HTMLResponse:
    typed = form.typed if form else {}
    status = 200 if error is None else 429 if error.code == "too-many-tries" else 422
    answer = show(seen, "setup-admin.html", status=status, typed=typed, error=error)
    if status == 429:
        answer.headers["Retry-After"] = str(getattr(error, "seconds", 60))
    return answer


def _first_admin(seen: Visit, form: Form) -> Entered:
    """Who holds the token is the first admin. Raises SetupRefused, TooManyTries, PasswordRefused."""
    take_a_try(seen.monitor, "setup")
    token = SetupToken(seen.site.data_dir)
    if not token.is_right(form.get("token")):
        raise SetupRefused("That is not the setup token.", remedy="The start printed it; it lies in the data folder.")
    email = form.get("email")
    if not is_address(email):
        raise SetupRefused("That is no mail address.", remedy="Write it like olga@example.com.")
    with seen.monitor.work(Actor(email, "setup")) as work:
        person = setup.first_admin(work, Newcomer(email, form.get("password"), form.get("name")[:200]))
        setup.begin_steps(work)
        entered = begin(work, person, via="setup", days=seen.site.session_days)
    token.die()
    return entered


def _known(step: str) -> str:
    if step not in setup.STEPS:
        raise setup_steps.NoSuchStep(step)
    return step


def _passed(viewer: Viewer, step: str, form: Form) -> HTMLResponse | RedirectResponse:
    try:
        told = None if form.is_on("skip") else setup_steps.done(viewer, step, form)
    except LifecycleError as error:
        return _step_page(viewer, step, form, error)
    if told is not None and told.stays:
        return go(viewer, f"/setup/{step}", told.said, tone=told.tone)
    with viewer.work() as work:
        setup.pass_step(work, step)
        following = setup.next_step(work)
    if step == "organisation" and told is not None:
        viewer.site.begin_anew()
    return go(viewer, f"/setup/{following}" if following else "/deadlines", told.said if told else "")


def _step_page(
    viewer: Viewer, step: str, form: Form | None = None, error: LifecycleError | None = None
) -> HTMLResponse:
    with viewer.look() as work:
        content = setup_steps.content(work, viewer, step)
        errors = setup_steps.wrong_fields(work, step, form) if form and error else {}
    places = [(name, _TITLES[name], name == step) for name in setup.STEPS]
    typed = form.typed if form else content.pop("typed", {})
    return show(
        viewer,
        "setup.html",
        status=422 if error else 200,
        step=step,
        title=_TITLES[step],
        places=places,
        typed=typed,
        error=None if errors else error,
        errors=errors,
        **{name: value for name, value in content.items() if name != "typed"},
    )
