"""A page: a template of ``web/templates`` in the frame that all pages have.

Templates lay out; what is true is worked out before. Every page says what is wrong with the house itself (banners), and
its policy lets no script and no style in but our own files.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastapi.responses import HTMLResponse, RedirectResponse

from notifiers.wording import channel_words, cycle_words, day, doubt_words
from web.frame.assets import asset_path
from web.frame.banners import banners
from web.frame.forms import token_for
from web.frame.navigation import menu, navigation
from web.frame.sessions import SAID, Said, drop, keep_said
from web.frame.words import clock_time, grouped, instant, readable

if TYPE_CHECKING:
    from jinja2 import Environment

    from web.frame.viewer import Visit

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SHORT: Final = 1000  # bytes that are not worth packing
_QUICK: Final = 5  # how hard gzip tries


def show(seen: Visit, name: str, *, status: int = 200, **content: Any) -> HTMLResponse:  # noqa: ANN401 - whatever the page shows
    """A page of ``web/templates`` for whoever looks."""
    html = _environment().get_template(name).render(**_frame(seen), **content)
    answer = _packed(seen, html, status)
    if seen.said is not None:
        drop(answer, seen.request, SAID)
    return answer


def part(seen: Visit, name: str, **content: Any) -> HTMLResponse:  # noqa: ANN401 - whatever the part shows
    """A part of a page, for htmx, which puts it in its place."""
    return _packed(seen, _environment().get_template(name).render(**_frame(seen), **content), 200)


def go(seen: Visit, path: str, said: str = "", *, tone: str = "good", undo: str = "") -> RedirectResponse:
    """To a page of ours after something was done, which is *said* there once. *undo* is where a form takes it back."""
    answer = RedirectResponse(f"{seen.root}{path}", status_code=303, headers={"Cache-Control": "no-store"})
    if said:
        keep_said(answer, seen.request, Said(said, tone, undo), seen.bound)
    return answer


def _frame(seen: Visit) -> dict[str, Any]:
    return {
        "viewer": seen,
        "root": seen.root,
        "asset": lambda name: f"{seen.root}{asset_path(name)}",
        "token": token_for(seen),
        "navigation": navigation(seen),
        "menu": menu(seen),
        "banners": banners(seen),
        "said": seen.said,
        "today": seen.today,
        "at": lambda moment: instant(moment, seen.zone),
        "clock_time": lambda moment: clock_time(moment, seen.zone),
    }


def _packed(seen: Visit, html: str, status: int) -> HTMLResponse:
    content = html.encode()
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY, "Vary": "Accept-Encoding, Cookie"}
    if len(content) > _SHORT and "gzip" in seen.request.headers.get("accept-encoding", ""):
        content = gzip.compress(content, _QUICK, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return HTMLResponse(content, status_code=status, headers=headers)


@cache
def _environment() -> Environment:
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals |= {
        "channel_words": channel_words,
        "cycle_words": cycle_words,
        "day": day,
        "doubt_words": doubt_words,
        "readable": readable,
    }
    made.filters["grouped"] = grouped
    return made
