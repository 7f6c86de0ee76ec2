"""Pages of one file each: their style stands in them, and a policy lets nothing else in.

No script, nothing from elsewhere, nothing kept by a browser or a proxy, and no address told to whoever is linked.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse

if TYPE_CHECKING:
    from jinja2 import Template

_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Page:
    template: Template
    style_hash: str


def page(name: str, *, status: int = 200, **content: Any) -> HTMLResponse:  # noqa: ANN401 - whatever the page shows
    """A page of ``web/templates``, with the headers that all of these have."""
    made = _page(name)
    html = made.template.render(**content)
    return HTMLResponse(html, status_code=status, headers={**_HEADERS, "Content-Security-Policy": _policy(made)})


def refusal(status: HTTPStatus, said: str, remedy: str) -> HTMLResponse:
    """The page that says why a link leads nowhere, and what to do; in ten seconds where the house is to blame."""
    answer = page("said.html", status=status, title=status.phrase, said=said, remedy=remedy)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = "10"
    return answer


_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def _policy(made: _Page) -> str:
    """The one style of the page is known by its hash; https://www.w3.org/TR/CSP3/#external-hash."""
    style = f"style-src '{made.style_hash}'"
    return f"default-src 'none'; form-action 'self'; {style}; base-uri 'none'; frame-ancestors 'none'"


@cache
def _page(name: str) -> _Page:
    import jinja2

    source = files("web").joinpath(f"templates/{name}").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = _STYLE.search(source)
    digest = hashlib.sha256((style[1] if style else "").encode()).digest()
    return _Page(environment.from_string(source), f"sha256-{base64.b64encode(digest).decode()}")
