"""``outbox``: what waits to leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Because, ExitCode

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="What waits to leave.")
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="As `outbox list` shows them.")]
All = Annotated[bool, typer.Option("--all", help="All that can be chosen.")]


@app.command(
    "list", cls=Command, epilog="longstop outbox list --state in_doubt\n"
    "longstop outbox list ACME-7 --to olga@example.com"
)  # fmt: skip
@reading
def list_deliveries(
    run: Run,
    reference: Annotated[
        str, typer.Argument(metavar="[REFERENCE]", help="Only about this agreement.", show_default=False)
    ] = "",
    to: Annotated[str, typer.Option(metavar="EMAIL", help="Only to this address.", show_default=False)] = "",
    state: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="pending, held, in_doubt, failed ...")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", help="How many at most.", min=1, max=10_000)] = 200,
    exit_code: ExitCode = False,
) -> None:
    """Messages, the newest first; each with what became of it."""
    from cli.acting import queries
    from cli.choices import chosen
    from cli.mailing import delivery_table
    from engine.documents.messages import delivery_document
    from lifecycle.delivery import DeliveryState
    from store.queries.outbox import MessageFilter, Messages

    states = frozenset(chosen(DeliveryState, one, "--state") for one in state or ())
    with run.look() as work:
        about = queries(run, work).agreement(reference).id if reference else ""
        wanted = MessageFilter(states=states, to=to, agreement_id=about)
        page, _ = Messages(work, run.person(work)).page(wanted, limit=limit)
        documents = [delivery_document(work, row.delivery) for row in page]
    if run.as_json:
        run.answer("outbox", items=documents)
    elif documents:
        delivery_table(run, documents)
    else:
        run.terminal.line("The outbox is empty.")
    if exit_code and documents:
        raise typer.Exit(10)


@app.command(cls=Command, epilog="longstop outbox show 7k2m9qxw4tzb")
@reading
def show(
    run: Run, delivery: Annotated[str, typer.Argument(metavar="ID", help="As `outbox list` shows it.")]
) -> None:  # fmt: skip
    """One message: what became of it, each try, and what it says."""
    from cli.mailing import show_delivery

    with run.look() as work:
        show_delivery(run, work, delivery)


@app.command(cls=Command, epilog="longstop outbox retry --all\nlongstop outbox retry 7k2m9qxw4tzb --again")
@changing
def retry(
    run: Run,
    ids: Ids = None,
    every: Annotated[bool, typer.Option("--all", help="All that wait for another try.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also what may have arrived: perhaps twice.")] = False,
) -> None:
    """Try at once what waits; by its id also what has failed."""
    from cli.mailing import chosen_deliveries, tell_moved
    from engine.delivery import holding
    from lifecycle.delivery import DeliveryState

    with run.change() as work:
        wanted = chosen_deliveries(run, work, ids, every=every, states=[DeliveryState.PENDING])
        holding.retry(work, wanted, again=again)
        tell_moved(run, work, wanted, "retry")


@app.command(cls=Command, epilog='longstop outbox hold 7k2m9qxw4tzb --because "Wrong address"')
@changing
def hold(run: Run, because: Because, ids: Ids = None, every: All = False) -> None:
    """Keep messages back; at the end of their time they expire."""
    from cli.mailing import chosen_deliveries, tell_moved
    from engine.delivery import holding
    from lifecycle.delivery import DeliveryState

    with run.change() as work:
        wanted = chosen_deliveries(run, work, ids, every=every, states=[DeliveryState.PENDING])
        held = [holding.hold(work, one, because=because) for one in wanted]
        tell_moved(run, work, [one.id for one in held], "hold")


@app.command(cls=Command, epilog="longstop outbox release --all")
@changing
def release(run: Run, ids: Ids = None, every: All = False) -> None:
    """Let held messages leave now."""
    from cli.mailing import chosen_deliveries, tell_moved
    from engine.delivery import holding
    from lifecycle.delivery import DeliveryState

    with run.change() as work:
        wanted = chosen_deliveries(run, work, ids, every=every, states=[DeliveryState.HELD])
        tell_moved(run, work, [holding.release(work, one).id for one in wanted], "release")
