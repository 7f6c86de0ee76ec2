"""``longstop``: the options before the command, and nothing else. The commands stand in ``cli.commands``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.lazy import Root

if TYPE_CHECKING:
    from engine.clock import Clock


@dataclass(frozen=True, slots=True)
class Given:
    """What was said before the command."""

    data_dir: Path | None = None
    is_quiet: bool = False
    is_verbose: bool = False
    is_colourless: bool = False
    clock: Clock | None = None  # another one than the machine's: whoever calls this in a process of their own


app = typer.Typer(
    cls=Root,
    name="longstop",
    help="Makes sure that the right person acts before the last safe day of an agreement, and can prove it.",
    epilog="Days: 2026-12-01, today, +30d, -2w, +3m. A command's own help: longstop COMMAND --help.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(*, asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        from cli import render

        try:
            render.line(f"longstop {version('longstop')}")
        except PackageNotFoundError:  # a folder that was never installed
            render.line("longstop (not installed)")
        raise typer.Exit


@app.callback()
def root(  # noqa: PLR0913, PLR0917 - an option is a parameter
    ctx: typer.Context,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the database; else LONGSTOP_DATA_DIR, else ./data.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No log and no progress on stderr.")] = False,  # noqa: FBT002
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="All of the log on stderr.")] = False,  # noqa: FBT002
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours, whatever the terminal.")] = False,  # noqa: FBT002
    version: Annotated[  # noqa: ARG001, FBT002 - its callback answers
        bool, typer.Option("--version", is_eager=True, callback=lambda value: _version(asked=value), help="Say which.")
    ] = False,
) -> None:
    """Keep what was said before the command for the command."""
    ctx.obj = Given(data_dir, quiet, verbose, no_color, ctx.obj.clock if isinstance(ctx.obj, Given) else None)


def main() -> None:
    """Run the command line of this process."""
    from cli.render import write_anything

    write_anything()
    app(prog_name="longstop")


if __name__ == "__main__":
    main()
