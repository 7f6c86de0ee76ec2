"""``disclosure``: what was handed over in confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Because, Reference

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="What was handed over in confidence."
)


@app.command(cls=Command, epilog='longstop disclosure add NDA-021 --what "Source code 4.2" --to "Acme Labs" --on today')
@changing
def add(
    run: Run,
    reference: Reference,
    what: Annotated[str, typer.Option(metavar="TEXT", help="What was handed over.")],
    to: Annotated[str, typer.Option(metavar="TEXT", help="Who received it.", show_default=False)] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="The day on which it was given.")] = "today",
) -> None:
    """Record a disclosure; one that nothing protects is recorded and said so."""
    from cli.acting import permitted, queries
    from cli.changes import tell_change
    from engine import operations
    from lifecycle.rights import Act

    day = run.day(on, "--on")
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        found = operations.disclose(work, known, given_on=day, what=what, to=to)
        did = "has this disclosure already" if found.is_known else f"has the disclosure {found.disclosure.id}"
        tell_change(run, work, found.agreement, did, beside=found.warning)


@app.command("list", cls=Command, epilog="longstop disclosure list NDA-021")
@reading
def list_disclosures(run: Run, reference: Reference) -> None:
    """The disclosures of an agreement."""
    from cli.acting import queries
    from cli.render import Column

    with run.look() as work:
        known = queries(run, work).agreement(reference)
    documents = [
        {
            "id": one.id,
            "given_on": one.given_on,
            "what": one.what,
            "to": one.to or None,
            "asset": one.asset_id,
            "withdrawn_because": one.withdrawn_because or None,
        }
        for one in known.disclosures
    ]
    if run.as_json:
        run.answer("disclosures", items=documents)
        return
    columns = (
        Column("Id"),
        Column("Given"),
        Column("What", is_fixed=False),
        Column("To", is_fixed=False),
        Column("Withdrawn", is_fixed=False),
    )
    rows = [(one.id, str(one.given_on), one.what, one.to, one.withdrawn_because) for one in known.disclosures]
    if rows:
        run.terminal.table(columns, rows)
    else:
        run.terminal.line(f"{known.reference} has no disclosures.")


@app.command(cls=Command, epilog='longstop disclosure withdraw NDA-021 d2 --because "It was never sent"')
@changing
def withdraw(
    run: Run,
    reference: Reference,
    disclosure: Annotated[str, typer.Argument(metavar="ID", help="As `disclosure list` shows it.")],
    because: Because,
) -> None:
    """A disclosure was recorded by mistake."""
    from cli.acting import permitted, queries
    from cli.changes import tell_change
    from engine import operations
    from lifecycle.rights import Act

    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        changed = operations.withdraw_disclosure(work, known, disclosure, because=because)
        tell_change(run, work, changed, "has one disclosure less")
