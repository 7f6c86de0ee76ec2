"""``explain``: why a day is what it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from cli.asking import reading
from cli.lazy import Command
from cli.options import Cycle, DeadlineName, Kind

if TYPE_CHECKING:
    from cli.run import Run
    from engine.explaining import Explained
    from engine.monitor import Work
    from store.queries import DeadlineRow

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=Command, epilog="longstop explain ACME-7 notice\nlongstop explain ACME-7 renewal --cycle 2 --json")
@reading
def explain(run: Run, deadline: DeadlineName, kind: Kind = "", cycle: Cycle = "") -> None:
    """Why this date: every step from the clause to the day, with its calendar."""
    from cli.acting import queries
    from engine.documents.explained import explained_document
    from engine.explaining import explained
    from engine.findings.standing import beside

    with run.look() as work:
        row = queries(run, work).deadline(deadline, kind, cycle=cycle)
        found = explained(work, row)
        findings = beside(work, row.agreement, run.person(work))
        if run.as_json:
            run.answer("explain", item=explained_document(work, row, found, findings))
            return
        _tell(run, work, row, found)
        for finding in findings:
            run.terminal.line(f"Beside it: {finding.text}")


def _tell(run: Run, work: Work, row: DeadlineRow, found: Explained) -> None:
    from cli.render import printable
    from engine.delivery.composing import standing_of
    from lifecycle.words import spoken
    from notifiers.wording import decision_line, late_option_words, standing_line, why_card

    today = work.today(row.agreement)
    if row.milestone.outcome is not None:
        outcome = row.milestone.outcome
        told = outcome.evidence or outcome.reason
        run.terminal.line(f"It is {outcome.kind.value}, by {outcome.by} on {spoken(outcome.on)}: {printable(told)}")
        if late := late_option_words(row.agreement, (row.milestone,)):
            run.terminal.line(printable(late))
    elif not row.milestone.is_live:
        run.terminal.line(f"It is {row.milestone.state.value}.")
    elif line := standing_line(standing_of(row.milestone), row.agreement.time_zone):
        run.terminal.line(printable(line))
    run.terminal.line(printable(why_card(replace(found.facts, decision=row.milestone.decision), today)))
    if row.agreement.template:
        run.terminal.line(printable(f"{row.agreement.reference} was drawn up from {row.agreement.template}."))
    if row.agreement.project:
        run.terminal.line(printable(f"Project: {row.agreement.project}"))
    if row.milestone.is_live and (line := decision_line(found.facts)):
        run.terminal.line(printable(line))
    if row.milestone.proposed is not None:
        proposed = row.milestone.proposed
        run.terminal.line(f"A later day waits to be accepted: {spoken(proposed.safe_on)} ({proposed.because}).")
    for move in found.moves:
        run.terminal.line(f"Moved from {spoken(move.old_on)} to {spoken(move.new_on)}: {printable(move.because)}.")
