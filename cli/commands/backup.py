"""``backup``: the whole house in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import plain
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="The register, documents, playbooks and settings in one file, and back.",
)
File = Annotated[Path, typer.Argument(metavar="ZIP", exists=True, dir_okay=False, help="A backup.")]


@app.command(cls=Command, epilog="longstop backup create\nlongstop backup create --out /mnt/safe/longstop.zip")
@plain
def create(
    run: Run,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="ZIP", dir_okay=False, help="Where to, nothing is overwritten; else backups in the data folder."
        ),
    ] = None,
) -> None:
    """Make a backup now, while everybody works on. It holds no secret of the settings."""
    from cli.backups import document, plan
    from engine.backups import making as backups

    file, contents = backups.create(run.monitor, plan(run.settings), out)
    if run.as_json:
        run.answer("backup", item={**document(file, contents), "due": None})
    else:
        run.terminal.line(f"{file}: {contents.events} events, {len(contents.files)} files.")


@app.command(cls=Command, epilog="longstop backup verify data/backups/longstop-20261201T013000Z.zip")
@plain
def verify(run: Run, file: File) -> None:
    """Look at every byte, at the pages of the database and at the chain of the log."""
    from cli.backups import document
    from engine.backups import making as backups

    contents = backups.verify(file)
    if run.as_json:
        run.answer("backup", item={**document(file, contents), "due": None})
    else:
        run.terminal.line(f"Whole: {contents.events} events, made {contents.made_at:%Y-%m-%d %H:%M} UTC.")


@app.command(cls=Command, epilog="longstop backup restore longstop-20261201T013000Z.zip --into /srv/longstop")
@plain
def restore(
    run: Run,
    file: File,
    into: Annotated[Path, typer.Option(metavar="DIR", file_okay=False, help="An empty folder: the new data folder.")],
) -> None:
    """Unpack a backup into an empty folder; served from there, nothing leaves until you say so."""
    from cli.backups import document
    from engine.backups import making as backups

    contents, due = backups.restore(file, into, run.clock.now())
    if run.as_json:
        run.answer("backup", item={**document(file, contents), "due": {"steps": due.steps, "messages": due.messages}})
        return
    run.terminal.line(f"Restored into {into}: {contents.events} events, as of {contents.made_at:%Y-%m-%d %H:%M} UTC.")
    run.terminal.line(f"Due since: {due.steps} steps, {due.messages} messages.")
    run.terminal.line(f"Serve it with `longstop --data-dir {into} serve`. It starts in shadow mode: nothing leaves")
    run.terminal.line(f"until {into / backups.RESTORED} is taken away. End the register that the backup is of first:")
    run.terminal.line("two that both send tell everybody twice.")
