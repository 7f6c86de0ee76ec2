"""What people answer to a deadline: ``ack``, ``snooze``, ``undo``, ``done``, ``decide``, ``waive``, ``assign`` ..."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing
from cli.lazy import Command
from cli.options import Because, Cycle, DeadlineName, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.run import Run
    from engine.monitor import Work
    from engine.operations import Answered
    from lifecycle.rights import Act
    from store.queries import DeadlineRow

app = typer.Typer(rich_markup_mode=None, add_completion=False)
Revision = Annotated[
    int | None, typer.Option(metavar="N", help="The revision that you saw; another one is stale.", show_default=False)
]


@app.command(cls=Command, epilog="longstop ack ACME-7 notice")
@changing
def ack(run: Run, deadline: DeadlineName, kind: Kind = "", cycle: Cycle = "", revision: Revision = None) -> None:
    """I have it: quiet until the next stage. It is still open."""
    from engine import operations
    from lifecycle.rights import Act

    _answer(
        run, (deadline, kind, cycle), Act.ANSWER,
        lambda work, row: operations.acknowledge(work, row.milestone.id, revision=revision),
    )  # fmt: skip


@app.command(cls=Command, epilog="longstop snooze ACME-7 notice --until +7d")
@changing
def snooze(
    run: Run,
    deadline: DeadlineName,
    until: Annotated[str, typer.Option(metavar="DATE", help="Quiet until this day.")],
    kind: Kind = "",
    cycle: Cycle = "",
    revision: Revision = None,
) -> None:
    """Quiet until a day, never past the last safe day less one business day. It is still open."""
    from engine import operations
    from lifecycle.rights import Act

    day = run.day(until, "--until")
    _answer(
        run, (deadline, kind, cycle), Act.ANSWER,
        lambda work, row: operations.snooze(work, row.milestone.id, until=day, revision=revision),
    )  # fmt: skip


@app.command(cls=Command, epilog="longstop undo ACME-7 notice")
@changing
def undo(run: Run, deadline: DeadlineName, kind: Kind = "", cycle: Cycle = "") -> None:
    """Take an acknowledgement or a snooze back: the reminders go on."""
    from engine import operations
    from lifecycle.rights import Act

    _answer(run, (deadline, kind, cycle), Act.ANSWER, lambda work, row: operations.undo(work, row.milestone.id))


@app.command(cls=Command, epilog='longstop done ACME-7 notice --evidence "courier receipt 4711" --on 2026-11-30')
@changing
def done(
    run: Run,
    deadline: DeadlineName,
    evidence: Annotated[str, typer.Option(metavar="FILE|URL|TEXT", help="What proves it.")],
    kind: Kind = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="When it was done.")] = "today",
    result: Annotated[
        str, typer.Option(metavar="HOW", help="Of an audit or a test: passed or failed.", show_default=False)
    ] = "",
    remedy_by: Annotated[
        str, typer.Option(metavar="DATE", help="Where it failed, by when that is remedied.", show_default=False)
    ] = "",
    retest_by: Annotated[str, typer.Option(metavar="DATE", help="And tested again.", show_default=False)] = "",
    cycle: Cycle = "",
    revision: Revision = None,
) -> None:
    """It was done, and this proves it. Nothing more is sent about it; what a test has shown is a finding."""
    from cli.evidence import keep_evidence, result_said
    from engine import operations
    from lifecycle.rights import Act

    day, shown = run.day(on, "--on"), result_said(run, result, remedy_by, retest_by)

    def act(work: Work, row: DeadlineRow) -> Answered:
        proof = keep_evidence(work, row, evidence)
        return operations.done(work, row.milestone.id, evidence=proof, on=day, revision=revision, result=shown)

    _answer(run, (deadline, kind, cycle), Act.ANSWER, act)


@app.command(cls=Command, epilog="longstop decide ACME-7 notice stop-renewal")
@changing
def decide(
    run: Run,
    words: Annotated[list[str], typer.Argument(metavar="DEADLINE [KIND] CHOICE", help="Last word: what was decided.")],
    note: Annotated[str, typer.Option(metavar="TEXT", help="Beside it.", show_default=False)] = "",
    cycle: Cycle = "",
    revision: Revision = None,
) -> None:
    """Record a decision: renew, let-lapse, stop-renewal, renegotiate, terminate. The answer says what is left to do."""
    from cli.choices import chosen
    from cli.errors import UsageRefused
    from engine import operations
    from lifecycle.milestones.deciding import Choice
    from lifecycle.rights import Act

    if len(words) not in {2, 3}:
        raise UsageRefused("A decision has a deadline and a choice.", remedy="longstop decide REFERENCE KIND CHOICE")
    name, kind, choice = words[0], words[1] if len(words) == 3 else "", chosen(Choice, words[-1], "CHOICE")
    _answer(
        run, (name, kind, cycle), Act.DECIDE,
        lambda work, row: operations.decide(work, row.milestone.id, choice=choice, note=note, revision=revision),
    )  # fmt: skip


@app.command(cls=Command, epilog='longstop waive ACME-7 audit --because "They were certified in June"')
@changing
def waive(
    run: Run, deadline: DeadlineName, because: Because, kind: Kind = "", cycle: Cycle = "", revision: Revision = None
) -> None:
    """Nobody has to act, and this is why."""
    from engine import operations
    from lifecycle.rights import Act

    _answer(
        run, (deadline, kind, cycle), Act.GOVERN,
        lambda work, row: operations.waive(work, row.milestone.id, because=because, revision=revision),
    )  # fmt: skip


@app.command(cls=Command, epilog="longstop assign ACME-7 notice --to dana@example.com")
@changing
def assign(
    run: Run,
    deadline: DeadlineName,
    to: Annotated[str, typer.Option(metavar="EMAIL", help="Who answers for it.")],
    kind: Kind = "",
    backup: Annotated[str, typer.Option(metavar="EMAIL", help="Who stands in.", show_default=False)] = "",
    cycle: Cycle = "",
) -> None:
    """Somebody else answers for it; they are told."""
    from cli.acting import present
    from engine import operations
    from lifecycle.rights import Act

    def give(work: Work, row: DeadlineRow) -> Answered:
        backup_id = present(work, backup).id if backup else None
        return operations.assign(work, row.milestone.id, owner_id=present(work, to).id, backup_id=backup_id)

    _answer(run, (deadline, kind, cycle), Act.DECIDE, give)


@app.command(cls=Command, epilog='longstop reopen ACME-7 notice --because "The courier lost it"')
@changing
def reopen(run: Run, deadline: DeadlineName, because: Because, kind: Kind = "", cycle: Cycle = "") -> None:
    """Take an outcome back. What was said before is not said again."""
    from engine import operations
    from lifecycle.rights import Act

    _answer(
        run, (deadline, kind, cycle), Act.GOVERN,
        lambda work, row: operations.reopen(work, row.milestone.id, because=because), is_ended=True,
    )  # fmt: skip


@app.command(cls=Command, epilog="longstop verify ACME-7 notice")
@changing
def verify(run: Run, deadline: DeadlineName, kind: Kind = "", cycle: Cycle = "") -> None:
    """The facts behind the day agree with the document."""
    from engine import operations
    from lifecycle.rights import Act

    _answer(run, (deadline, kind, cycle), Act.GOVERN, lambda work, row: operations.verify(work, row.milestone.id))


@app.command(cls=Command, epilog="longstop accept ACME-7 notice")
@changing
def accept(run: Run, deadline: DeadlineName, kind: Kind = "", cycle: Cycle = "") -> None:
    """Let the later day hold that a changed calendar gives."""
    from engine import operations
    from lifecycle.rights import Act

    _answer(run, (deadline, kind, cycle), Act.GOVERN, lambda work, row: operations.accept(work, row.milestone.id))


@app.command(cls=Command, epilog='longstop pin ACME-7 notice --on 2026-11-20 --because "Board meets on the 19th"')
@changing
def pin(
    run: Run,
    deadline: DeadlineName,
    on: Annotated[str, typer.Option(metavar="DATE", help="The day that shall hold.")],
    because: Because,
    kind: Kind = "",
    cycle: Cycle = "",
) -> None:
    """Set a day against the computation; the computed one stays visible."""
    from engine import operations
    from lifecycle.rights import Act

    day = run.day(on, "--on")
    _answer(
        run, (deadline, kind, cycle), Act.GOVERN,
        lambda work, row: operations.pin(work, row.milestone.id, on=day, because=because),
    )  # fmt: skip


def _answer(
    run: Run,
    named: tuple[str, str, str],
    act: Act,
    answer: Callable[[Work, DeadlineRow], Answered],
    *,
    is_ended: bool = False,
) -> None:
    from cli.acting import permitted, queries
    from cli.answering import tell

    with run.change() as work:
        name, kind, cycle = named
        row = queries(run, work).deadline(name, kind, cycle=cycle, is_ended=is_ended)
        permitted(run, work, act, row.agreement, row.milestone)
        answered = answer(work, row)
        work.settle()
        code = tell(run, work, answered)
    if code:
        raise typer.Exit(code)
