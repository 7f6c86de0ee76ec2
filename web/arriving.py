"""A file that somebody outside sends: read whole, or not at all.

Nothing is read before the link is known to work. What stops half-way, comes without its end, or is too large is told
apart from a file, and leaves no trace.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from web.frame.edge import TooMuch, TooSlow

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from starlette.requests import Request

_FIELDS: Final = 10
_FIELD_MOST: Final = 4 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came: a file with the fields beside it; else *status* says why there is none."""

    status: int = 200
    name: str = ""
    content: bytes = b""
    fields: Mapping[str, str] = field(default_factory=dict)


async def arrived(request: Request, most: int) -> Arrived:
    """The one file of a form, of at most *most* bytes.

    400: it is no whole form. 408: it came too slowly. 413: it is too large. 422: there is no file in it.
    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
    except TooMuch:
        return Arrived(413)
    except TooSlow:
        return Arrived(408)
    except ClientDisconnect:
        return Arrived(400)
    if not _is_whole(bytes(body[-256:]), request.headers):
        return Arrived(400)
    try:
        found = await _parsed(bytes(body), request.headers)
    except (MultiPartException, ValueError):
        return Arrived(400)
    return Arrived(413) if len(found.content) > most else found


def _is_whole(end: bytes, headers: Headers) -> bool:
    """Whether a form ends as it has to: with its boundary and two hyphens (RFC 2046, 5.1.1)."""
    kind, said = parse_options_header(headers.get("content-type", ""))
    boundary = said.get(b"boundary", b"")
    return kind == b"multipart/form-data" and bool(boundary) and end.rstrip(b"\r\n ").endswith(b"--" + boundary + b"--")


async def _parsed(body: bytes, headers: Headers) -> Arrived:
    async def whole() -> AsyncGenerator[bytes, None]:
        yield body
        yield b""

    parser = MultiPartParser(headers, whole(), max_files=1, max_fields=_FIELDS, max_part_size=_FIELD_MOST)
    parsed = await parser.parse()
    try:
        fields: dict[str, str] = {}
        file: UploadFile | None = None
        for name, value in parsed.multi_items():
            if isinstance(value, UploadFile):
                file = value
            else:
                fields[name] = value.strip()
        if file is None or not file.filename:
            return Arrived(422, fields=fields)
        return Arrived(200, file.filename, await file.read(), fields)
    finally:
        await parsed.close()
