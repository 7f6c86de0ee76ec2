"""``silence``: nothing but what is critical is told of some deadlines for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Because

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.playbooks.quiet import Silence

_DOES: Final = {"hold": "holds back", "digest": "defers", "drop": "drops"}

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Hold, defer or drop what is told of some deadlines for a while; what is critical passes.",
)


@app.command(
    cls=Command,
    epilog='longstop silence add "acme kind:notice" --until 2026-12-01 --because "The merger is being signed"\n'
    'longstop silence add tag:lab --mode digest --until +14d --because "The lab moves"',
)
@changing
def add(
    run: Run,
    search: Annotated[str, typer.Argument(metavar="SEARCH", help="As in `longstop deadlines`: what is not told.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="The last day on which it holds.")],
    because: Because,
    mode: Annotated[str, typer.Option(metavar="MODE", help="hold, digest, drop.")] = "hold",
) -> None:
    """Say nothing but what is critical of some deadlines up to a day, that day included."""
    from cli.acting import permitted
    from cli.choices import chosen
    from engine import operations
    from engine.operations.silencing import ends_after
    from lifecycle.playbooks.quiet import Silence, SilenceMode
    from lifecycle.rights import Act

    how, day = chosen(SilenceMode, mode, "--mode"), run.day(until, "--until")
    if not search.strip():
        run.confirm(f"This {_DOES[how]} what is told of every deadline that is not critical.")
    with run.change() as work:
        permitted(run, work, Act.GOVERN)
        author = run.person(work)
        kept = operations.silence(
            work,
            Silence(
                id="",
                mode=how,
                search=search,
                reason=because,
                author_id=author.id if author else None,
                starts_at=work.now,
                ends_at=ends_after(work, day),
            ),
        )
        _tell(run, work, kept, "added")


@app.command("list", cls=Command, epilog="longstop silence list")
@reading
def list_silences(run: Run) -> None:
    """Every silence, the newest first, with how many messages it holds."""
    from cli.acting import permitted
    from cli.render import Column
    from engine.documents.silences import silence_row
    from lifecycle.rights import Act

    with run.look() as work:
        permitted(run, work, Act.GOVERN)
        documents = [silence_row(work, one) for one in work.silences.all()]
    if run.as_json:
        run.answer("silences", items=documents)
        return
    columns = (
        *map(Column, ("Id", "Mode")),
        Column("Search", is_fixed=False),
        Column("Because", is_fixed=False),
        *map(Column, (f"Ends ({run.zone_name})", "Held", "")),
    )
    rows = [
        (one["id"], one["mode"].value, one["search"], one["reason"], run.local(one["ends_at"]), str(one["held"]),
         "over" if one["ended_at"] else "")
        for one in documents
    ]  # fmt: skip
    if rows:
        run.terminal.table(columns, rows)
    else:
        run.terminal.line("Nothing is silenced.")


@app.command(cls=Command, epilog="longstop silence end 8z8x8jfsap2n")
@changing
def end(run: Run, silence: Annotated[str, typer.Argument(metavar="ID", help="As `silence list` shows it.")]) -> None:
    """Call a silence off: what it holds leaves now."""
    from cli.acting import permitted
    from engine import operations
    from lifecycle.rights import Act

    with run.change() as work:
        permitted(run, work, Act.GOVERN)
        is_over = work.silences.get(silence).ended_at is not None
        _tell(run, work, operations.end_silence(work, silence), "was over already" if is_over else "ended")


def _tell(run: Run, work: Work, silence: Silence, done: str) -> None:
    from engine.documents.silences import silence_row

    work.settle()
    document = silence_row(work, silence)
    if run.as_json:
        run.answer("silence-changed", item={**document, "result": done, "is_dry_run": run.is_dry_run})
        return
    until = "" if silence.ended_at else f", until {run.local(silence.ends_at)} {run.zone_name}"
    run.terminal.line(f"Silence {silence.id} {done}{run.tried}: {silence.mode.value}{until}.")
