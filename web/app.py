"""The web application: health pages, the doors that are open, and the pages in their frame.

Plain ``def`` endpoints run in threads, but for whether the house lives and is ready: a database that keeps silent may
hold all of these.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, Response

from web.health import Readiness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.frame.site import Site
    from web.health import Watched

_UNREADY = 503


def make_app(watched: Watched, *, doors: Iterable[APIRouter] = (), site: Site | None = None) -> FastAPI:
    """The application, on what it watches; *doors* are the parts of the house that are open to people and programs.

    With a *site* it has pages for people who sign in.
    """
    app = FastAPI(
        title="Longstop",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )

    readiness = Readiness(watched)

    @app.api_route("/healthz", methods=["GET", "HEAD"])
    async def healthz() -> dict[str, str]:
        """Alive; for load balancers."""
        return {"status": "alive"}

    @app.api_route("/readyz", methods=["GET", "HEAD"])
    async def readyz(response: Response) -> dict[str, Any]:
        """Ready, or 503 with what is not."""
        checks = await readiness()
        is_ready = all(check.is_ok for check in checks)
        if not is_ready:
            response.status_code = _UNREADY
        response.headers["Cache-Control"] = "no-store"
        return {
            "status": "ready" if is_ready else "not ready",
            "checks": [
                {"check": one.check, "state": "ok" if one.is_ok else "bad", "detail": one.detail} for one in checks
            ],
        }

    for door in doors:
        app.router.routes.extend(door.routes)  # as they are: what is included is described a second time
    if site is not None:
        _with_pages(app, site)
    return app


def _with_pages(app: FastAPI, site: Site) -> None:
    from web.feeds.limits import Strangers
    from web.frame import assets, errors
    from web.frame.edge import Edge
    from web.frame.later import Later
    from web.pages import routes

    app.state.site = site
    app.state.calls = Strangers(most=600, within=timedelta(minutes=1))
    errors.install(app)
    app.add_middleware(Edge, site=site)
    app.router.routes.extend(assets.router().routes)
    app.router.routes.append(Later(("api", "problems"), lambda: _interface(site)))
    app.router.routes.extend(routes(site))


def _interface(site: Site) -> tuple[APIRouter, ...]:
    from web import api

    return api.routers(site)
