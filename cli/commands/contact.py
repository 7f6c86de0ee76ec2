"""``contact``: whom a ladder asks on the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reading
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Whom a ladder asks on the other side."
)
Counterparty = Annotated[str, typer.Argument(metavar="COUNTERPARTY", help="Its name, as agreements have it.")]
Called = Annotated[str, typer.Option("--name", metavar="NAME", help="As playbooks say it: compliance, signature.")]


@app.command(
    cls=Command,
    epilog='longstop contact add "Acme Labs" --name compliance --email jane@acme.example --person "Jane Roe"',
)
@changing
def add(
    run: Run,
    counterparty: Counterparty,
    name: Called,
    email: Annotated[str, typer.Option(metavar="EMAIL", help="Where they are written to.")],
    person: Annotated[str, typer.Option(metavar="TEXT", help="What they are called.", show_default=False)] = "",
) -> None:
    """Say whom `counterparty:NAME` means; whoever was meant before is no more."""
    from cli.acting import permitted
    from engine import operations
    from engine.documents.people import contact_row
    from lifecycle.rights import Act

    with run.change() as work:
        permitted(run, work, Act.REGISTER)
        told = operations.name_contact(work, counterparty, name=name, email=email, person=person)
    if run.as_json:
        run.answer("contact", item=contact_row(told))
    else:
        run.terminal.line(f"counterparty:{told.name} of {counterparty} is {told.label}{run.tried}.")


@app.command("list", cls=Command, epilog='longstop contact list "Acme Labs"')
@reading
def list_contacts(run: Run, counterparty: Counterparty) -> None:
    """The contacts of a counterparty."""
    from cli.render import Column
    from engine.documents.people import contact_row

    with run.look() as work:
        documents = [contact_row(one) for one in work.contacts.of(_seen(run, work, counterparty))]
    if run.as_json:
        run.answer("contacts", items=documents)
        return
    rows = [(one["name"], one["email"], one["person"] or "") for one in documents]
    if rows:
        run.terminal.table((Column("Name"), Column("Address"), Column("Person", is_fixed=False)), rows)
    else:
        run.terminal.line(f"{counterparty} has no contacts.")


@app.command(cls=Command, epilog='longstop contact remove "Acme Labs" --name compliance')
@changing
def remove(run: Run, counterparty: Counterparty, name: Called) -> None:
    """Nobody over there is asked by this name any more; the owner is asked to pass it on."""
    from cli.acting import permitted
    from engine import operations
    from lifecycle.rights import Act

    with run.change() as work:
        permitted(run, work, Act.REGISTER)
        operations.drop_contact(work, counterparty, name=name)
    if run.as_json:
        run.answer("contact", item={"name": name, "email": None, "person": None})
    else:
        run.terminal.line(f"{counterparty} has no contact {name} any more{run.tried}.")


def _seen(run: Run, work: Work, counterparty: str) -> str:
    """The id of a counterparty of which something may be seen. Raises NotFound."""
    from store.errors import NotFound
    from store.queries.counterparty_lists import counterparties_seen

    wanted = work.counterparties.id_of(counterparty)
    if any(one.id == wanted for one in counterparties_seen(work, run.person(work), named=counterparty)):
        return wanted or ""
    raise NotFound("counterparty", counterparty, remedy="Write it as agreements have it.")
