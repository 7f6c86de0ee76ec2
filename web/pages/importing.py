"""``/import``: a spreadsheet becomes agreements, step by step (INTERFACE.md P16). Here: the file and its columns.

What is said is kept for seven days, so that anybody can go on later, from any step; nothing is taken in before it was
looked at.
"""

from __future__ import annotations

import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.intake.export import write_register, write_template
from engine.intake.workbook import read_workbook
from engine.uploading import pending as kept
from engine.uploading.folder import Uploads, shown_name
from engine.uploading.running import Runs
from engine.uploading.seeing import likely_sheet, said_of, seen
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act
from store.queries.assets import assets_of
from store.queries.search import NOTHING
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn, Viewer
from web.imports import asking
from web.imports.begun import begun, may_import
from web.imports.maps import brought_map
from web.pages.importing_run import PATIENCE, add_routes

if TYPE_CHECKING:
    from engine.intake.workbook import Workbook
    from engine.uploading.pending import Pending
    from engine.uploading.seeing import Seen
    from web.frame.forms import Form
    from web.frame.site import Site

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BATCHES: Final = 50
_Answer = HTMLResponse | RedirectResponse


class NoFile(LifecycleError):
    """The form came without a file."""

    code = "no-file"

    def __init__(self) -> None:
        super().__init__("No file was chosen.", remedy="Choose an .xlsx, .xls, .ods or .csv file, then upload it.")


def router(site: Site) -> APIRouter:
    made = APIRouter(include_in_schema=False)
    uploads = Uploads(site.data_dir)
    uploads.sweep(site.monitor.clock.now())
    runs = Runs(site.monitor, uploads)
    pages = ImportPages(uploads, runs)
    looking = ["GET", "HEAD"]
    made.add_api_route("/import", pages.start, methods=looking)
    made.add_api_route("/import", pages.upload, methods=["POST"], response_model=None)
    made.add_api_route("/import/template.xlsx", pages.template, methods=looking)
    made.add_api_route("/import/register.xlsx", pages.export, methods=looking)
    add_routes(made, uploads, runs)
    made.add_api_route("/import/{pending_id}/sheet", pages.sheets, methods=looking, response_model=None)
    made.add_api_route("/import/{pending_id}/sheet", pages.choose_sheet, methods=["POST"], response_model=None)
    made.add_api_route("/import/{pending_id}/columns", pages.columns, methods=looking, response_model=None)
    made.add_api_route("/import/{pending_id}/columns", pages.say_columns, methods=["POST"], response_model=None)
    made.add_api_route("/import/{pending_id}/map.yaml", pages.map, methods=looking)
    made.add_api_route("/import/{pending_id}/discard", pages.discard, methods=["POST"])
    return made


class ImportPages:
    """The pages up to the trial. One file is read at a time: a large one takes its share of the memory."""

    def __init__(self, uploads: Uploads, runs: Runs) -> None:
        self._uploads, self._runs = uploads, runs
        self._reading = threading.Lock()

    def start(self, viewer: SignedIn) -> HTMLResponse:
        """Upload, go on with what was begun, and the imports so far."""
        may_import(viewer)
        return _start(viewer)

    def upload(self, viewer: SignedIn, form: Posted) -> _Answer:
        """Keep the file; what cannot be read is refused at once."""
        may_import(viewer)
        try:
            one, workbook = self._kept(viewer, form)
        except LifecycleError as error:
            return _start(viewer, error)
        several = len([sheet for sheet in workbook.sheets if sheet.rows]) > 1
        is_known = bool(one.said.get("columns"))
        return go(viewer, f"/import/{one.id}/{'sheet' if several and not is_known else 'columns'}")

    def template(self, viewer: SignedIn) -> Response:
        """The empty workbook."""
        may_import(viewer)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "template.xlsx"
            write_template(path)
            return _download(path.read_bytes(), "longstop-template.xlsx")

    def export(self, viewer: SignedIn) -> Response:
        """All that they may see, as a workbook that imports again without a change."""
        with viewer.look() as work, tempfile.TemporaryDirectory() as folder:
            found = list(viewer.queries(work).agreements(NOTHING))
            people = [one for one in work.people.all() if not one.is_disabled]
            path = Path(folder) / "register.xlsx"
            write_register(path, found, people, laws=viewer.monitor.laws, assets=assets_of(work, found))
            return _download(path.read_bytes(), "register.xlsx")

    def sheets(self, viewer: SignedIn, pending_id: str) -> _Answer:
        """Which sheet lists the agreements."""
        one = begun(viewer, pending_id)
        workbook = self._read(one)
        return show(viewer, "import-sheet.html", one=one, workbook=workbook, chosen=likely_sheet(workbook, one.said))

    def choose_sheet(self, viewer: SignedIn, form: Posted, pending_id: str) -> _Answer:
        """Another sheet has other columns: what was said of the old ones is said no more."""
        one = begun(viewer, pending_id)
        sheet = form.get("sheet")
        if sheet != one.said.get("sheet"):
            _keep(viewer, replace(one, said={"sheet": sheet}, mends={}))
        return go(viewer, f"/import/{one.id}/columns")

    def columns(self, viewer: SignedIn, pending_id: str) -> _Answer:
        """What each column is, how full it is, and how it is understood."""
        one = begun(viewer, pending_id)
        return _columns(viewer, one, seen(self._read(one), one.said))

    def say_columns(self, viewer: SignedIn, form: Posted, pending_id: str) -> _Answer:
        """Keep what is said; look again, or go on to the trial where nothing is open."""
        one = begun(viewer, pending_id)
        workbook = self._read(one)
        found = seen(workbook, one.said)
        try:
            row = asking.header_row(form, found)
            if row != found.header_row:  # other headers: what stands below them is asked anew
                one = _keep(viewer, replace(one, said={"sheet": found.sheet, "header_row": row}, mends={}))
                return _columns(viewer, one, seen(workbook, one.said))
            accepted = {"accept": one.said["accept"]} if one.said.get("accept") else {}
            one = replace(one, said={**asking.map_said(form, found), **accepted})
        except asking.ColumnsRefused as error:
            return _columns(viewer, one, found, form=form, errors=error.errors)
        with viewer.work() as work:
            kept.keep(work, one)
            kept.keep_map(work, one, found.headers)
        found = seen(workbook, one.said)
        is_open = found.asking and not form.is_on("anyway")
        if form.get("step") == "look" or is_open:
            errors = asking.questions(found.asking) if is_open and form.get("step") != "look" else {}
            return _columns(viewer, one, found, errors=errors)
        self._runs.begin(one, viewer.person, is_dry_run=True, patience=PATIENCE)
        return go(viewer, f"/import/{one.id}/check")

    def map(self, viewer: SignedIn, pending_id: str) -> Response:
        """What was said of the columns, for ``longstop import --map``."""
        one = begun(viewer, pending_id)
        return _download(kept.as_yaml(one.said).encode(), "map.yaml", "application/yaml")

    def discard(self, viewer: SignedIn, form: Posted, pending_id: str) -> Response:
        """Give it up; what the register knows stays."""
        del form
        one = begun(viewer, pending_id)
        with viewer.work() as work:
            kept.drop(work, one)
        self._uploads.drop(one.id)
        return go(viewer, "/import", f"{one.name} is discarded. The register is as it was.")

    def _kept(self, viewer: Viewer, form: Form) -> tuple[Pending, Workbook]:
        upload = form.file("file")
        if upload is None:
            raise NoFile
        name, brought = shown_name(upload.name), form.file("map")
        said = brought_map(viewer.site.rules, brought.content) if brought and viewer.site.rules else {}
        with self._reading:
            workbook = read_workbook(upload.content, name)
        begun_at = viewer.now.isoformat()
        upload_id = self._uploads.add(upload.content, viewer.now)
        one = kept.Pending(id=upload_id, person_id=viewer.person.id, name=name, begun_at=begun_at, said=said)
        with viewer.work() as work:
            if not said:
                one = kept.with_known_map(work, one, seen(workbook, one.said).headers)
            return kept.keep(work, replace(one, said=said_of(workbook, one.said))), workbook

    def _read(self, one: Pending) -> Workbook:
        with self._reading:
            return read_workbook(self._uploads.file(one.id), one.name)


def _keep(viewer: Viewer, one: Pending) -> Pending:
    with viewer.work() as work:
        return kept.keep(work, one)


def _start(viewer: Viewer, error: LifecycleError | None = None) -> HTMLResponse:
    sees_all = viewer.may(Act.REGISTER)
    with viewer.look() as work:
        batches = [row for row in work.keeping.batches() if sees_all or row.actor == viewer.person.email]
        unfinished = kept.unfinished(work, viewer.person.id)
    status = 422 if error else 200
    return show(
        viewer, "import.html", status=status, error=error, unfinished=unfinished, batches=batches[:_BATCHES],
        has_maps=viewer.site.rules is not None,
    )  # fmt: skip


def _columns(
    viewer: Viewer, one: Pending, found: Seen, *, form: Form | None = None, errors: dict[str, str] | None = None
) -> HTMLResponse:
    return show(
        viewer,
        "import-columns.html",
        status=422 if errors else 200,
        one=one,
        found=found,
        typed=form.typed if form else {},
        errors=errors or {},
        fields=asking.choices(),
        orders=asking.ORDERS,
        units=asking.UNITS,
        with_unit=asking.WITH_UNIT,
        with_order=asking.WITH_ORDER,
        constants={name: (asking.label(name), hint) for name, hint in asking.CONSTANTS.items()},
    )


def _download(content: bytes, name: str, media_type: str = _XLSX) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
