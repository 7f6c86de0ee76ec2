"""Pages for what went wrong: a sentence and its remedy, with the request's number, never an exception."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from engine.access.setup import is_needed
from engine.monitor import place_of
from lifecycle.errors import LifecycleError
from web.frame.forms import Form, NotOurForm, sent_too_late
from web.frame.problems import STATUS, is_for_programs, of_error, of_status
from web.frame.rendering import go, show
from web.frame.viewer import SignInNeeded, Viewer, Visit, visit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI

log = structlog.get_logger(__name__)
_UNSAID: Final = frozenset({"revision", "generation", "asks", "back"})  # fields that nobody has typed
_TOLD: Final[Mapping[int, tuple[str, str]]] = {
    400: ("That could not be understood.", "Go back, check what you sent, and send it again."),
    403: ("That is not allowed.", "Ask somebody who may, or an admin."),
    404: ("There is no such page, or it is not for you to see.", "Check the address, or start from the deadlines."),
    405: ("That cannot be done here.", "Go back and use the page's own buttons."),
    408: ("That took too long to arrive. Nothing was changed.", "Send it again."),
    413: ("That is too large.", "Send a smaller file."),
    422: ("Something in it cannot be used.", "Go back, check what you typed, and send it again."),
    429: ("That was too often.", "Wait a minute, then try again."),
    500: ("That did not work, and nothing was changed.", "Try again in a moment; if it stays so, tell your operator."),
    503: ("That does not work at the moment.", "Try again in a moment; if it stays so, tell your operator."),
}


def install(app: FastAPI) -> None:
    """Let people who look at pages read pages; programs get what they got before."""
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(LifecycleError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)


def failed(request: Request, error: Exception) -> Response:
    """The answer to what nobody expected; its text stays out of the log, which may not hold what it may hold."""
    _log(error)
    return page(request, 500)


def page(request: Request, status: int, sentence: str = "", remedy: str = "") -> Response:
    """The page of an error; plain text where even that cannot be laid out."""
    if is_for_programs(request):
        return of_status(request, status)
    said, do = _TOLD.get(status, _TOLD[500 if status >= 500 else 400])
    said, do = sentence or said, remedy or do
    try:
        seen = visit(request)
        number = request.scope.get("longstop_request_id", "")
        answer = show(seen, "error.html", status=status, said_wrong=said, remedy=do, number=number)
    except Exception as error:  # noqa: BLE001 - whatever it is, people get their sentence
        _log(error)
        return Response(f"{said}\n{do}\n", status_code=status, media_type="text/plain; charset=utf-8")
    return answer


def _log(error: Exception) -> None:
    log.error("a page failed", why=f"{type(error).__name__} in {place_of(error)}")


def is_read_by_people(request: Request) -> bool:
    """Whether a browser asks for a page."""
    return "text/html" in request.headers.get("accept", "")


async def _to_sign_in(request: Request, _error: Exception) -> Response:
    form = None if request.headers.get("hx-request") else await sent_too_late(request)
    return await run_in_threadpool(_at_the_door, request, form)


def _at_the_door(request: Request, form: Form | None) -> Response:
    monitor = request.app.state.site.monitor
    seen = Visit(request, monitor.clock.now())
    with monitor.look() as work:
        if is_needed(work):
            return go(seen, "/setup")
    back = seen.path if request.method in {"GET", "HEAD"} else ""
    door = "/demo" if seen.site.is_demo else "/login"
    if form is not None and (form.kept or form.files):  # to sign out holds nothing that anybody would miss
        return _again(seen, form, door=door)
    address = f"{seen.root}{door}" + (f"?next={quote(back, safe='/')}" if back not in {"", "/"} else "")
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": address, "Cache-Control": "no-store"})
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


def _again(seen: Visit, form: Form, *, door: str = "") -> Response:
    """What was typed into a form of another session, to be sent once more; after signing in, where *door* is said."""
    status = HTTPStatus.UNAUTHORIZED if door else HTTPStatus.FORBIDDEN
    return show(seen, "send-again.html", status=status, door=door, form=form, path=seen.path, unsaid=_UNSAID)


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, LifecycleError):
        return failed(request, error)
    if is_for_programs(request):
        return of_error(request, error)
    if isinstance(error, NotOurForm) and error.form is not None and isinstance(seen := visit(request), Viewer):
        return _again(seen, error.form)
    answer = page(request, STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY), error.sentence, error.remedy)
    if answer.status_code in {429, 503}:
        answer.headers["Retry-After"] = str(getattr(error, "seconds", 10))
    return answer


def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return failed(request, error)
    if is_for_programs(request):
        return of_error(request, error)
    if not is_read_by_people(request):
        return JSONResponse({"detail": error.detail}, error.status_code, error.headers)
    answer = page(request, error.status_code)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        return failed(request, error)
    if is_for_programs(request):
        return of_error(request, error)
    if is_read_by_people(request):
        return page(request, 422)
    found = [{"place": list(one["loc"]), "message": one["msg"]} for one in error.errors()]
    return JSONResponse({"detail": found}, 422)
