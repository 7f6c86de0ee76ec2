"""The cookies: who is signed in, which browser fills in a form before that, and what is said once on the next page.

All are for this site alone, out of reach of scripts, and go over https where people come by https.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from itsdangerous import BadData, URLSafeTimedSerializer

if TYPE_CHECKING:
    from fastapi import Request, Response

    from engine.access.entering import SignedIn
    from web.frame.site import Site

SESSION: Final = "longstop_session"
VISIT: Final = "longstop_visit"
SAID: Final = "longstop_said"
_SAID_HOLDS: Final = 60  # seconds
_MOST: Final = 1500  # characters: browsers keep cookies of 4 kB
_DAY: Final = 86400


@dataclass(frozen=True, slots=True)
class Said:
    """What the next page says once, on top. *undo* is where a form posts that takes it back."""

    text: str
    tone: str = "good"  # good, note, bad
    undo: str = ""


def keep_session(answer: Response, request: Request, entered: SignedIn) -> None:
    """Let the browser have the session; what it had for its visit is over."""
    days = (entered.session.ends_at - entered.session.started_at).days
    put(answer, request, SESSION, entered.token, seconds=days * _DAY)
    drop(answer, request, VISIT)


def drop_session(answer: Response, request: Request) -> None:
    drop(answer, request, SESSION)


def keep_said(answer: Response, request: Request, said: Said, bound: str) -> None:
    """Let the next page say it, in the browser in which it was done."""
    short = asdict(said) | {"text": said.text[:_MOST]}
    text = _signer(_site(request).key).dumps([bound[:16], short])
    put(answer, request, SAID, text, seconds=_SAID_HOLDS)


def read_said(request: Request, key: str, bound: str) -> Said | None:
    """What is to be said; nothing for what somebody else wrote, or what was done in another session."""
    try:
        whose, said = _signer(key).loads(request.cookies.get(SAID, ""), max_age=_SAID_HOLDS)
        return Said(**said) if whose == bound[:16] else None
    except (BadData, TypeError, ValueError):
        return None


def put(answer: Response, request: Request, name: str, value: str, *, seconds: int | None = None) -> None:
    answer.set_cookie(name, value, max_age=seconds, **_manner(request))


def drop(answer: Response, request: Request, name: str) -> None:
    answer.delete_cookie(name, **_manner(request))


def _manner(request: Request) -> dict[str, Any]:
    site = _site(request)
    is_secure = site.is_https or request.url.scheme == "https"
    return {"path": site.cookie_path, "secure": is_secure, "httponly": True, "samesite": "lax"}


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def _signer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="longstop.said")
