"""``incoming``: calls of incoming webhooks that wait for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Because, ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.run import Run
    from engine.incoming.results import Result
    from engine.incoming.waiting import Waiting
    from lifecycle.hooks import Hook

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Calls from outside that wait for a person: nobody could say what they mean, or whom they are about.",
)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `incoming list` shows it.")]


@app.command("list", cls=Command, epilog="longstop incoming list")
@reading
def list_incoming(run: Run, exit_code: ExitCode = False) -> None:
    """What waits, oldest first, and why."""
    from cli.render import Column
    from engine.documents.incoming import call_document
    from engine.incoming.waiting import waiting

    with run.look() as work:
        run.must_administer(work)
        found = waiting(work)
    if run.as_json:
        run.answer("incoming", items=[call_document(one) for one in found])
    elif found:
        columns = (
            Column("Id"),
            Column(f"Received ({run.zone_name})"),
            Column("Hook"),
            Column("Asks for"),
            Column("Why", is_fixed=False),
        )
        rows = [(one.id, run.local(one.received_at), one.heard.hook, _asks(one) or "?", one.heard.why) for one in found]
        run.terminal.table(columns, rows)
    else:
        run.terminal.line("Nothing waits.")
    if exit_code and found:
        raise typer.Exit(10)


@app.command(cls=Command, epilog="longstop incoming show 7k2m9qxw4tzb")
@reading
def show(run: Run, row_id: Id) -> None:
    """One of them whole, with the body as it came."""
    from engine.documents.incoming import whole_call
    from engine.incoming.waiting import found

    with run.look() as work:
        run.must_administer(work)
        one = found(work, row_id)
    if run.as_json:
        run.answer("incoming-call", item=whole_call(one))
        return
    told = [("Received", f"{run.local(one.received_at)} {run.zone_name}"), ("Hook", one.heard.hook)]
    told += [("Asks for", _asks(one) or "?"), ("Waits because", one.heard.why)]
    run.terminal.facts([*told, *sorted(one.heard.values.items())])
    run.terminal.line()
    for line in one.heard.body.splitlines():
        run.terminal.line(line)


@app.command(cls=Command, epilog="longstop incoming retry 7k2m9qxw4tzb")
@changing
def retry(run: Run, row_id: Id) -> None:
    """Do what it asks for, read by its hook as the file describes it now."""
    from engine.incoming import waiting

    hooks = _hooks(run)
    with run.change() as work:
        run.must_administer(work)
        result = waiting.retry(work, row_id, hooks)
    _tell(run, row_id, result, "retry")


@app.command(cls=Command, epilog='longstop incoming drop 7k2m9qxw4tzb --because "A test of theirs"')
@changing
def drop(run: Run, row_id: Id, because: Because) -> None:
    """It waits no more, and nothing is done."""
    from engine.incoming import waiting

    with run.change() as work:
        run.must_administer(work)
        result = waiting.drop(work, row_id, because=because)
    _tell(run, row_id, result, "drop")


def _hooks(run: Run) -> Mapping[str, Hook]:
    """The doors as they are described now. Raises YamlRefused, OSError."""
    from config.hooks import load_hooks

    path = run.settings.hooks_file
    return load_hooks(path) if path else {}


def _asks(one: Waiting) -> str:
    return one.heard.operation.value if one.heard.operation else ""


def _tell(run: Run, row_id: str, result: Result, operation: str) -> None:
    """What became of it; what waits still was refused."""
    from engine.documents.incoming import call_changed
    from engine.incoming.results import Outcome

    if run.as_json:
        item = call_changed(row_id, result, operation, is_dry_run=run.is_dry_run)
        run.answer("incoming-changed", item=item)
    else:
        run.terminal.line(" ".join(filter(None, (result.said, result.remedy, run.tried.strip()))))
    if result.outcome is Outcome.KEPT:
        raise typer.Exit(4)
