"""What went wrong, for programs: RFC 9457, the same object that ``--json`` prints (INTERFACE.md H7).

``type`` is the address of a page that says it in people's words; ``code`` is what a program decides by.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from engine.documents.plain import jsonable
from engine.documents.problems import detail, details
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request

MEDIA: Final = "application/problem+json"
#: The status of an error of the law by its code; of any other it is 422.
STATUS: Final[Mapping[str, HTTPStatus]] = {
    "sign-in-needed": HTTPStatus.UNAUTHORIZED,
    "unknown-token": HTTPStatus.UNAUTHORIZED,
    "forbidden": HTTPStatus.FORBIDDEN,
    "not-our-form": HTTPStatus.FORBIDDEN,
    "not-found": HTTPStatus.NOT_FOUND,
    "no-exit-plan": HTTPStatus.NOT_FOUND,
    "upload-gone": HTTPStatus.NOT_FOUND,
    "already-there": HTTPStatus.CONFLICT,
    "already-undone": HTTPStatus.CONFLICT,
    "feed-ended": HTTPStatus.CONFLICT,
    "illegal-transition": HTTPStatus.CONFLICT,
    "last-admin": HTTPStatus.CONFLICT,
    "other-plan": HTTPStatus.CONFLICT,
    "overtaken": HTTPStatus.CONFLICT,
    "stale-milestone": HTTPStatus.CONFLICT,
    "still-running": HTTPStatus.CONFLICT,
    "too-many-feeds": HTTPStatus.CONFLICT,
    "stale-version": HTTPStatus.PRECONDITION_FAILED,
    "unsupported-media-type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "version-needed": HTTPStatus.PRECONDITION_REQUIRED,
    "too-many-requests": HTTPStatus.TOO_MANY_REQUESTS,
    "too-many-tries": HTTPStatus.TOO_MANY_REQUESTS,
    "import-broken": HTTPStatus.INTERNAL_SERVER_ERROR,
    "database-away": HTTPStatus.SERVICE_UNAVAILABLE,
    "database-busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "database-forbidden": HTTPStatus.SERVICE_UNAVAILABLE,
    "database-full": HTTPStatus.SERVICE_UNAVAILABLE,
    "disk-refused": HTTPStatus.SERVICE_UNAVAILABLE,
    "hooks-unread": HTTPStatus.SERVICE_UNAVAILABLE,
    "issuer-away": HTTPStatus.SERVICE_UNAVAILABLE,
}
#: What has no error of its own: status -> code, sentence, remedy.
PLAIN: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("not-understood", "The request could not be understood.", "Send JSON in UTF-8."),
    404: ("not-found", "There is no such thing, or it is not for you to see.", "Check the address."),
    405: ("method-not-allowed", "This method is not possible here.", "See /api/docs for what is."),
    408: ("too-slow", "The body took too long to arrive; nothing was changed.", "Send it again."),
    413: ("too-large", "The body is too large; nothing was changed.", "Send less at once."),
    422: ("invalid", "Something in the request cannot be used.", "Correct what errors names."),
    500: ("unexpected", "It failed, and nothing of this change was kept.", "Report it with its request_id."),
    503: ("unavailable", "It does not work at the moment.", "Try again in a moment."),
}
#: What to do about a part of a body, by what pydantic calls its fault.
_REMEDIES: Final[Mapping[str, str]] = {
    "missing": "Add it.",
    "extra_forbidden": "Take it out, or write its name as /api/docs has it.",
    "json_invalid": "Send JSON in UTF-8.",
}
_CHOICES: Final = frozenset({"enum", "literal_error"})  # faults that name what is allowed
_QUOTED: Final = re.compile(r"'([^']*)'")
_AGAIN: Final = 10  # seconds
_MOST: Final = 100  # errors that are told of one body: nobody reads more, and a hostile one has any number


def is_for_programs(request: Request) -> bool:
    """Whether what is asked for is part of the programming interface."""
    root = request.scope.get("root_path", "")
    path: str = request.scope["path"].removeprefix(root)
    return path.startswith("/api/v1/") or path in {"/api/v1", "/api/openapi.json"}


def of_error(request: Request, error: Exception) -> JSONResponse:
    """Any error that was foreseen."""
    if isinstance(error, LifecycleError):
        return of_law(request, error)
    if isinstance(error, RequestValidationError):
        return of_validation(request, error)
    if isinstance(error, HTTPException):
        edge = getattr(error.__cause__, "status", None)  # of a body that was too large or too slow
        return of_status(request, edge or error.status_code, error.headers)
    return of_status(request, 500)


def of_law(request: Request, error: LifecycleError) -> JSONResponse:
    """What the engine refuses."""
    status = STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    headers = {}
    if status in {429, 503}:
        headers["Retry-After"] = str(getattr(error, "seconds", _AGAIN))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    named = [
        detail(f"/{field}" if field else "", error.code, said)
        for field, said in dict(getattr(error, "errors", None) or {}).items()
    ]
    if field := getattr(error, "field", ""):
        named.append(detail(f"/{field}", error.code, error.sentence, remedy=error.remedy))
    within = getattr(error, "within", "")
    parts = [one | {"pointer": f"{within}{one['pointer']}"} for one in details(error)]
    told = {"code": error.code, "detail": error.sentence, "remedy": error.remedy, "errors": [*parts, *named]}
    present = getattr(error, "present", None)
    return _problem(request, status, told | ({"present": present} if present is not None else {}), headers)


def of_validation(request: Request, error: RequestValidationError) -> JSONResponse:
    """A body or a query that is not as documented, by its first errors; what was sent is not repeated."""
    code, sentence, remedy = PLAIN[422]
    found = [_invalid(one) for one in islice(error.errors(), _MOST)]
    return _problem(request, 422, {"code": code, "detail": sentence, "remedy": remedy, "errors": found}, {})


def _invalid(one: Mapping[str, Any]) -> dict[str, Any]:
    kind, place = str(one["type"]), tuple(one["loc"])
    remedy = _REMEDIES.get(kind, "Write it as /api/docs has it.")
    if kind == "json_invalid":
        return detail("", kind, f"It is no JSON from character {place[-1]} on.", remedy=remedy)
    allowed = _QUOTED.findall(str(one.get("ctx", {}).get("expected", ""))) if kind in _CHOICES else None
    return detail(_pointer(place), kind, str(one["msg"]), remedy=remedy, allowed=allowed)


def of_status(request: Request, status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error that HTTP has a word for."""
    code, sentence, remedy = PLAIN.get(status) or PLAIN[500 if status >= 500 else 400]
    more = dict(headers or {}) | ({"Retry-After": str(_AGAIN)} if status == 503 else {})
    return _problem(request, status, {"code": code, "detail": sentence, "remedy": remedy, "errors": []}, more)


def _problem(request: Request, status: int, told: Mapping[str, Any], headers: Mapping[str, str]) -> JSONResponse:
    root = request.scope.get("root_path", "")
    document = {
        "type": f"{root}/problems/{told['code']}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "request_id": request.scope.get("longstop_request_id"),
        **told,
    }
    said = {"Cache-Control": "no-store", **headers}
    return JSONResponse(jsonable(document), int(status), said, media_type=MEDIA)


def _pointer(place: tuple[Any, ...]) -> str:
    """A JSON Pointer into the body; for a query the name of its part."""
    source, *rest = place
    path = "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in rest)
    return f"/{path}" if source == "body" else f"{source}:{path}"
