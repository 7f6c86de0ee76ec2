"""``backups``: the whole house in one file: made, tried out, taken away; an admin's alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from fastapi import Response
from fastapi.responses import FileResponse

from engine.backups import kept as backups_kept
from lifecycle.rights import Act
from web.api.answers import Pages, done_apart, item, items, some
from web.api.bodies import Nothing
from web.api.caller import Administers, Reads
from web.api.routing import get, post, taken

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.backups.kept import Kept

log = structlog.get_logger(__name__)


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/backups", _listed, "Backup", many=True)
    get(made, "/backups/{name}", _one, "Backup")
    post(made, "/backups", _create, "Backup", status=201)
    post(made, "/backups/{name}/verify", _verify, "BackupChecked")
    taken(made, "/backups/{name}/download", _download, "application/zip")


def _listed(caller: Reads, asked: Pages) -> Response:
    """By name, which is by when they were made."""
    caller.require(Act.ADMINISTER)
    page, following = some(backups_kept.listed(caller.monitor), lambda one: one.name, asked)
    return items(caller, "backups", [_document(one) for one in page], following)


def _one(caller: Reads, name: str) -> Response:
    """One of them."""
    caller.require(Act.ADMINISTER)
    file = backups_kept.file_of(caller.monitor, name)
    found = next(one for one in backups_kept.listed(caller.monitor) if one.name == file.name)
    return item(caller, "backups", _document(found))


def _create(caller: Administers, said: Nothing | None = None) -> Response:
    """Make one now; too old ones go."""
    del said
    caller.require(Act.ADMINISTER)

    def act() -> dict[str, Any]:
        return _document(backups_kept.create(caller.monitor, is_dry_run=caller.is_dry_run))

    return done_apart(caller, "backups", act, status=201)


def _verify(caller: Administers, name: str, said: Nothing | None = None) -> Response:
    """Restore it elsewhere, and look at every byte, page and link of the chain."""
    del said
    caller.require(Act.ADMINISTER)

    def act() -> dict[str, Any]:
        found = backups_kept.try_out(caller.monitor, name, is_dry_run=caller.is_dry_run)
        return {"name": found.name, "at": found.at, "is_whole": found.is_whole, "said": found.said}

    return done_apart(caller, "backup-checked", act)


def _download(caller: Administers, name: str, said: Nothing | None = None) -> Response:
    """The file. It holds the whole register, whatever its agreements are restricted to."""
    del said
    caller.require(Act.ADMINISTER)
    file = backups_kept.file_of(caller.monitor, name)
    log.info("backup taken away", backup=name, person_id=caller.person.id)
    return FileResponse(file, media_type="application/zip", filename=name, headers={"Cache-Control": "no-store"})


def _document(one: Kept) -> dict[str, Any]:
    return {"name": one.name, "size": one.size, "made_at": one.made_at}
