"""Routes with all that is said of them in the OpenAPI document: what is answered, and by which status."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi.responses import JSONResponse, Response

from web.frame.problems import MEDIA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fastapi import APIRouter

    Endpoint = Callable[..., Any]

_READING: Final = (304, 400, 401, 403, 404, 408, 413, 422, 429, 500, 503)
_CHANGING: Final = (400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 503)


def get(made: APIRouter, path: str, endpoint: Endpoint, shape: str, *, many: bool = False) -> None:
    """What is read; HEAD is answered as well."""
    responses = {200: _holds(shape, "Items" if many else "Item"), **_statuses(_READING)}
    name = _name("get", path)
    made.add_api_route(
        path, endpoint, methods=["GET"], responses=responses, response_class=JSONResponse, operation_id=name,
        tags=[_tag(path)], response_model=None, name=name,
    )  # fmt: skip
    made.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False, response_model=None)


def file(made: APIRouter, path: str, endpoint: Endpoint, media: str) -> None:
    """A file that is read; HEAD is answered as well."""
    content = {media: {"schema": {"type": "string", "format": "binary"}}}
    responses = {200: {"description": "The file", "content": content}, **_statuses(_READING)}
    name = _name("get", path)
    made.add_api_route(
        path, endpoint, methods=["GET"], responses=responses, response_class=Response, operation_id=name,
        tags=[_tag(path)], response_model=None, name=name,
    )  # fmt: skip
    made.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False, response_model=None)


def taken(made: APIRouter, path: str, endpoint: Endpoint, media: str, *, trial: str = "") -> None:
    """A file that is asked for by POST, so that no address alone takes it away; *trial*: what a dry run tells of it."""
    content: dict[str, Any] = {media: {"schema": {"type": "string", "format": "binary"}}}
    if trial:
        content |= _holds(trial, "Item")["content"]
    responses = {200: {"description": "The file", "content": content}, **_statuses(_CHANGING)}
    name = _name("post", path)
    made.add_api_route(
        path, endpoint, methods=["POST"], responses=responses, response_class=Response, operation_id=name,
        tags=[_tag(path)], response_model=None, name=name,
    )  # fmt: skip


def post(  # noqa: PLR0913 - an address and all that is said of it
    made: APIRouter, path: str, endpoint: Endpoint, shape: str, *, status: int = 200, also: Iterable[int] = (),
    many: bool = False,
) -> None:  # fmt: skip
    """What changes something, or is asked with a body."""
    responses = {status: _holds(shape, "List" if many else "Item"), **_statuses((*_CHANGING, *also))}
    name = _name("post", path)
    made.add_api_route(
        path, endpoint, methods=["POST"], responses=responses, response_class=JSONResponse, operation_id=name,
        tags=[_tag(path)], response_model=None, name=name, status_code=status,
    )  # fmt: skip


def _statuses(found: Iterable[int]) -> dict[int | str, dict[str, Any]]:
    problem = {"content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    return {
        one: {"description": HTTPStatus(one).phrase, **({} if one == HTTPStatus.NOT_MODIFIED else problem)}
        for one in sorted(found)
    }


def _holds(shape: str, form: str) -> dict[str, Any]:
    name = f"{shape}{form}"
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _tag(path: str) -> str:
    return path.strip("/").partition("/")[0]


def _name(method: str, path: str) -> str:
    words = path.strip("/").replace("-", "_").replace("{", "").replace("}", "").split("/")
    return "_".join([method, *words])
