"""What documents the interface: OpenAPI 3.1, a page that reads it for people, and a page for each kind of problem."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse

from lifecycle.errors import LifecycleError
from web.agreements.missing import Missing
from web.api.examples import EXAMPLES
from web.api.shapes import components
from web.frame.problems import PLAIN, STATUS
from web.frame.rendering import show
from web.frame.viewer import Anybody

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from web.frame.site import Site

_ROOT: Final = "/api/v1"
_ABOUT: Final = (
    "What `longstop` does on the command line, for programs. Every change takes `?dry_run=true`, which does it, "
    "answers what it does, and keeps nothing; and `Idempotency-Key`, by which it acts once."
)


def router(site: Site, documented: Sequence[BaseRoute]) -> APIRouter:
    """The document of the routes in *documented*, and the pages."""
    made = APIRouter(include_in_schema=False)

    @cache
    def document() -> dict[str, Any]:
        return _document(documented, site.root_path)

    @made.api_route("/api/openapi.json", methods=["GET", "HEAD"])
    def openapi() -> JSONResponse:
        return JSONResponse(document())

    @made.api_route("/api/docs", methods=["GET", "HEAD"])
    def docs(seen: Anybody) -> HTMLResponse:
        """Every address with its parts, without a script."""
        return show(seen, "api.html", groups=_groups(document()), about=_ABOUT)

    @made.api_route("/problems/{name}", methods=["GET", "HEAD"])
    def problem(seen: Anybody, name: str) -> HTMLResponse:
        """What an error's ``type`` leads to."""
        if name not in _problems():
            raise Missing("such problem", "Look at the code of the error again.")
        about, status = _problems()[name]
        return show(seen, "problem.html", code=name, about=about, status_code=status)

    return made


def _document(documented: Sequence[BaseRoute], root: str) -> dict[str, Any]:
    found: dict[str, Any] = get_openapi(
        title="Longstop", version="1", openapi_version="3.1.0", summary="The register and its deadlines",
        description=_ABOUT, routes=documented, servers=[{"url": root or "/"}],
    )  # fmt: skip
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(components())
    for path, operations in found["paths"].items():
        for operation in operations.values():
            if (example := EXAMPLES.get(path.removeprefix(_ROOT))) and "requestBody" in operation:
                operation["requestBody"]["content"]["application/json"]["example"] = example
            invalid = operation["responses"]["422"]
            invalid["content"] = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return found


def _groups(document: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_told(document, path, method, operation))
    return groups


def _told(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    taken = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "method": method.upper(),
        "path": path,
        "about": operation.get("description") or operation.get("summary", ""),
        "query": [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"],
        "body": _keys(document, taken.get("schema", {})),
        "example": json.dumps(taken["example"], indent=2, ensure_ascii=False) if "example" in taken else "",
        "statuses": sorted(operation["responses"]),
    }


def _keys(document: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    parts = [schema, *schema.get("anyOf", ())]
    for part in parts:
        if "$ref" in part:
            named = document["components"]["schemas"][part["$ref"].rpartition("/")[2]]
            needed = named.get("required", ())
            return [name if name in needed else f"{name}?" for name in named.get("properties", {})]
    return []


@cache
def _problems() -> dict[str, tuple[str, int]]:
    """Code -> what it is, and its status; of every error that there is."""
    found = {code: (sentence, status) for status, (code, sentence, _) in PLAIN.items()}
    for one in _leaves(LifecycleError):
        about = re.sub(r"``(.+?)``", r"\1", " ".join((one.__doc__ or "").split("\n\n")[0].split()))
        found.setdefault(one.code, (about, int(STATUS.get(one.code, 422))))
    return found


def _leaves(error: type[LifecycleError]) -> Iterator[type[LifecycleError]]:
    yield error
    for one in error.__subclasses__():
        yield from _leaves(one)
