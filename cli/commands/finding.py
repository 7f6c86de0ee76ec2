"""``finding``: what does not fit together in the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Because, Reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cli.run import Run
    from engine.findings.standing import Judged
    from engine.monitor import Work
    from lifecycle.findings.finding import Finding

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="What does not fit together.")


@app.command("list", cls=Command, epilog="longstop finding list\nlongstop finding list ACME-7")
@reading
def list_findings(
    run: Run,
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="Only about this agreement.")] = "",
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 10 when something stands.")] = False,
) -> None:
    """What was found, what to do about it, and what somebody has accepted."""
    from cli.acting import queries
    from engine.documents.findings import judged_document
    from engine.findings.standing import every_finding, judged_about

    with run.look() as work:
        person = run.person(work)
        about = queries(run, work).agreement(reference) if reference else None
        found = list(judged_about(work, about, person) if about else every_finding(work, person))
    if run.as_json:
        run.answer("findings", items=[judged_document(one) for one in found])
    else:
        _table(run, found)
    if exit_code and any(one.accepted is None for one in found):
        raise typer.Exit(10)


@app.command(cls=Command, epilog='longstop finding accept ACME-7 no-backup --because "Two people share it"')
@changing
def accept(
    run: Run,
    reference: Reference,
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="Its code, or its id.")],
    because: Because,
) -> None:
    """Live with a finding of the agreement that is to be mended: no digest tells of it until its facts change."""
    from cli.acting import permitted, queries
    from engine import operations
    from engine.documents.findings import judged_document
    from engine.findings.standing import judged
    from lifecycle.rights import Act

    with run.change() as work:
        agreement = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, agreement)
        meant = _meant(run, work, reference, finding)
        operations.accept_finding(work, meant, because=because)
        (told,) = judged(work, [meant])
        if run.as_json:
            run.answer("finding", item=judged_document(told))
        else:
            run.terminal.line(f"Accepted until its facts change{run.tried}: {meant.text}")


@app.command(cls=Command, epilog='longstop finding reopen ACME-7 no-backup --because "One of them has left"')
@changing
def reopen(
    run: Run,
    reference: Reference,
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="Its code, or its id.")],
    because: Because,
) -> None:
    """Live no longer with what was accepted: its owner is told again."""
    from cli.acting import permitted, queries
    from engine import operations
    from engine.documents.findings import judged_document
    from engine.findings.standing import judged
    from lifecycle.rights import Act

    with run.change() as work:
        permitted(run, work, Act.REGISTER, queries(run, work).agreement(reference))
        meant = _meant(run, work, reference, finding)
        operations.reopen_finding(work, meant, because=because)
        (told,) = judged(work, [meant])
        if run.as_json:
            run.answer("finding", item=judged_document(told))
        else:
            run.terminal.line(f"To be mended{run.tried}: {meant.text}")


def _meant(run: Run, work: Work, reference: str, named: str) -> Finding:
    """The finding that is named. Raises NotFound, UsageRefused where a code says not which."""
    from cli.acting import queries
    from cli.errors import UsageRefused
    from engine.findings.standing import judged_about
    from store.errors import NotFound

    agreement = queries(run, work).agreement(reference)
    mine = [one.finding for one in judged_about(work, agreement, run.person(work))]
    mine = [one for one in mine if one.about[0] == agreement.reference]
    found = [one for one in mine if named in {one.code, one.id}]
    if not found:
        there = ", ".join(dict.fromkeys(one.code for one in mine))
        remedy = f"To be mended there: {there}." if there else "List them with `longstop finding list`."
        raise NotFound("finding", named, remedy=remedy)
    if len(found) > 1:
        remedy = f"Name one by its id: {', '.join(one.id for one in found)}."
        raise UsageRefused(f"There are {len(found)} findings {named}.", remedy=remedy)
    return found[0]


def _table(run: Run, found: Iterable[Judged]) -> None:
    from cli.render import Cell, Column

    columns = (
        Column("About"),
        Column("Finding"),
        Column("From"),
        Column("In words", is_fixed=False, share=3),
        Column("What to do", is_fixed=False, share=2),
    )
    rows = [
        (one.about[0], Cell(one.code, "good" if accepted else "soon"), str(one.on or ""), one.text,
         f"Accepted by {accepted.accepted_by}: {accepted.because}" if accepted else one.remedy)
        for one, accepted in found
    ]  # fmt: skip
    if rows:
        run.terminal.table(columns, rows)
    else:
        run.terminal.line("Everything fits together.")
