"""``agreement list | add | show | amend | archive``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Because, ExitCode, IfBecause, Reference, Search

if TYPE_CHECKING:
    from cli.run import Run
    from engine.intake.findings import Finding
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement

app = typer.Typer(rich_markup_mode=None, add_completion=False)


def _column(about: str, metavar: str = "TEXT") -> Any:  # noqa: ANN401 - typer's option
    return typer.Option(metavar=metavar, help=about, show_default=False)


@app.command("list", cls=Command, epilog="longstop agreement list status:in_force tag:critical")
@reading
def list_agreements(
    run: Run,
    search: Search = None,
    archived: Annotated[bool, typer.Option("--archived", help="Also archived ones.")] = False,
    exit_code: ExitCode = False,
) -> None:
    """Agreements by reference, each with its nearest last safe day."""
    from cli.tables_of_agreements import agreement_table, found_by, tell_empty
    from engine.documents.agreements import agreement_documents
    from store.queries.search import typed_search

    with run.look() as work:
        found = found_by(run, work, typed_search(" ".join(search or ())), with_archived=archived)
        documents = agreement_documents(work, found)
        is_empty = not found and not work.agreements.ids()
    if run.as_json:
        run.answer("agreements", items=documents)
    elif documents:
        agreement_table(run.terminal, documents, run.today)
    elif is_empty:
        tell_empty(run.terminal)
    else:
        run.terminal.line("Nothing matches.")
    if exit_code and found:
        raise typer.Exit(10)


@app.command(
    cls=Command,
    epilog='longstop agreement add ACME-7 --counterparty "Acme Labs" --kind NDA --effective-on 2026-02-01\n'
    '    --term "36 months" --renewal automatic --notice-period "60 days" --governing-law Germany',
)
@changing
def add(
    run: Run,
    reference: Reference,
    counterparty: Annotated[str, _column("The other side. Needed.")] = "",
    kind: Annotated[str, _column("NDA, MSA, SOW, SLA, DPA, licence ...")] = "",
    title: Annotated[str, _column("What people call it.")] = "",
    owner: Annotated[str, _column("Who answers for it.", "EMAIL")] = "",
    backup: Annotated[str, _column("Who stands in.", "EMAIL")] = "",
    signed_on: Annotated[str, _column("When it was signed.", "DATE")] = "",
    effective_on: Annotated[str, _column("When it takes effect.", "DATE")] = "",
    last_on: Annotated[str, _column("The last day in force, or perpetual.", "DATE")] = "",
    term: Annotated[str, _column("How long it first lasts.", "PERIOD")] = "",
    renewal: Annotated[str, _column("automatic, by option, by agreement, never.")] = "",
    renewal_term: Annotated[str, _column("How long it renews for.", "PERIOD")] = "",
    renewal_limit: Annotated[str, _column("How often it renews at most.", "NUMBER")] = "",
    notice_period: Annotated[str, _column('Such as "60 days" or "at least 3 months".', "PERIOD")] = "",
    notice_ends: Annotated[
        str, _column("To what days: month-end, quarter-end, half-year-end, year-end, any-day.")
    ] = "",
    earliest_end_on: Annotated[str, _column("The first day on which notice may end it.", "DATE")] = "",
    notice_opens: Annotated[str, _column("How early notice may be given at most.", "PERIOD")] = "",
    notice_via: Annotated[str, _column("email, courier, post.")] = "",
    notice_counts: Annotated[str, _column("sent, received, deemed.")] = "",
    survival: Annotated[str, _column("How long confidentiality outlives it.", "PERIOD")] = "",
    survival_from: Annotated[str, _column("From what that is counted.")] = "",
    end_convention: Annotated[str, _column("day-before, anniversary ...")] = "",
    governing_law: Annotated[str, _column('Such as "New York" or Germany.')] = "",
    calendar: Annotated[str, _column("Holidays: DE-BE, GB-ENG ...", "CODE")] = "",
    rules: Annotated[str, _column("Rule set: bgb, us-contract ...")] = "",
    time_zone: Annotated[str, _column("Such as Europe/Berlin.", "ZONE")] = "",
    value: Annotated[str, _column('Such as "EUR 240,000".', "AMOUNT")] = "",
    parent: Annotated[str, _column("The agreement that it hangs on.", "REFERENCE")] = "",
    tags: Annotated[str, _column("With commas between them.")] = "",
    template: Annotated[str, _column('From which it was drawn up: "Mutual NDA 3.2".')] = "",
    project: Annotated[str, _column("What it is for, and what is particular to that.")] = "",
    work_results: Annotated[str, _column("Whose the results of the work are: us, them, joint ...")] = "",
    document: Annotated[str, _column("Where the document lies.", "URL")] = "",
    note: Annotated[str, _column("Anything else.")] = "",
    restricted_to: Annotated[str, _column("People and teams who may see it.")] = "",
    from_file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE.yaml", exists=True, dir_okay=False, help="Columns in YAML.")
    ] = None,
    accept: Annotated[list[str] | None, typer.Option(metavar="CODE", help="Take a contradiction.")] = None,
    because: IfBecause = "",
) -> None:
    """Take an agreement into the register. Every column of the spreadsheet is an option."""
    from cli.one_row import added, from_yaml
    from engine.intake.headers import AGREEMENT_FIELDS

    given = {
        name: text for name, text in locals().items() if name in AGREEMENT_FIELDS and isinstance(text, str) and text
    }
    said = {**(from_yaml(from_file) if from_file else {}), **given}
    with run.change() as work:
        agreement, remarks = added(run, work, said, dict.fromkeys(accept or (), because))
        _tell_change(run, work, agreement, remarks, "added")


@app.command(cls=Command, epilog="longstop agreement show ACME-7\nlongstop agreement show ACME-7 --as-of 2026-06-30")
@reading
def show(
    run: Run,
    reference: Reference,
    as_of: Annotated[str, typer.Option(metavar="DATE", help="What was known then.", show_default=False)] = "",
) -> None:
    """All that is known of an agreement, or was known on a day."""
    from cli.acting import queries
    from cli.tables_of_agreements import agreement_card, known_at
    from engine.documents.agreements import whole_agreement

    with run.look() as work:
        now = queries(run, work).agreement(reference)
        on = run.past_day(as_of, "--as-of") if as_of else None
        agreement, history = known_at(work, now, on)
        document = whole_agreement(work, agreement, history)
        if run.as_json:
            run.answer("agreement", item={**document, "as_of": on})
        else:
            agreement_card(run.terminal, work, agreement, document, as_of=on)


@app.command(
    cls=Command, epilog='longstop agreement amend ACME-7 --set notice_period="90 days" --because "Amendment 2"'
)
@changing
def amend(
    run: Run,
    reference: Reference,
    because: Because,
    change: Annotated[
        list[str], typer.Option("--set", metavar="FIELD=VALUE", help="A column and its new value; several times.")
    ],
    accept: Annotated[list[str] | None, typer.Option(metavar="CODE", help="Take a contradiction.")] = None,
) -> None:
    """Change facts; the answer says which days move. With --dry-run nothing is kept."""
    from cli.one_row import amended, said_by

    with run.change() as work:
        agreement, remarks, done = amended(
            run, work, reference, said_by(change), because=because, accept=dict.fromkeys(accept or (), because)
        )
        _tell_change(run, work, agreement, remarks, done)


@app.command(cls=Command, epilog='longstop agreement archive ACME-7 --because "Replaced by ACME-9"')
@changing
def archive(
    run: Run,
    reference: Reference,
    because: IfBecause = "",
    restore: Annotated[bool, typer.Option("--restore", help="Take it back from the archive.")] = False,
) -> None:
    """Put an agreement aside; what is open is withdrawn. Nothing is deleted."""
    from cli.acting import permitted, queries
    from engine import operations
    from lifecycle.rights import Act

    with run.change() as work:
        agreement = queries(run, work).agreement(reference)
        permitted(run, work, Act.GOVERN, agreement)
        act = operations.restore if restore else operations.archive
        _tell_change(run, work, act(work, agreement, because=because), (), "restored" if restore else "archived")


def _tell_change(run: Run, work: Work, agreement: Agreement, remarks: tuple[Finding, ...], done: str) -> None:
    from cli.changes import tell_change

    tell_change(
        run, work, agreement, done, remarks=[f"{one.column}: {one.message} {one.remedy}".strip() for one in remarks]
    )
