"""Who calls: a token's person, with that person's rights of the moment, cut to its scopes; or who is signed in (H3).

A session changes something only from our own pages: with their origin and the token of a form in ``X-Form-Token``.
Everybody may ask 600 times a minute.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Header, Query, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from engine.access.idempotency import Asked
from engine.access.tokens import SCOPES, UnknownToken, admitted
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor
from lifecycle.rights import Forbidden
from web.feeds.limits import Strangers
from web.frame.forms import NotOurForm, is_from_here, is_token_of
from web.frame.sessions import SESSION
from web.frame.viewer import Viewer, place_of, visit

if TYPE_CHECKING:
    from engine.monitor import Work
    from web.frame.site import Site

A_MINUTE: Final = 600
_EVERYTHING: Final = frozenset(SCOPES)
_JSON: Final = "application/json"
_bearer = HTTPBearer(auto_error=False, scheme_name="token", description="A token: `Authorization: Bearer lst_...`")
_cookie = APIKeyCookie(
    name=SESSION, auto_error=False, scheme_name="session", description="Signed in; changes also need `X-Form-Token`."
)


class NobodyAsks(LifecycleError):
    """Neither a token nor a session."""

    code = "sign-in-needed"

    def __init__(self) -> None:
        super().__init__("Nobody is signed in.", remedy="Send a token: Authorization: Bearer lst_...")


class TooManyRequests(LifecycleError):
    """More than 600 requests in a minute."""

    code = "too-many-requests"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"That was more than {A_MINUTE} requests in a minute.", remedy=f"Wait {seconds} seconds.")


class NotJson(LifecycleError):
    """A body that is not said to be JSON."""

    code = "unsupported-media-type"

    def __init__(self) -> None:
        super().__init__("The body is no JSON.", remedy="Send it with Content-Type: application/json.")


class NoText(LifecycleError):
    """A zero byte in an address: no text holds one."""

    code = "invalid"

    def __init__(self) -> None:
        super().__init__("The address holds a zero byte.", remedy="Leave it out.")


@dataclass(frozen=True)
class Caller(Viewer):  # type: ignore[misc]  # a viewer's person needs no default
    """Who calls, what for, and whether it is only tried."""

    scopes: frozenset[str] = _EVERYTHING
    name: str = ""  # of the token, for counting
    is_dry_run: bool = False
    asked: Asked | None = None

    @property
    def actor(self) -> Actor:
        """In whose name they act."""
        return Actor(self.person.email, "api")

    def trial(self) -> AbstractContextManager[Work]:
        """One transaction in their name, kept unless it is only tried."""
        return self.work(is_dry_run=self.is_dry_run)


def _known(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    _session: Annotated[str | None, Security(_cookie)],
) -> Caller:
    """Raises NobodyAsks, UnknownToken, TooManyRequests."""
    site: Site = request.app.state.site
    try:
        found = _by_token(request, site, bearer.credentials) if bearer else _by_session(request)
    except (NobodyAsks, UnknownToken):
        _count(request, f"place:{place_of(request)}")
        raise
    _count(request, f"{found.person.id}:{found.name}")
    if "\x00" in request.url.path or "%00" in str(request.url):
        raise NoText
    return found


def _by_token(request: Request, site: Site, text: str) -> Caller:
    found = admitted(site.monitor, text)
    scopes = frozenset(found.token.scopes)
    return Caller(request, site.monitor.clock.now(), person=found.person, scopes=scopes, name=found.token.id)


def _by_session(request: Request) -> Caller:
    seen = visit(request)
    if not isinstance(seen, Viewer):
        raise NobodyAsks
    return Caller(request, seen.now, seen.bound, seen.person, seen.preferences, seen.house, seen.session)


def _count(request: Request, name: str) -> None:
    limits: Strangers = request.app.state.calls
    wait = limits.take(name, request.app.state.site.monitor.clock.now())
    if wait:
        raise TooManyRequests(int(wait.total_seconds()) + 1)


def _needs(caller: Caller, scope: str) -> None:
    if scope not in caller.scopes:
        raise Forbidden(f"This token is not for {scope}.", remedy=f"Make one with the scope {scope}.")


def _reads(caller: Annotated[Caller, Depends(_known)]) -> Caller:
    _needs(caller, "read")
    return caller


async def _mark(request: Request) -> str:
    """What is asked, as SHA-256: the same key with another body is another request."""
    said = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return sha256(said + await request.body()).hexdigest()


def changes(scope: str) -> Callable[..., Caller]:
    """A dependency: who changes something that needs *scope*, and may also read."""

    def changing(  # noqa: PLR0913, PLR0917 - what is read from a request
        request: Request,
        caller: Annotated[Caller, Depends(_known)],
        mark: Annotated[str, Depends(_mark)],
        dry_run: Annotated[bool, Query(description="Do it, answer what it does, and keep nothing.")] = False,  # noqa: FBT002 - by name
        idempotency_key: Annotated[
            str | None, Header(min_length=1, max_length=255, description="The answer to a key is kept for 7 days.")
        ] = None,
        x_form_token: Annotated[str, Header(description="With a session instead of a token.")] = "",
    ) -> Caller:
        _needs(caller, "read")
        _needs(caller, scope)
        if not caller.name and not (is_from_here(request, caller.site) and is_token_of(caller, x_form_token)):
            raise NotOurForm
        if int(request.headers.get("content-length") or 0) and not _is_json(request):
            raise NotJson
        asked = Asked(caller.person.id, idempotency_key, mark) if idempotency_key and not dry_run else None
        return Caller(
            request, caller.now, caller.bound, caller.person, caller.preferences, caller.house, caller.session,
            scopes=caller.scopes, name=caller.name, is_dry_run=dry_run, asked=asked,
        )  # fmt: skip

    return changing


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == _JSON


Reads = Annotated[Caller, Depends(_reads)]
Acts = Annotated[Caller, Depends(changes("act"))]
Registers = Annotated[Caller, Depends(changes("register"))]
Applies = Annotated[Caller, Depends(changes("playbooks"))]
Administers = Annotated[Caller, Depends(changes("admin"))]
Tries = Annotated[Caller, Depends(changes("read"))]
