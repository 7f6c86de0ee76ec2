"""``imports``: a spreadsheet, or rows, become agreements: brought and looked at, confirmed, taken back.

What was brought and not confirmed waits for seven days, here and on the pages of the same person.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import Response
from pydantic import BeforeValidator, Field

from engine.documents.imports import batch_document
from engine.importing.undoing import undo_import
from engine.uploading import pending as kept
from engine.uploading.folder import Uploads, shown_name
from engine.uploading.rows import workbook_of
from engine.uploading.running import Runs
from lifecycle.rights import Act
from web.agreements.missing import Missing
from web.agreements.said import FormRefused
from web.api.agreements import Columns
from web.api.answers import Pages, changed, done_apart, item, items, some
from web.api.bodies import Base64, Body, Day, Nothing, Said, Text
from web.api.caller import Caller, Reads, Registers
from web.api.routing import file, get, post
from web.imports.begun import LONGEST_QUIET, begun, is_quiet_day, may_import, must_be_open, own_batch, seen_of_batch

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work
    from engine.uploading.pending import Pending

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_ROWS: Final = 20_000
_Order = Literal["dmy", "mdy"]


class File(Body):
    """A spreadsheet as it is (.xlsx, .xls, .ods, .csv), in Base64."""

    name: Said
    content: Base64


class Column(Body):
    """What a column holds, the unit of its bare numbers, the order of its days."""

    field: Said
    unit: Text = ""
    dates: _Order | None = None


def _with_field(said: object) -> object:
    return {"field": said} if isinstance(said, str) else said


#: A column whose field alone is said needs no more than its name.
_Named = Annotated[Column, BeforeValidator(_with_field, json_schema_input_type=Said | Column)]


class Map(Body):
    """What is known of the file beforehand, as in `longstop import --map`; all of it may be missing."""

    sheet: Text = ""
    header_row: Annotated[int, Field(ge=1, le=1000)] | None = None
    dates: _Order | None = None
    columns: Annotated[dict[Said, _Named], Field(default_factory=dict)]
    constants: Annotated[dict[Said, Said], Field(default_factory=dict)]
    ignore: tuple[Said, ...] = ()
    accept: Annotated[dict[Said, Said], Field(default_factory=dict)]


class Create(Body):
    """Either a file or rows; a row names the columns of the spreadsheet, null clears one."""

    file: File | None = None
    rows: Annotated[tuple[Columns, ...], Field(max_length=_MOST_ROWS)] = ()
    map: Map | None = None
    quiet_until_on: Day | None = None


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/imports", _listed, "Batch", many=True)
    get(made, "/imports/{batch}", _one, "Batch")
    file(made, "/imports/{batch}/corrections", _corrections, _XLSX)
    post(made, "/imports", _create, "Import", status=201)
    post(made, "/imports/{pending}/confirm", _confirm, "Import")
    post(made, "/imports/{pending}/discard", _discard, "Discarded")
    post(made, "/imports/{batch}/undo", _undo, "Undone")


def _listed(caller: Reads, asked: Pages) -> Response:
    """Those that were taken in, by when; of others only for who may change any agreement."""
    may_import(caller)
    sees_all = caller.may(Act.REGISTER)
    with caller.look() as work:
        found = [one for one in work.keeping.batches() if sees_all or one.actor == caller.person.email]
    page, following = some(found, lambda one: f"{one.at.isoformat()} {one.id}", asked)
    return items(caller, "imports", [batch_document(one) for one in page], following)


def _one(caller: Reads, batch: str) -> Response:
    """One that was taken in."""
    with caller.look() as work:
        return item(caller, "imports", batch_document(own_batch(caller, work, batch)))


def _corrections(caller: Reads, batch: str) -> Response:
    """The rows that failed, with what is wrong beside each; of one's own import, for seven days."""
    may_import(caller)
    with caller.look() as work:
        found = kept.found(work, caller.person.id, batch)
    path = _uploads(caller).corrections(found.id) if found else None
    if path is None or not path.is_file():
        raise Missing("such file", "No row has failed, it is older than seven days, or somebody else has it.")
    headers = {"Content-Disposition": 'attachment; filename="corrections.xlsx"', "Cache-Control": "no-store"}
    return Response(path.read_bytes(), media_type=_XLSX, headers=headers)


def _create(caller: Registers, said: Create) -> Response:
    """Bring a file or rows: what would happen, by row and by cell. Nothing is taken in until it is confirmed."""
    may_import(caller)
    name, content = _content(said)
    _refuse_late(caller, said)

    def act() -> dict[str, Any]:
        one = _brought(caller, said, name, content)
        is_kept = False
        try:
            report = _runs(caller).at_once(one, caller.person, is_dry_run=True)
            is_kept = not caller.is_dry_run
            if is_kept:
                with caller.work() as work:
                    kept.keep(work, one)
            return {**report, "pending": one.id if is_kept else None}
        finally:
            if not is_kept:
                _uploads(caller).drop(one.id)

    return done_apart(caller, "import", act, status=201)


def _confirm(caller: Registers, pending: str, said: Nothing | None = None) -> Response:
    """Take in what was looked at; rows that fail are told, and the rest is in the register."""
    del said
    may_import(caller)

    def act() -> dict[str, Any]:
        one = begun(caller, pending)
        must_be_open(one)
        report = _runs(caller).at_once(one, caller.person, is_dry_run=caller.is_dry_run)
        address = f"/api/v1/imports/{one.id}/corrections" if report["counts"]["failed"] else None
        return {**report, "pending": one.id, "corrections": address}

    return done_apart(caller, "import", act)


def _discard(caller: Registers, pending: str, said: Nothing | None = None) -> Response:
    """Give up what was brought; what the register knows stays."""
    del said
    may_import(caller)

    def act() -> dict[str, Any]:
        one = begun(caller, pending)
        with caller.trial() as work:
            kept.drop(work, one)
        if not caller.is_dry_run:
            _uploads(caller).drop(one.id)
        return {"pending": one.id, "file": one.name, "is_dry_run": caller.is_dry_run}

    return done_apart(caller, "import-discarded", act)


def _undo(caller: Registers, batch: str, said: Nothing | None = None) -> Response:
    """Take an import back, but for what somebody has changed since; only what they may see is named."""
    del said

    def change(work: Work) -> dict[str, Any]:
        own_batch(caller, work, batch)
        seen = seen_of_batch(caller, work, batch)
        undone = undo_import(work, batch)
        found = {name: [one for one in getattr(undone, name) if one in seen] for name in ("undone", "kept")}
        return {"batch": batch, "is_dry_run": caller.is_dry_run, **found}

    return changed(caller, "import-undone", change)


def _content(said: Create) -> tuple[str, bytes]:
    """What is brought: its name and its bytes. Raises FormRefused."""
    if (said.file is None) == (not said.rows):
        raise FormRefused({"file": "Send either a file, or rows."})
    if said.file is not None:
        return shown_name(said.file.name), base64.b64decode(said.file.content)
    return "rows.xlsx", workbook_of([row.model_dump(exclude_unset=True) for row in said.rows])


def _refuse_late(caller: Caller, said: Create) -> None:
    if said.quiet_until_on is not None and not is_quiet_day(said.quiet_until_on, caller.today):
        raise FormRefused({"quiet_until_on": f"Choose a day from today to {LONGEST_QUIET} days ahead."})


def _brought(caller: Caller, said: Create, name: str, content: bytes) -> Pending:
    """The file where it waits."""
    known = said.map.model_dump(mode="json", exclude_defaults=True, exclude_none=True) if said.map else {}
    one = kept.Pending(
        id="",
        person_id=caller.person.id,
        name=name,
        begun_at=caller.now.isoformat(),
        said=known,
        quiet_until=said.quiet_until_on.isoformat() if said.quiet_until_on else "",
    )
    return replace(one, id=_uploads(caller).add(content, caller.now))


def _uploads(caller: Caller) -> Uploads:
    return Uploads(caller.site.data_dir)


def _runs(caller: Caller) -> Runs:
    return Runs(caller.monitor, _uploads(caller))
