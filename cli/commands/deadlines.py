"""``deadlines``: what is overdue and what comes next, by last safe day."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import reading
from cli.lazy import Command
from cli.options import ExitCode, Search

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work
    from store.queries import DeadlineFilter, DeadlineRow, Queries
    from store.queries.search import Search as Meant

app = typer.Typer(rich_markup_mode=None, add_completion=False)
_USUAL = timedelta(days=90)
_CSV = (
    "id", "reference", "counterparty", "kind", "cycle", "action", "consequence", "safe_on", "target_on", "nominal_on",
    "latest_on", "days_left", "state", "is_overdue", "owner", "backup",
)  # fmt: skip


@app.command(
    cls=Command,
    epilog="longstop deadlines --within 30d\nlongstop deadlines acme tag:critical is:unverified --json",
)
@reading
def deadlines(
    run: Run,
    search: Search = None,
    within: Annotated[str, typer.Option(metavar="PERIOD", help="How far ahead.", show_default="90d")] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Up to this day.", show_default=False)] = "",
    kind: Annotated[list[str] | None, typer.Option(metavar="KIND", help="notice, audit ...; several times.")] = None,
    owner: Annotated[str, typer.Option(metavar="EMAIL", help="Whose they are.", show_default=False)] = "",
    counterparty: Annotated[str, typer.Option(metavar="NAME", help="With whom.", show_default=False)] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    state: Annotated[list[str] | None, typer.Option(metavar="STATE", help="open, acknowledged, done ...")] = None,
    markers: Annotated[bool, typer.Option("--markers", help="Also days that pass by themselves.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Comma-separated values on stdout.")] = False,
    exit_code: ExitCode = False,
) -> None:
    """What is overdue and what comes next, by last safe day."""
    from cli.acting import queries as seen_by
    from cli.days import parse_length
    from cli.errors import UsageRefused
    from lifecycle.days.dates import after
    from store.queries.search import typed_search

    if within and until:
        raise UsageRefused("--within and --until both say how far ahead.", remedy="Give one of them.")
    if as_csv and run.as_json:
        raise UsageRefused("--csv and --json are two answers.", remedy="Give one of them.")
    until_on = run.day(until, "--until") if until else None
    if until_on is None and not overdue:
        until_on = after(run.today, parse_length(within, "--within")) if within else run.today + _USUAL
    with run.look() as work:
        queries = seen_by(run, work)
        wanted = _wanted(
            work, typed_search(" ".join(search or ())), kind, state, owner, counterparty, until_on, markers=markers
        )
        rows = list(queries.deadlines(wanted, run.today))
        if overdue:
            rows = [row for row in rows if _is_overdue(work, row)]
        _tell(run, work, rows, as_csv=as_csv)
        if not rows and not run.as_json and not as_csv:
            _tell_nothing(run, work, queries)
    if exit_code and rows:
        raise typer.Exit(10)


def _wanted(
    work: Work,
    search: Meant,
    kind: list[str] | None,
    state: list[str] | None,
    owner: str,
    counterparty: str,
    until_on: date | None,
    *,
    markers: bool,
) -> DeadlineFilter:
    from cli.choices import chosen
    from lifecycle.milestones.milestone import LIVE, MARKERS, MilestoneKind, MilestoneState
    from store.queries import DeadlineFilter

    kinds = frozenset(chosen(MilestoneKind, one, "--kind") for one in kind or ())
    return DeadlineFilter(
        search=search,
        until_on=until_on,
        kinds=kinds,
        states=frozenset(chosen(MilestoneState, one, "--state") for one in state or ()) or LIVE,
        owner_id=work.people.by_email(owner).id if owner else None,
        counterparty=counterparty,
        with_markers=markers or bool(kinds & MARKERS),
    )


def _is_overdue(work: Work, row: DeadlineRow) -> bool:
    return row.milestone.is_deadline and row.milestone.is_live and row.milestone.safe_on < work.today(row.agreement)


def _tell(run: Run, work: Work, rows: list[DeadlineRow], *, as_csv: bool) -> None:
    from cli.tables import deadline_table
    from engine.documents.deadlines import deadline_documents

    if run.as_json:
        run.answer("deadlines", items=deadline_documents(work, rows))
    elif as_csv:
        run.terminal.line(_csv(deadline_documents(work, rows)))
    elif rows:
        deadline_table(run.terminal, work, rows)


def _tell_nothing(run: Run, work: Work, queries: Queries) -> None:
    from cli.tables_of_agreements import tell_empty
    from notifiers.wording import day

    if not work.agreements.ids():
        tell_empty(run.terminal)
        return
    following = queries.next_after(run.today)
    told = f"Next: {day(following.milestone.safe_on)}." if following else "Nothing is ahead."
    run.terminal.line(f"Nothing matches. {told}")


def _csv(documents: list[dict[str, Any]]) -> str:
    from engine.documents.plain import jsonable
    from engine.intake.texts import guarded

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_CSV)
    for document in documents:
        flat = {**document, "owner": _email(document["owner"]), "backup": _email(document["backup"])}
        cells = (jsonable(flat[name]) for name in _CSV)
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue().rstrip("\n")


def _email(person: dict[str, Any] | None) -> str:
    return person["email"] if person else ""
