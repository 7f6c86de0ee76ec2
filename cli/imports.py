"""Imports at the command line: from a file and a map to a report that people and scripts read."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from cli.acting import permitted
from cli.errors import FOUND_WRONG, Interrupted, UsageRefused
from cli.render import Column, one_line
from config.import_maps import load_import_map
from config.laws import lookup
from engine.bulk import letting_others_write, patiently
from engine.documents.imports import batch_document, import_document
from engine.importing.rights import must_be_let_in
from engine.importing.taking_in import ImportOptions, import_file
from engine.importing.undoing import undo_import
from engine.intake.corrections import Failed, write_corrections
from engine.intake.export import write_template
from engine.intake.headers import MAPPABLE
from engine.intake.import_map import DayOrder, ImportMap, import_map
from engine.new_file import new_file
from lifecycle.rights import Act
from notifiers.wording import counted, instant

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.run import Run
    from engine.importing.report import ImportReport
    from engine.importing.undoing import Undone
    from engine.intake.findings import Finding

_LONGEST_QUIET: Final = 14  # days (INTERFACE.md S8)
_SHOWN: Final = 40  # findings on a terminal; all of them in --json and in the correction file


def options(run: Run, columns: Path | None, *, sheet: str, dates: str, quiet_until: str) -> ImportOptions:
    """How a file is taken in. Raises UsageRefused, YamlRefused, ImportMapError."""
    given = import_map(load_import_map(columns, fields=MAPPABLE)) if columns else ImportMap()
    quiet_until_on = run.day(quiet_until, "--quiet-until") if quiet_until else None
    if quiet_until_on is not None and not 0 <= (quiet_until_on - run.today).days <= _LONGEST_QUIET:
        remedy = f"Choose a day from today to {_LONGEST_QUIET} days ahead."
        what = "is over" if quiet_until_on < run.today else "is too far"
        raise UsageRefused(f"--quiet-until: {quiet_until_on} {what}.", remedy=remedy)
    return ImportOptions(
        actor=run.actor,
        laws=lookup,
        given=given,
        sheet=sheet,
        dates=DayOrder(dates) if dates else None,
        is_dry_run=run.is_dry_run,
        quiet_until_on=quiet_until_on,
    )


def take_in(run: Run, file: Path, asked: ImportOptions, corrections: Path | None) -> int:
    """Import and report; the exit code. Raises FileThere for *corrections*, WorkbookError, Forbidden."""
    from dataclasses import replace

    with run.look() as work:
        person = run.person(work)
    must_be_let_in(person)
    with nullcontext() if corrections is None else new_file(corrections) as part:
        with run.terminal.progress(f"Importing {file.name}") as progress:
            asked = replace(asked, person=person, progress=letting_others_write(progress), waits=_said_once(run))
            report = _imported(run, file, asked)
        is_written = part is not None and _write_corrections(report, part)
    written = str(corrections) if is_written else None
    if run.as_json:
        run.answer("import", item=import_document(report, corrections=written))
    else:
        _tell(run, report, written)
    is_wrong = report.failed or any(finding.is_error for finding in report.findings)
    return FOUND_WRONG if is_wrong else 0


def _imported(run: Run, file: Path, asked: ImportOptions) -> ImportReport:
    try:
        return import_file(run.monitor, file, asked)
    except KeyboardInterrupt:
        if asked.is_dry_run:
            raise
        told = f"The import of {file.name} was interrupted; what was taken in so far is kept."
        remedy = "Import it again to go on, or take back with --undo what `longstop import --list` names."
        raise Interrupted(told, remedy=remedy) from None


def _said_once(run: Run) -> Callable[[], None]:
    said = iter(["Somebody else writes to the register. This waits for its turn, up to a minute."])

    def waits() -> None:
        for sentence in said:
            run.terminal.note(sentence)

    return waits


def undo(run: Run, batch: str) -> int:
    """Take an import back, but for what somebody has changed since. Raises NotFound, AlreadyUndone."""

    def taken_back() -> Undone:
        with run.change() as work:
            permitted(run, work, Act.REGISTER)
            undone = undo_import(work, batch)
            work.settle()
            return undone

    undone = patiently(taken_back, _said_once(run))
    if run.as_json:
        run.answer(
            "import-undone",
            item={"batch": undone.batch, "is_dry_run": run.is_dry_run, "undone": undone.undone, "kept": undone.kept},
        )
    else:
        number = len(undone.undone)
        are = "is as it was" if number == 1 else "are as they were"
        run.terminal.line(f"{counted(number, 'agreement')} {are} before import {undone.batch}{run.tried}.")
        if undone.kept:
            run.terminal.line(f"Changed since, and left as they are: {', '.join(undone.kept)}.")
    return FOUND_WRONG if undone.kept else 0


def tell_batches(run: Run) -> None:
    """Every import, the newest first."""
    with run.look() as work:
        rows = work.keeping.batches()
    if run.as_json:
        run.answer("imports", items=[batch_document(row) for row in rows])
    elif rows:
        columns = (Column("Batch"), Column("When"), Column("Who"), Column("File", is_fixed=False), Column(""))
        run.terminal.table(
            columns,
            [
                (
                    row.id,
                    instant(row.at, run.monitor.house.time_zone),
                    row.actor,
                    row.file_name,
                    "undone" if row.undone_at else "",
                )
                for row in rows
            ],
        )
    else:
        run.terminal.line("Nothing was imported yet.")


def write_empty(run: Run, path: Path) -> None:
    """The empty workbook, with a word at each header; a trial leaves none behind. Raises FileThere."""
    with new_file(path) as part:
        if not run.is_dry_run:
            write_template(part)
    if run.as_json:
        run.answer("template", item={"file": str(path)})
    else:
        run.terminal.line(f"{path} is ready to be filled in{run.tried}.")


def _write_corrections(report: ImportReport, path: Path) -> bool:
    """Whether any row has failed; only then there is a file."""
    if report.failed:
        write_corrections(path, [Failed(row.draft, row.findings) for row in report.failed if row.draft is not None])
    return bool(report.failed)


def _tell(run: Run, report: ImportReport, corrections: str | None) -> None:
    say = run.terminal.line
    tried = " (a trial: nothing is kept)" if report.is_dry_run else f" (batch {report.batch})"
    told = " · ".join(f"{name} {number}" for name, number in report.counts.items())
    say(f"{report.file_name}{tried}: {told}")
    deadlines = ", ".join(f"{report.deadlines.get(name, 0)} {name}" for name in ("new", "moved", "withdrawn", "past"))
    today = report.deadlines.get("messages_today", 0)
    say(f"Deadlines: {deadlines}. Messages that go today: {today}.")
    for row in report.rows:
        if row.result == "amended":
            for change in row.changes:
                before, after = one_line(change.before or "-"), one_line(change.after or "-")
                say(f"  {row.reference} {change.field}: {before} -> {after}")
    _tell_findings(run, report)
    if remedy := _what_to_mend(report, corrections):
        say()
        say(remedy)


def _what_to_mend(report: ImportReport, corrections: str | None) -> str:
    """The last sentence: what was not taken in, where it stands why, and what to do; "" where nothing is wrong."""
    number = len(report.failed)
    if number:
        failed = f"{counted(number, 'row')} {'has' if number == 1 else 'have'} failed; the errors above say why."
        if corrections:
            return f"{failed} What failed stands in {corrections}: mend it there and import that file."
        again = f"Mend {report.file_name} and import it again, which leaves alone what was taken in"
        return f"{failed} {again}; or say --corrections OUT.xlsx for a workbook of what failed."
    if any(finding.is_error for finding in report.findings):
        return f"The errors above are about the whole file: mend {report.file_name} and import it again."
    return ""


def _tell_findings(run: Run, report: ImportReport) -> None:
    """Every error at its cell; of warnings that say the same the first, and how many more there are."""
    findings = [*report.findings, *(finding for row in report.rows for finding in row.findings)]
    errors = [one for one in findings if one.is_error]
    if errors:
        run.terminal.line()
        run.terminal.heading(f"Errors ({len(errors)})", "overdue")
        for one in errors[:_SHOWN]:
            run.terminal.line(f"  {one_line(str(one))}")
        if len(errors) > _SHOWN:
            run.terminal.line(f"  ... and {len(errors) - _SHOWN} more: see them with --json or --corrections.")
    alike: dict[str, list[Finding]] = {}
    for one in findings:
        if not one.is_error:
            alike.setdefault(one.code, []).append(one)
    if alike:
        run.terminal.line()
        run.terminal.heading(f"Warnings ({len(findings) - len(errors)}), which stop nothing", "strong")
        for same in sorted(alike.values(), key=len, reverse=True):
            more = f" ... and {len(same) - 1} more of this kind" if len(same) > 1 else ""
            run.terminal.line(f"  {one_line(str(same[0]))}{more}")
