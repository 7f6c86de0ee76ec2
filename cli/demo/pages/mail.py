"""``/demo/mail``: everybody's inbox, and each mail as its reader sees it: as HTML, as text, as it came."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from lifecycle.errors import LifecycleError
from web.frame.rendering import POLICY, show
from web.frame.viewer import Anybody

if TYPE_CHECKING:
    from cli.demo.opened import Demo
    from cli.demo.sink import Mail

_AT_ONCE: Final = 40  # mails on a page
_FACES: Final = {"html": "As it looks", "text": "Plain text", "source": "As it came"}
#: A mail may have style and nothing else; its links open beside it.
_MAIL_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
_LINKS: Final = '<base target="_blank">'


class NoSuchMail(LifecycleError):
    """A mail that has not arrived."""

    code = "not-found"

    def __init__(self) -> None:
        super().__init__("There is no such mail.", remedy="Look for it in the inbox.")


@dataclass(frozen=True, slots=True)
class Inbox:
    """Whose it is, and how many mails are in it; *address* "" is everybody's."""

    address: str
    name: str
    number: int
    is_open: bool


def router(demo: Demo) -> APIRouter:
    made = APIRouter(prefix="/demo/mail")

    @made.api_route("", methods=["GET", "HEAD"])
    def inbox(seen: Anybody, to: str = "", mail: int = 0, face: str = "html", before: int = 0) -> HTMLResponse:
        """An inbox, the newest mail first, and one mail open."""
        mine = [one for one in reversed(demo.sink.mails) if to in {"", one.recipient}]
        shown = [one for one in mine if not before or one.number < before][:_AT_ONCE]
        opened = _mail(demo, mail) if mail else next(iter(shown), None)
        answer = show(
            seen,
            "demo-mail.html",
            inboxes=_inboxes(demo, to),
            mails=shown,
            more=shown[-1].number if shown and shown[-1] is not mine[-1] else 0,
            opened=opened,
            face=face if face in _FACES else "html",
            faces=_FACES,
            to=to,
        )
        answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
        return answer

    @made.api_route("/{number}/html", methods=["GET", "HEAD"])
    def html(number: int) -> HTMLResponse:
        """A mail's HTML, for the frame in which it is shown: it can do nothing there."""
        found = _mail(demo, number)
        body = found.html.replace("<head>", f"<head>{_LINKS}", 1)
        headers = {"Content-Security-Policy": _MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
        return HTMLResponse(body, headers=headers)

    return made


def _mail(demo: Demo, number: int) -> Mail:
    found = demo.sink.mail(number)
    if found is None:
        raise NoSuchMail
    return found


def _inboxes(demo: Demo, to: str) -> list[Inbox]:
    counts = Counter(one.recipient for one in demo.sink.mails)
    with demo.monitor.look() as work:
        names = {one.email: one.label for one in work.people.all()}
    found = [Inbox(one, names.get(one, one), number, one == to) for one, number in sorted(counts.items())]
    return [Inbox("", "Everybody", sum(counts.values()), not to), *found]
