"""The edge of the application: what holds for every request, whoever answers it.

1. It gets a number, which stands in the log and in the answer, and its path begins with the path under which a proxy
   serves us, whether or not that proxy cuts it off.
2. Who asks, and by which scheme, is a proxy's word only where that proxy is trusted.
3. No body is larger than the largest file, and none keeps us waiting.
4. Headers that keep browsers careful stand in every answer.
5. What nobody expected is told as a sentence.
"""

from __future__ import annotations

import secrets
from asyncio import wait_for
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request

from web.frame import errors

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from web.frame.site import Networks, Site

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_BESIDE: Final = 1024 * 1024  # bytes of a form beside its file


class TooMuch(Exception):
    """More than anybody may send."""

    status = 413


class TooSlow(Exception):
    """A body that does not come."""

    status = 408


class Edge:
    """See the module."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = scope["longstop_request_id"] = secrets.token_hex(6)
        with structlog.contextvars.bound_contextvars(request_id=number):
            _below(scope, self._site.root_path)
            _believe(scope, self._site)
            await self._answer(scope, receive, _Careful(send, number))

    async def _answer(self, scope: Scope, receive: Receive, send: _Careful) -> None:
        try:
            limited = _limited(scope, receive, self._site)
            await self._app(scope, limited, send)
        except (TooMuch, TooSlow) as error:
            if send.has_begun:
                raise
            answer = await run_in_threadpool(errors.page, Request(scope, receive), error.status)
            await answer(scope, receive, send)
        except ClientDisconnect:
            return  # they went away before all was said: nobody is there to be answered, and nothing has failed
        except Exception as error:
            if send.has_begun:
                raise
            answer = await run_in_threadpool(errors.failed, Request(scope, receive), error)
            await answer(scope, receive, send)


class _Careful:
    """Adds to every answer what keeps browsers careful, where the answer does not say so itself."""

    def __init__(self, send: Send, number: str) -> None:
        self._send = send
        self._number = number
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._number
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


def _limited(scope: Scope, receive: Receive, site: Site) -> Receive:
    """The body, up to the limit and without long waits; what comes after it (that they are gone) has its time."""
    declared = Headers(scope=scope).get("content-length", "")
    most = left = site.upload_most + _BESIDE
    is_whole = False

    async def take() -> Message:
        nonlocal left, is_whole
        if declared.isdecimal() and int(declared) > most:
            raise TooMuch
        if is_whole:
            return await receive()
        try:
            message = await wait_for(receive(), site.patience)
        except TimeoutError:
            raise TooSlow from None
        is_whole = not message.get("more_body", False)
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooMuch
        return message

    return take


def _below(scope: Scope, root: str) -> None:
    path = scope["path"]
    if root and path == root:
        scope["path"] = f"{root}/"
    elif root and not path.startswith(f"{root}/"):
        scope["path"] = root + path
    scope["root_path"] = root


def _believe(scope: Scope, site: Site) -> None:
    """Take from proxies what they may say, and drop what nobody may say who is none (O3)."""
    peer = scope["client"][0] if scope.get("client") else ""
    headers = Headers(scope=scope)
    if _is_in(peer, site.trusted):
        _forwarded(scope, headers, site.trusted)
    named = headers.getlist(site.auth_header) if site.auth_header else []
    if named and (len(named) > 1 or not _is_in(peer, site.auth_trusted)):  # one of two is not the proxy's
        dropped = site.auth_header.lower().encode()
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name.lower() != dropped]


def _forwarded(scope: Scope, headers: Headers, trusted: Networks) -> None:
    """The nearest address that is no proxy of ours asked.

    A proxy may add a line of its own below the one that a client has sent: the lines are one list (RFC 9110 5.3).
    """
    said = [part.lower() for part in _listed(headers, "x-forwarded-proto")][-1:]
    if said in (["http"], ["https"]):
        scope["scheme"] = said[0]
    chain = [_bare(part) for part in _listed(headers, "x-forwarded-for")]
    others = [part for part in reversed(chain) if not _is_in(part, trusted)]
    if others:
        scope["client"] = (others[0], 0)


def _listed(headers: Headers, name: str) -> list[str]:
    return [part.strip() for part in ",".join(headers.getlist(name)).split(",") if part.strip()]


def _bare(address: str) -> str:
    """Without the port that some proxies write behind it."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _is_in(address: str, networks: Networks) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in network for network in networks)
