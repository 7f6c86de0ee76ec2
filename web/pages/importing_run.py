"""``/import`` from the trial on: what would happen, cells mended in place, the import itself, and taking it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.importing.undoing import undo_import
from engine.intake.workbook import read_workbook
from engine.uploading import pending as kept
from engine.uploading.folder import shown_name
from engine.uploading.running import DONE, TRIAL
from engine.uploading.seeing import said_of
from lifecycle.errors import LifecycleError
from web.frame.forms import Posted, whole
from web.frame.rendering import go, part, show
from web.frame.viewer import SignedIn
from web.imports.begun import LONGEST_QUIET, begun, is_quiet_day, must_be_open, own_batch, seen_of_batch
from web.imports.outcome import Outcome, accepted_said, mends_said, place_of

if TYPE_CHECKING:
    from engine.importing.undoing import Undone
    from engine.uploading.folder import Uploads
    from engine.uploading.pending import Pending
    from engine.uploading.running import Runs
    from web.frame.forms import Form
    from web.frame.viewer import Viewer

PATIENCE: Final = 2.0  # seconds in which most files are through; then the page says how far it is
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_Answer = HTMLResponse | RedirectResponse


def add_routes(made: APIRouter, uploads: Uploads, runs: Runs) -> None:
    """The addresses of these pages."""
    pages = _Pages(uploads, runs)
    looking = ["GET", "HEAD"]
    made.add_api_route("/import/batches/{batch_id}/undo", pages.ask_undo, methods=looking)
    made.add_api_route("/import/batches/{batch_id}/undo", pages.undo, methods=["POST"])
    made.add_api_route("/import/{pending_id}", pages.resume, methods=looking)
    made.add_api_route("/import/{pending_id}/check", pages.check, methods=looking, response_model=None)
    made.add_api_route("/import/{pending_id}/check", pages.try_again, methods=["POST"], response_model=None)
    made.add_api_route("/import/{pending_id}/file", pages.other_file, methods=["POST"], response_model=None)
    made.add_api_route("/import/{pending_id}/confirm", pages.confirm, methods=["POST"], response_model=None)
    made.add_api_route("/import/{pending_id}/result", pages.result, methods=looking, response_model=None)
    made.add_api_route("/import/{pending_id}/progress", pages.progress, methods=looking)
    made.add_api_route("/import/{pending_id}/corrections.xlsx", pages.corrections, methods=looking)


class _Pages:
    """See the module."""

    def __init__(self, uploads: Uploads, runs: Runs) -> None:
        self._uploads, self._runs = uploads, runs

    def resume(self, viewer: SignedIn, pending_id: str) -> Response:
        """To the step that comes next."""
        one = begun(viewer, pending_id)
        running = self._runs.progress(one)
        if one.is_imported or (running and running.what == DONE) or self._runs.outcome(one, DONE):
            return go(viewer, f"/import/{one.id}/result")
        is_tried = running is not None or self._runs.outcome(one, TRIAL) is not None
        return go(viewer, f"/import/{one.id}/{'check' if is_tried else 'columns'}")

    def check(self, viewer: SignedIn, pending_id: str) -> _Answer:
        """What would happen, by row and by cell; nothing has."""
        return self._checked(viewer, begun(viewer, pending_id))

    def try_again(self, viewer: SignedIn, form: Posted, pending_id: str) -> _Answer:
        """Try with cells mended, and with the day from which newcomers are told."""
        one = begun(viewer, pending_id)
        must_be_open(one)
        error = _quiet_error(viewer, form.get("quiet_until", one.quiet_until))
        if error:
            return self._checked(viewer, one, form=form, errors={"quiet_until": error})
        quiet = form.get("quiet_until", one.quiet_until)
        said = {**one.said, "accept": {**one.said.get("accept", {}), **accepted_said(form)}}
        mends = {**one.mends, **mends_said(form)}
        return self._try(viewer, replace(one, said=said, mends=mends, quiet_until=quiet))

    def other_file(self, viewer: SignedIn, form: Posted, pending_id: str) -> _Answer:
        """Another file in its place, such as the same one mended; what was said of its columns holds."""
        one = begun(viewer, pending_id)
        must_be_open(one)
        upload = form.file("file")
        if upload is None:
            return self._checked(viewer, one, errors={"file": "Choose the mended file first."})
        name = shown_name(upload.name)
        try:
            workbook = read_workbook(upload.content, name)
        except LifecycleError as error:
            return self._checked(viewer, one, errors={"file": f"{error.sentence} {error.remedy}"})
        self._uploads.replace(one.id, upload.content)
        return self._try(viewer, replace(one, name=name, said=said_of(workbook, one.said), mends={}))

    def confirm(self, viewer: SignedIn, form: Posted, pending_id: str) -> _Answer:
        """Take in what was looked at; of many the number has to be typed."""
        one = begun(viewer, pending_id)
        must_be_open(one)
        told = self._runs.outcome(one, TRIAL)
        if told is None or "refused" in told or form.get("mark") != one.mark:
            return go(viewer, f"/import/{one.id}/check", "Look at it once more: it was changed meanwhile.", tone="warn")
        found = Outcome(told=told)
        typed = form.get("number").replace(",", "").replace(" ", "")
        if found.must_be_typed and typed != str(found.coming):
            error = f"Type {found.coming} to take in {found.coming} agreements."
            return self._checked(viewer, one, form=form, errors={"number": error})
        self._runs.begin(one, viewer.person, is_dry_run=False, patience=PATIENCE)
        return go(viewer, f"/import/{one.id}/result")

    def result(self, viewer: SignedIn, pending_id: str) -> _Answer:
        """What came of it."""
        one = begun(viewer, pending_id)
        if (running := self._runs.progress(one)) is not None:
            return show(viewer, "import-running.html", one=one, running=running)
        told = self._runs.outcome(one, DONE)
        if told is None:
            return go(viewer, f"/import/{one.id}/check")
        return show(viewer, "import-result.html", one=one, refused=told.get("refused"), found=_outcome(viewer, told))

    def progress(self, viewer: SignedIn, pending_id: str) -> Response:
        """How far it is, for a page that waits; at its end that page is loaded anew."""
        one = begun(viewer, pending_id)
        running = self._runs.progress(one)
        if running is None:
            return Response(headers={"HX-Refresh": "true", "Cache-Control": "no-store"})
        return part(viewer, "parts/import-progress.html", one=one, running=running)

    def corrections(self, viewer: SignedIn, pending_id: str) -> Response:
        """The rows that failed, with what is wrong beside each."""
        path = self._uploads.corrections(begun(viewer, pending_id).id)
        if not path.is_file():
            return go(viewer, f"/import/{pending_id}", "No row has failed.")
        headers = {"Content-Disposition": 'attachment; filename="corrections.xlsx"', "Cache-Control": "no-store"}
        return Response(path.read_bytes(), media_type=_XLSX, headers=headers)

    def ask_undo(self, viewer: SignedIn, batch_id: str) -> HTMLResponse:
        """What taking an import back would do."""
        with viewer.work(is_dry_run=True) as work:
            batch = own_batch(viewer, work, batch_id)
            seen = seen_of_batch(viewer, work, batch_id)
            undone = undo_import(work, batch_id)
            kept_names = _named(undone, seen)
            return show(viewer, "import-undo.html", batch=batch, undone=undone, kept=kept_names)

    def undo(self, viewer: SignedIn, form: Posted, batch_id: str) -> Response:
        """Take an import back, but for what somebody has changed since."""
        del form
        with viewer.work() as work:
            own_batch(viewer, work, batch_id)
            seen = seen_of_batch(viewer, work, batch_id)
            undone = undo_import(work, batch_id)
            names = _named(undone, seen)
        number = len(undone.undone)
        said = f"{number} {'agreement is' if number == 1 else 'agreements are'} as before the import."
        if undone.kept:
            said += f" {len(undone.kept)} changed since and left as they are: {names}."
        return go(viewer, "/import", said, tone="warn" if undone.kept else "good")

    def _try(self, viewer: Viewer, one: Pending) -> _Answer:
        with viewer.work() as work:
            kept.keep(work, one)
        self._runs.begin(one, viewer.person, is_dry_run=True, patience=PATIENCE)
        return go(viewer, f"/import/{one.id}/check")

    def _checked(
        self, viewer: Viewer, one: Pending, *, form: Form | None = None, errors: dict[str, str] | None = None
    ) -> _Answer:
        if one.is_imported:
            return go(viewer, f"/import/{one.id}/result")
        if (running := self._runs.progress(one)) is not None:
            return show(viewer, "import-running.html", one=one, running=running)
        told = self._runs.outcome(one, TRIAL)
        return show(
            viewer,
            "import-check.html",
            status=422 if errors else 200,
            one=one,
            refused=told.get("refused") if told else None,
            found=_outcome(viewer, told),
            place_of=place_of,
            typed=form.typed if form else {},
            errors=errors or {},
            last_quiet_on=viewer.today + timedelta(days=LONGEST_QUIET),
        )


def _outcome(viewer: Viewer, told: dict[str, object] | None) -> Outcome | None:
    if told is None or "refused" in told:
        return None
    asked = viewer.request.query_params
    return Outcome(told=told, show=asked.get("show", ""), page=whole(asked.get("page", "")) or 1)


def _quiet_error(viewer: Viewer, text: str) -> str:
    """What is wrong with the day from which newcomers are told; "" where nothing is."""
    if not text:
        return ""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return "Write the whole day, such as 2026-12-31."
    return "" if is_quiet_day(on, viewer.today) else f"Choose a day from today to {LONGEST_QUIET} days ahead."


def _named(undone: Undone, seen: frozenset[str]) -> str:
    """What was left as it is, of what they may see."""
    return ", ".join(one for one in undone.kept if one in seen) or "restricted ones"
