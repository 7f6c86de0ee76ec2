"""``/admin/backups``: the whole house in one file: made, tried out, taken away; how it comes back (INTERFACE.md O8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from engine.backups import kept as backups_kept
from engine.backups.making import plan_of
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act
from web.frame.forms import Posted
from web.frame.rendering import go
from web.frame.viewer import SignedIn
from web.pages.admin.frame import page, refused

if TYPE_CHECKING:
    from web.frame.site import Site

log = structlog.get_logger(__name__)
HERE: Final = "/admin/backups"


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route(HERE, methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.ADMINISTER)
        plan = plan_of(viewer.monitor)
        with viewer.look() as work:
            checked = backups_kept.last_check(work)
        return page(viewer, "backups", HERE, rows=backups_kept.listed(viewer.monitor), plan=plan, checked=checked)

    @made.post(HERE)
    def create(viewer: SignedIn, _form: Posted) -> RedirectResponse:
        viewer.require(Act.ADMINISTER)
        try:
            fresh = backups_kept.create(viewer.monitor)
        except LifecycleError as error:
            return refused(viewer, HERE, error)
        return go(viewer, HERE, f"{fresh.name} was made.")

    @made.post(f"{HERE}/{{name}}/verify")
    def verify(viewer: SignedIn, name: str, _form: Posted) -> RedirectResponse:
        """Restore it elsewhere, and look at every byte, page and link of the chain."""
        viewer.require(Act.ADMINISTER)
        try:
            found = backups_kept.try_out(viewer.monitor, name)
        except backups_kept.DiskRefused as error:
            return refused(viewer, HERE, error)
        said = f"{name} is whole: {found.said}." if found.is_whole else found.said
        return go(viewer, HERE, said, tone="good" if found.is_whole else "bad")

    @made.post(f"{HERE}/{{name}}/download")
    def download(viewer: SignedIn, name: str, _form: Posted) -> FileResponse:
        """The file; asked for by a form, so that no link on another page takes the register away."""
        viewer.require(Act.ADMINISTER)
        file = backups_kept.file_of(viewer.monitor, name)
        log.info("backup taken away", backup=name, person_id=viewer.person.id)
        return FileResponse(file, media_type="application/zip", filename=name, headers={"Cache-Control": "no-store"})

    return made
