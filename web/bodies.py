"""The bytes of a request, as they came, up to a limit: signatures are over bytes, and nobody may fill the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fastapi import HTTPException, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_TOO_LARGE = 413


def limited(most: int) -> Callable[[Request], Awaitable[bytes]]:
    """A dependency that reads at most *most* bytes; what is longer is refused with 413."""

    async def read(request: Request) -> bytes:
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > most:
            raise HTTPException(_TOO_LARGE, f"More than {most} bytes.")
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise HTTPException(_TOO_LARGE, f"More than {most} bytes.")
        return bytes(body)

    return read


def form(body: bytes) -> dict[str, str]:
    """The fields of a form; of a field that is there twice the last. What is no form has no fields."""
    try:
        found = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in found.items()}
