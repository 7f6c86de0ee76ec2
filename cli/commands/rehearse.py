"""``rehearse``: the real engine under a virtual clock, on a copy of the register."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import plain
from cli.lazy import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from cli.run import Run
    from jobs.rehearsal import Rehearsal, Summary

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=Command, epilog="longstop rehearse --from today --until +1y --out rehearsal")
@plain
def rehearse(
    run: Run,
    from_day: Annotated[str, typer.Option("--from", metavar="DATE", help="First day; a past one is walked through.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="Last day.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", file_okay=False, help="Where messages, log and summary go.")],
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="JSON lines: at, by, deadline, operation."),
    ] = None,
) -> None:
    """Every message as it would leave, on a copy and under a virtual clock. Nothing is sent."""
    from jobs.rehearsal import rehearse as rehearsed
    from store.database import open_database
    from store.migrate import create

    copy = open_database("sqlite://")
    create(copy)
    try:
        with _quietly(run), run.terminal.progress("Rehearsing") as progress:
            summary = rehearsed(run.monitor, copy, _plan(run, from_day, until, out, answers, progress))
    finally:
        copy.close()
    _tell(run, summary, out)


@contextmanager
def _quietly(run: Run) -> Iterator[None]:
    """What goes wrong in a rehearsal stands in its files, not in the log."""
    engine = logging.getLogger("engine")
    level = engine.level
    if not run.given.is_verbose:
        engine.setLevel(logging.ERROR)
    try:
        yield
    finally:
        engine.setLevel(level)


def _plan(
    run: Run, from_day: str, until: str, out: Path, answers: Path | None, progress: Callable[[int, int], None]
) -> Rehearsal:
    from cli.errors import UsageRefused
    from cli.feeds_rehearsed import all_of
    from cli.texts import text_of
    from jobs.rehearsal import Rehearsal
    from jobs.rehearsal_answers import read_answers

    from_on, until_on = run.countable_day(from_day, "--from"), run.countable_day(until, "--until")
    if until_on < from_on:
        raise UsageRefused(f"{until_on} is before {from_on}.", remedy="Say a later --until.")
    if out.exists() and any(out.iterdir()):
        raise UsageRefused(f"{out} is not empty.", remedy="Name a folder that is not there yet.")
    lines = text_of(answers).splitlines() if answers else ()
    span = max((until_on - from_on).days, 1)

    def hear(day: date) -> None:
        progress((day - from_on).days, span)

    return Rehearsal(
        from_on=from_on,
        until_on=until_on,
        out=out,
        answers=read_answers(lines, run.monitor.house.time_zone),
        feeds=all_of(run),
        progress=hear,
    )


def _tell(run: Run, summary: Summary, out: Path) -> None:
    document = asdict(summary)
    if run.as_json:
        run.answer("rehearse", item={**document, "out": str(out)})
        return
    say = run.terminal.line
    say(f"{summary.agreements} agreements from {summary.from_on} to {summary.until_on}, in {out}.")
    for title, counted in (
        ("Messages", summary.counts),
        ("Milestones", summary.milestones),
        ("Incidents", summary.incidents),
    ):
        if counted:
            say(f"  {title}: {', '.join(f'{number} {name}' for name, number in sorted(counted.items()))}")
    say(f"  Events: {summary.events}")
    _tell_answers(run, summary)


def _tell_answers(run: Run, summary: Summary) -> None:
    """How many did what they should; each that did not, and why."""
    if not summary.answers:
        return
    counted = Counter(one["result"] for one in summary.answers)
    run.terminal.line(f"  Answers: {', '.join(f'{number} {name}' for name, number in sorted(counted.items()))}")
    for one in summary.answers:
        if one["result"] == "refused":
            run.terminal.line(f"    {one['deadline']}, {one['operation']} by {one['by']}: {one['said']}")
