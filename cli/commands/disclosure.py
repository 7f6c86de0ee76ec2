"""``disclosure``: what was handed over in confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Because, Reference
from cli.protected import protected_words

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
    what: Annotated[str, typer.Option(metavar="TEXT", help="What was handed over.", show_default=False)] = "",
    asset: Annotated[str, typer.Option(metavar="NAME", help="Which asset it was.", show_default=False)] = "",
    to: Annotated[str, typer.Option(metavar="TEXT", help="Who received it.", show_default=False)] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="The day on which it was given.")] = "today",
) -> None:
    """Record a disclosure; one that nothing protects is recorded and said so."""
    from cli.acting import permitted, queries
    from cli.changes import tell_change
    from engine import operations
    from lifecycle.rights import Act
    from store.queries.assets import seen_asset

    day = run.day(on, "--on")
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        asset_id = seen_asset(work, asset, run.person(work)).asset.id if asset else None
        found = operations.disclose(work, known, given_on=day, what=what, to=to, asset_id=asset_id)
        did = "has this disclosure already" if found.is_known else f"has the disclosure {found.disclosure.id}"
        tell_change(run, work, found.agreement, did, beside=found.warning)


@app.command("list", cls=Command, epilog="longstop disclosure list NDA-021")
@reading
def list_disclosures(run: Run, reference: Reference) -> None:
    """The disclosures of an agreement."""
    from cli.acting import queries
    from cli.render import Column
    from engine.documents.relationship import disclosure_documents
    from store.queries.assets import returns_of, seen_assets

    with run.look() as work:
        known = queries(run, work).agreement(reference)
        names = {one.asset.id: one.asset.name for one in seen_assets(work, run.person(work))}
        documents = disclosure_documents(known, returns_of(work, [known.id])[known.id], names)
    if run.as_json:
        run.answer("disclosures", items=documents)
        return
    columns = (
        Column("Id"),
        Column("Given"),
        Column("What", is_fixed=False),
        Column("To", is_fixed=False),
        Column("Protected until"),
        Column("Back"),
        Column("Remark", is_fixed=False),
    )
    rows = [_row(one) for one in documents]
    if rows:
        run.terminal.table(columns, rows)
    else:
        run.terminal.line(f"{known.reference} has no disclosures.")


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    if one["returned_on"]:
        back = f"returned {one['returned_on']}"
    else:
        back = f"due {one['return_due_on']}" if one["return_due_on"] else ""
    withdrawn = f"withdrawn: {one['withdrawn_because']}" if one["withdrawn_because"] else ""
    protected = "" if withdrawn else protected_words(one["protected"])
    what = f"{one['what']} ({one['asset']})" if one["asset"] not in {None, one["what"]} else one["what"]
    return one["id"], str(one["given_on"]), what, one["to"] or "", protected, back, withdrawn or one["warning"] or ""


@app.command("request-return", cls=Command, epilog="longstop disclosure request-return NDA-021 d2 --by +30d")
@changing
def request_return(
    run: Run,
    reference: Reference,
    disclosure: Annotated[str, typer.Argument(metavar="ID", help="As `disclosure list` shows it.")],
    by: Annotated[str, typer.Option(metavar="DATE", help="By when; else in 30 days.", show_default=False)] = "",
) -> None:
    """We ask to have it back, or destroyed: a deadline that is done with the certificate."""
    from cli.acting import permitted, queries
    from cli.changes import tell_change
    from engine import operations
    from lifecycle.rights import Act

    by_on = run.day(by, "--by") if by else None
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        changed = operations.request_return(work, known, disclosure, by_on=by_on)
        tell_change(run, work, changed, "asks to have it back")


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
