"""``/silences``: nothing but what is critical is told of some deadlines for a while; each shows what it holds (P22)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine import operations
from engine.delivery import silencing
from engine.operations.silencing import LONGEST, SilenceRefused, ends_after
from lifecycle.days.dates import parse_day
from lifecycle.errors import LifecycleError
from lifecycle.playbooks.quiet import Silence, SilenceMode
from lifecycle.rights import Act
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn

if TYPE_CHECKING:
    from engine.monitor import Work
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer

_MODES = (
    (SilenceMode.HOLD.value, "Hold until the end"),
    (SilenceMode.DIGEST.value, "Tell it in the digest"),
    (SilenceMode.DROP.value, "Never tell it"),
)


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/silences", methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.GOVERN)
        return _page(viewer)

    @made.post("/silences", response_model=None)
    def add(viewer: SignedIn, form: Posted) -> HTMLResponse | RedirectResponse:
        viewer.require(Act.GOVERN)
        try:
            with viewer.work() as work:
                operations.silence(work, _wanted(work, viewer, form))
        except LifecycleError as error:
            return _page(viewer, form, error)
        return go(viewer, "/silences", "Silenced. What is critical is told all the same.")

    @made.post("/silences/{silence_id}/end")
    def end(silence_id: str, viewer: SignedIn, _form: Posted) -> RedirectResponse:
        viewer.require(Act.GOVERN)
        with viewer.work() as work:
            operations.end_silence(work, silence_id)
        return go(viewer, "/silences", "The silence is over: what it held leaves now.")

    return made


def _wanted(work: Work, viewer: Viewer, form: Form) -> Silence:
    try:
        until = parse_day(form.get("until"))
        mode = SilenceMode(form.get("mode"))
    except ValueError:
        raise SilenceRefused("A silence needs its last day.", remedy="Say a day, such as 2026-12-24.") from None
    return Silence(
        id="",
        mode=mode,
        search=form.get("search"),
        reason=form.get("reason"),
        author_id=viewer.person.id,
        starts_at=work.now,
        ends_at=ends_after(work, until),
    )


def _page(viewer: Viewer, form: Form | None = None, error: LifecycleError | None = None) -> HTMLResponse:
    with viewer.look() as work:
        rows = [_row(work, one) for one in work.silences.all()]
    typed = form.typed if form else {}
    last_on = viewer.today + LONGEST
    return show(
        viewer, "silences.html", status=422 if error else 200, rows=rows, typed=typed, error=error, modes=_MODES,
        last_on=last_on,
    )  # fmt: skip


def _row(work: Work, silence: Silence) -> dict[str, Any]:
    return {
        "silence": silence,
        "author": work.people.get(silence.author_id).label if silence.author_id else "the operator",
        "held": work.deliveries.count_held(silencing.why(silence)),
        "is_open": silence.ended_at is None and silence.ends_at > work.now,
    }
