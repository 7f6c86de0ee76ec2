"""``exit``: how an agreement is left, step by step, and by when that has to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Because, Reference

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="How an agreement is left.")
ExitOn = Annotated[
    str,
    typer.Option("--exit-on", metavar="DATE", help="When it must be over; else its last day.", show_default=False),
]
Stressed = Annotated[bool, typer.Option("--stressed", help="At once: steps are pressed together.")]


@app.command(cls=Command, epilog="longstop exit plan MSA-004 --template exit-bpo --exit-on 2027-01-31")
@changing
def plan(
    run: Run,
    reference: Reference,
    template: Annotated[str, typer.Option(metavar="NAME", help="A checklist counted from the exit.")] = "exit-bpo",
    exit_on: ExitOn = "",
    stressed: Stressed = False,
) -> None:
    """Say how an agreement would be left; what is missing in time is said. A plan that is there is replaced."""
    from cli.acting import permitted, queries
    from cli.checklists import named
    from cli.exits import tell_plan
    from engine import operations
    from lifecycle.exits.plan import ExitKind
    from lifecycle.rights import Act

    day = run.day(exit_on, "--exit-on") if exit_on else None
    kind = ExitKind.STRESSED if stressed else ExitKind.PLANNED
    checklist = named(run, template)
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        tell_plan(run, work, operations.plan_exit(work, known, checklist, exit_on=day, kind=kind))


@app.command(cls=Command, epilog='longstop exit start MSA-004 --because "The supplier is insolvent" --stressed')
@changing
def start(run: Run, reference: Reference, because: Because, stressed: Stressed = False) -> None:
    """Begin the exit today: its steps become deadlines."""
    from cli.acting import permitted, queries
    from cli.exits import tell_plan
    from engine import operations
    from lifecycle.exits.plan import ExitKind
    from lifecycle.rights import Act

    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        kind = ExitKind.STRESSED if stressed else None
        tell_plan(run, work, operations.start_exit(work, known, because=because, kind=kind))


@app.command(cls=Command, epilog='longstop exit stop MSA-004 --because "They lowered the price"')
@changing
def stop(run: Run, reference: Reference, because: Because) -> None:
    """It is not left after all: open steps are withdrawn, the plan stays."""
    from cli.acting import permitted, queries
    from cli.exits import tell_plan
    from engine import operations
    from lifecycle.rights import Act

    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        tell_plan(run, work, operations.stop_exit(work, known, because=because))


@app.command("test", cls=Command, epilog='longstop exit test MSA-004 --result "No keys" --failed --remedy-by +30d')
@changing
def at_the_table(
    run: Run,
    reference: Reference,
    due: Annotated[str, typer.Option(metavar="DATE", help="Plan a test by a day.", show_default=False)] = "",
    result: Annotated[str, typer.Option(metavar="TEXT", help="Record what it has shown.", show_default=False)] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="The day on which it was held.")] = "today",
    failed: Annotated[bool, typer.Option("--failed", help="The plan did not hold.")] = False,
    remedy_by: Annotated[str, typer.Option(metavar="DATE", help="Then by when.", show_default=False)] = "",
    retest_by: Annotated[str, typer.Option(metavar="DATE", help="And tested again.", show_default=False)] = "",
) -> None:
    """Plan a rehearsal of the plan at a table (--due), or record one that was held (--result).

    What did not hold is a finding: to remedy it is a deadline.
    """
    from cli.acting import permitted, queries
    from cli.errors import UsageRefused
    from cli.exits import tell_plan
    from engine import operations
    from lifecycle.rights import Act

    if bool(due) == bool(result):
        raise UsageRefused("It is not said what about the test.", remedy="Give --due DATE, or --result TEXT.")
    by, held_on = run.day(due, "--due") if due else None, run.day(on, "--on")
    remedied_on = run.day(remedy_by, "--remedy-by") if remedy_by else None
    again_on = run.day(retest_by, "--retest-by") if retest_by else None
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        if by is not None:
            changed = operations.plan_test(work, known, due_on=by)
        else:
            held = operations.Held(
                on=held_on, is_passed=not failed, result=result, remedy_by_on=remedied_on, retest_by_on=again_on
            )
            changed = operations.record_test(work, known, held)
        tell_plan(run, work, changed)


@app.command(cls=Command, epilog="longstop exit status MSA-004")
@reading
def status(
    run: Run,
    reference: Annotated[str | None, typer.Argument(metavar="[REFERENCE]", help="One plan with its steps.")] = None,
) -> None:
    """How far each exit is, or one of them step by step."""
    from cli.acting import queries
    from cli.exits import tell_all, tell_one

    with run.look() as work:
        if reference is None:
            tell_all(run, work)
        else:
            tell_one(run, work, queries(run, work).agreement(reference))
