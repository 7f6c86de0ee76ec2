"""``token``: programs that act for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reading
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.people import Person
    from store.entering import TokenRow

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Let programs in: they act for somebody, with that person's rights cut to the scopes of the token.",
)


@app.command(
    cls=Command,
    epilog="longstop token create --for olga@example.com --scope read --expires +90d --name dashboard\n"
    "longstop token create --for olga@example.com --scope read --scope act --expires 2027-06-30",
)
@changing
def create(
    run: Run,
    for_: Annotated[str, typer.Option("--for", metavar="EMAIL", help="For whom it acts.")],
    scope: Annotated[list[str], typer.Option(metavar="SCOPE", help="read, act, register, playbooks, admin, metrics.")],
    expires: Annotated[str, typer.Option(metavar="DATE", help="Its last day.")],
    name: Annotated[str, typer.Option(metavar="TEXT", help="What it is for, in words.", show_default=False)] = "",
) -> None:
    """Make a token; it is shown this once."""
    from cli.acting import present
    from engine.access.tokens import create_token

    last_on = run.day(expires, "--expires")
    scopes = [part for one in scope for part in one.replace(",", " ").split()]
    with run.change() as work:
        person = present(work, for_)
        _permitted(run, work, person)
        made = create_token(work, person, scopes, last_on, name=name)
        _tell(run, work, made.row, "created", text=made.text)


@app.command("list", cls=Command, epilog="longstop token list\nlongstop token list --as olga@example.com")
@reading
def list_tokens(run: Run) -> None:
    """Everybody's tokens; with --as, somebody's own unless they administer."""
    from cli.render import Column
    from engine.documents.people import token_row
    from lifecycle.rights import Act, may

    with run.look() as work:
        asks = run.person(work)
        own = asks.id if asks is not None and not may(asks.role, Act.ADMINISTER) else None
        documents = [token_row(work, one) for one in work.entering.tokens(own)]
    if run.as_json:
        run.answer("tokens", items=documents)
        return
    columns = tuple(map(Column, ("Id", "For", "Name", "Scopes", "Until", "Last used", "")))
    rows = [
        (one["id"], one["email"], one["name"], " ".join(one["scopes"]), str(one["expires_on"]),
         str(one["used_on"] or "never"), "revoked" if one["revoked_at"] else "")
        for one in documents
    ]  # fmt: skip
    if rows:
        run.terminal.table(columns, rows)
    else:
        run.terminal.line("There are no tokens.")


@app.command(cls=Command, epilog="longstop token revoke 8z8x8jfsap2n")
@changing
def revoke(run: Run, token: Annotated[str, typer.Argument(metavar="ID", help="As `token list` shows it.")]) -> None:
    """It opens nothing any more."""
    from engine.access.tokens import revoke_token

    with run.change() as work:
        row = work.entering.token_with(token)
        _permitted(run, work, work.people.get(row.person_id))
        was_over = row.revoked_at is not None
        _tell(run, work, revoke_token(work, token), "was revoked already" if was_over else "revoked")


def _permitted(run: Run, work: Work, person: Person) -> None:
    """Everybody for themselves, an admin for all. Raises Forbidden."""
    from lifecycle.rights import Act, require

    actor = run.person(work)
    if actor is not None and actor.id != person.id:
        require(actor, Act.ADMINISTER)


def _tell(run: Run, work: Work, row: TokenRow, done: str, *, text: str = "") -> None:
    from engine.documents.people import token_row

    work.settle()
    document = token_row(work, row)
    text = "" if run.is_dry_run else text  # what is rolled back opens nothing
    if run.as_json:
        run.answer(
            "token-changed", item={**document, "result": done, "token": text or None, "is_dry_run": run.is_dry_run}
        )
        return
    run.terminal.line(f"Token {row.id} of {document['email']} {done}{run.tried}: {' '.join(row.scopes)}.")
    if text:
        run.terminal.line(f"  {text}")
        run.terminal.line("  It is shown this once; only its digest is kept.")
