"""Style, scripts and icon: files that a browser may keep for ever, because their address has their digest in it."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response

from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_FOR_NOW: Final = "no-cache"


class NoSuchFile(LifecycleError):
    """An address under ``/static`` that leads nowhere."""

    code = "not-found"

    def __init__(self) -> None:
        super().__init__("There is no such file.", remedy="Load the page again.")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is and packed."""

    media_type: str
    content: bytes
    packed: bytes
    digest: str


def asset_path(name: str) -> str:
    """The address of a file, below the root."""
    return f"/static/{_all()[name].digest}/{name}"


def router() -> APIRouter:
    """The files; an address with another digest is an older page's and gets what there is now."""
    made = APIRouter()

    @made.api_route("/static/{digest}/{name}", methods=["GET", "HEAD"], include_in_schema=False)
    def static(digest: str, name: str, request: Request) -> Response:
        found = _all().get(name)
        if found is None:
            raise NoSuchFile
        return _sent(found, request, _FOR_EVER if digest == found.digest else _FOR_NOW)

    @made.api_route("/favicon.ico", methods=["GET", "HEAD"], include_in_schema=False)
    def icon(request: Request) -> Response:
        return _sent(_all()["icon.svg"], request, "public, max-age=86400")

    return made


def _sent(asset: Asset, request: Request, keeping: str) -> Response:
    headers = {"Cache-Control": keeping, "Vary": "Accept-Encoding", "ETag": f'"{asset.digest}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, media_type=asset.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.content, media_type=asset.media_type, headers=headers)


@cache
def _all() -> Mapping[str, Asset]:
    found = {}
    for file in files("web").joinpath("static").iterdir():
        media_type = _KINDS.get(file.name.rpartition(".")[2])
        if media_type is not None:
            content = file.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:16]
            found[file.name] = Asset(media_type, content, gzip.compress(content, mtime=0), digest)
    return found
