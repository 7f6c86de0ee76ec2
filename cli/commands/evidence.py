"""``evidence``: what was known, who was told and what they answered, in one file that proves itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, plain
from cli.lazy import Command
from cli.options import Search

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Proof of a span of days: export, verify."
)
Pack = Annotated[Path, typer.Argument(metavar="ZIP", exists=True, dir_okay=False, help="An evidence pack.")]


@app.command(
    cls=Command,
    epilog="longstop evidence export --from 2026-01-01 --until 2026-12-31 --out evidence.zip\n"
    "longstop evidence export tag:critical --from 2026-01-01 --until 2026-12-31 --as-of 2026-06-30 --out june.zip",
)
@changing
def export(
    run: Run,
    from_day: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day of the span.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="Its last day.")],
    out: Annotated[
        Path, typer.Option(metavar="ZIP", dir_okay=False, help="The file to write; nothing is overwritten.")
    ],
    search: Search = None,
    counterparty: Annotated[str, typer.Option(metavar="NAME", help="Only of this side.", show_default=False)] = "",
    as_of: Annotated[
        str, typer.Option(metavar="DATE", help="What was known at the end of this day.", show_default=False)
    ] = "",
) -> None:
    """Register, days with their derivation, messages, answers, rules, documents and log of a span, in one ZIP.

    5 where the log is broken: the pack is made all the same, and says so.
    """
    from cli.acting import permitted
    from cli.packs import exported, tell_pack
    from engine.evidence_pack.asking import Asked
    from lifecycle.rights import Act

    asked = Asked(
        from_on=run.day(from_day, "--from"),
        until_on=run.day(until, "--until"),
        as_of_on=run.day(as_of, "--as-of") if as_of else None,
        search=" ".join(search or ()),
        counterparty=counterparty,
    )
    with run.look() as work:
        permitted(run, work, Act.EXPORT_EVIDENCE)
        person = run.person(work)
    pack = exported(run, asked, person, out)
    tell_pack(run, out, pack)
    if pack.log_broken_at is not None:
        raise typer.Exit(5)


@app.command(cls=Command, epilog="longstop evidence verify evidence.zip --seal 5f1c...")
@plain
def verify(
    run: Run,
    file: Pack,
    seal: Annotated[
        str, typer.Option(metavar="SEAL", help="As it was told when the pack was made.", show_default=False)
    ] = "",
) -> None:
    """Look at every file, row and link of a pack, offline and without a database; 5 where something was changed."""
    from cli.packs import tell_verified
    from engine.evidence_pack.verifying import verify as verified

    found = verified(file, seal=seal)
    tell_verified(run, file, found)
    if not found.is_whole:
        raise typer.Exit(5)
