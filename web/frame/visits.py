"""Forms for people who are not signed in: they are bound to the browser's visit, a random cookie of its own."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from web.frame.sessions import VISIT, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.responses import HTMLResponse

    from web.frame.viewer import Visit


def bound(seen: Visit, shown: Callable[[Visit], HTMLResponse]) -> HTMLResponse:
    """A page with a form for a visitor; a browser without a visit gets one."""
    if seen.bound:
        return shown(seen)
    visitor = replace(seen, bound=secrets.token_urlsafe(24))
    answer = shown(visitor)
    put(answer, seen.request, VISIT, visitor.bound)
    return answer
