"""``serve``, and its two halves ``worker`` and ``web``: Longstop at work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import plain
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False)
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; else LONGSTOP_PORT.")]


@app.command(cls=Command, epilog="longstop serve\nlongstop serve --host 0.0.0.0 --port 80")
@plain
def serve(
    run: Run,
    host: Annotated[str, typer.Option(help="Address to listen on; else LONGSTOP_HOST.", show_default=False)] = "",
    port: Port = None,
) -> None:
    """Upgrade the database, then scheduler, delivery and health pages in one process."""
    from cli import serving
    from cli.telling import ending_in_its_log

    with ending_in_its_log(run):
        serving.serve(run, serving.Part.ALL, host=host, port=port)


@app.command(cls=Command, epilog="longstop worker --once")
@plain
def worker(
    run: Run,
    once: Annotated[bool, typer.Option("--once", help="End when nothing is due any more.")] = False,
) -> None:
    """Scheduler and delivery without pages."""
    from cli import serving
    from cli.telling import ending_in_its_log, tell

    with ending_in_its_log(run):
        serving.warn_of_settings(run)
        if once:
            _once(run)
            return
        with serving.at_work(run, serving.Part.JOBS) as work:
            tell(run, "Longstop works. Ctrl-C ends it.", is_news=True)
            serving.wait_for_end(work)


@app.command(cls=Command, epilog="longstop web\nlongstop web --port 8081")
@plain
def web(
    run: Run,
    host: Annotated[str, typer.Option(help="Address to listen on; else LONGSTOP_HOST.", show_default=False)] = "",
    port: Port = None,
) -> None:
    """Pages without scheduler and delivery, beside `longstop worker`."""
    from cli import serving
    from cli.telling import ending_in_its_log

    with ending_in_its_log(run):
        serving.serve(run, serving.Part.PAGES, host=host, port=port)


def _once(run: Run) -> None:
    from cli.serving import work_off

    told = work_off(run)
    if run.as_json:
        run.answer("worker", item=told)
    else:
        run.terminal.line("Nothing is due any more." if told["is_holder"] else "Another process schedules here.")
