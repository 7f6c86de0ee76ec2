"""Exit plans at the command line: what they come to, in a few lines and step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.acting import told_outcome
from cli.render import Column, one_line
from engine.documents.changes import outcome
from engine.documents.exits import exit_document, exit_documents
from notifiers.wording import counted, day
from store.queries.exits import with_exit_plan

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


def tell_plan(run: Run, work: Work, agreement: Agreement) -> None:
    """Answer a change of an exit plan that is about to be kept, or to be rolled back."""
    counts = outcome(work)
    document = exit_document(work, work.agreements.get(agreement.id))
    if run.as_json:
        run.answer("exit-plan", item={**document, "is_dry_run": run.is_dry_run, "deadlines": counts})
        return
    run.terminal.line(f"{_headline(document)}{run.tried}. {told_outcome(counts)}")
    _tell_days(run, document)


def tell_one(run: Run, work: Work, agreement: Agreement) -> None:
    """One plan with all its steps."""
    document = exit_document(work, agreement)
    if run.as_json:
        run.answer("exit-plan", item={**document, "is_dry_run": False, "deadlines": None})
        return
    run.terminal.line(f"{_headline(document)}.")
    _tell_days(run, document)
    columns = (
        Column("Step"),
        Column("What", is_fixed=False, share=3),
        Column("Due"),
        Column("State"),
        Column("Waits for", is_fixed=False),
        Column("Evidence", is_fixed=False, share=2),
    )
    rows = [
        (
            f"{'*' if one['is_critical'] else ' '} {one['id']}",
            one["name"],
            str(one["due_on"] or ""),
            one["state"].value if one["state"] else "",
            ", ".join(one["waits_for"]),
            one["proof"] or one["evidence"] or "",
        )
        for one in document["steps"]
    ]
    run.terminal.table(columns, rows)
    for one in document["tests"]:
        verdict = {True: "passed", False: "not passed", None: "held"}[one["is_passed"]]
        said = f"{verdict} on {day(one['held_on'])}: {one_line(one['result'] or '')}" if one["held_on"] else "not held"
        run.terminal.line(f"Test by {day(one['due_on'])}: {said}")


def tell_all(run: Run, work: Work) -> None:
    """Every plan that whoever asks may see."""
    documents = exit_documents(work, with_exit_plan(work, run.person(work)))
    if run.as_json:
        run.answer("exit-plans", items=documents)
        return
    for one in documents:
        run.terminal.line(f"{_headline(one)}.")
    if not documents:
        run.terminal.line("There is no exit plan. Make one: `longstop exit plan REFERENCE --template exit-bpo`.")


def _headline(document: dict[str, Any]) -> str:
    over = f" ends on {day(document['exit_on'])}" if document["exit_on"] else " has no exit day yet"
    told = f"{document['reference']}: the {document['kind'].value} exit{over}, {document['state']}"
    if document["started_on"]:
        told += f" on {day(document['started_on'])} because {one_line(document['because'] or '')}"
    return f"{told}, {document['done']} of {counted(document['total'], 'step')} done"


def _tell_days(run: Run, document: dict[str, Any]) -> None:
    if document["start_by_on"] and not document["started_on"]:
        notice_on, short = document["notice_safe_on"], document["shortfall_days"]
        beside = f"; notice only on {day(notice_on)}: {counted(short, 'day')} short" if document["alarm"] else ""
        over = ", which is over" if document["start_by_on"] < run.today else ""
        run.terminal.line(f"  Start by {day(document['start_by_on'])}{over}{beside}.")
    names = {one["id"]: one["name"] for one in document["steps"]}
    if document["critical_path"]:
        run.terminal.line(f"  Critical path: {' > '.join(document['critical_path'])}")
    for one in document["late"]:
        run.terminal.line(f"  Cannot be in time: {names[one]}")
