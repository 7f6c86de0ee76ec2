"""``obligation``: duties with due days, once or recurring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Because, Reference

if TYPE_CHECKING:
    from cli.run import Run
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.duties import Due

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Duties with due days, once or recurring."
)
_NONE = "none"
_EMAIL = typer.Option(metavar="EMAIL", help="Whose it is; else the agreement's owner's.", show_default=False)


@app.command(
    cls=Command,
    epilog='longstop obligation add ACME-7 --kind audit --name "SOC 2 report" --due 2027-03-31 --every "1 year"\n'
    'longstop obligation add ACME-7 --kind return --name "Return samples" --due "30 days after last-day"\n'
    'longstop obligation add ACME-7 --kind evidence --name "Usage report" --due "30 days after each quarter"',
)
@changing
def add(
    run: Run,
    reference: Reference,
    name: Annotated[str, typer.Option(metavar="TEXT", help="What is to be done.")],
    due: Annotated[
        str, typer.Option(metavar="DATE", help="First due day; or: 30 days after last-day, after each quarter.")
    ],
    kind: Annotated[str, typer.Option(metavar="KIND", help="audit, review, fee, certificate ...")] = "duty",
    every: Annotated[str, typer.Option(metavar="PERIOD", help="How often it comes back.", show_default=False)] = "",
    owner: Annotated[str, _EMAIL] = "",
) -> None:
    """Add a duty to an agreement."""
    from cli.acting import permitted, present, queries
    from cli.changes import tell_change
    from cli.choices import chosen
    from engine import operations
    from lifecycle.obligations.duties import Obligation, ObligationKind
    from lifecycle.rights import Act

    what = chosen(ObligationKind, kind, "--kind")
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        when = _due(run, known, due, every)
        owner_id = present(work, owner).id if owner else None
        duty = Obligation(id="", kind=what, name=name, due=when, owner_id=owner_id)
        tell_change(run, work, operations.add_obligation(work, known, duty), "has a new obligation")


@app.command("list", cls=Command, epilog="longstop obligation list ACME-7")
@reading
def list_obligations(run: Run, reference: Reference) -> None:
    """The duties of an agreement."""
    from cli.acting import queries
    from cli.render import Column
    from engine.documents.agreements import obligation_document

    with run.look() as work:
        known = queries(run, work).agreement(reference)
        documents = [obligation_document(work, one) for one in known.obligations]
    if run.as_json:
        run.answer("obligations", items=documents)
        return
    columns = (
        Column("Id"),
        Column("Kind"),
        Column("What", is_fixed=False),
        Column("Due", is_fixed=False),
        Column("Ended"),
    )
    rows = [
        (one["id"], one["kind"].value, one["name"], one["due"] or "", str(one["ended_on"] or "")) for one in documents
    ]
    if rows:
        run.terminal.table(columns, rows)
    else:
        run.terminal.line(f"{known.reference} has no obligations.")


@app.command(cls=Command, epilog='longstop obligation amend ACME-7 o2 --due 2027-06-30 --because "Moved by both"')
@changing
def amend(
    run: Run,
    reference: Reference,
    obligation: Annotated[str, typer.Argument(metavar="ID", help="As `obligation list` shows it.")],
    because: Because,
    *,
    name: Annotated[str, typer.Option(metavar="TEXT", help="What is to be done.", show_default=False)] = "",
    due: Annotated[str, typer.Option(metavar="DATE", help="From now on first due then.", show_default=False)] = "",
    every: Annotated[str, typer.Option(metavar="PERIOD", help="How often; none: once.", show_default=False)] = "",
    owner: Annotated[str, typer.Option(metavar="EMAIL", help="Whose it is; none: the agreement's owner's.")] = "",
) -> None:
    """Change what a duty says; what is not named stays as it is."""
    from dataclasses import replace

    from cli.acting import permitted, present, queries
    from cli.changes import tell_change
    from engine import operations
    from engine.operations.duties import obligation_of
    from lifecycle.rights import Act

    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        old = obligation_of(known, obligation)
        owner_id = None if owner == _NONE else present(work, owner).id if owner else old.owner_id
        wanted = replace(old, name=name or old.name, due=_amended(run, known, old.due, (due, every)), owner_id=owner_id)
        changed = operations.amend_obligation(work, known, wanted, because=because)
        tell_change(run, work, changed, "has an obligation amended")


@app.command(cls=Command, epilog='longstop obligation end ACME-7 o2 --on today --because "Certified instead"')
@changing
def end(
    run: Run,
    reference: Reference,
    obligation: Annotated[str, typer.Argument(metavar="ID", help="As `obligation list` shows it.")],
    because: Because,
    on: Annotated[str, typer.Option(metavar="DATE", help="Nothing is due after it.")] = "today",
) -> None:
    """Nothing of a duty is due any more."""
    from cli.acting import permitted, queries
    from cli.changes import tell_change
    from engine import operations
    from lifecycle.rights import Act

    day = run.day(on, "--on")
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        changed = operations.end_obligation(work, known, obligation, on=day, because=because)
        tell_change(run, work, changed, "has one obligation less")


def _amended(run: Run, of: Agreement, old: Due, said: tuple[str, str]) -> Due:
    """When it is due now. Raises UsageRefused, RecurrenceError."""
    from cli.days import parse_length
    from lifecycle.obligations.duties import amended_due

    due, every = said
    if " " in due.strip():  # so long before or after a turning point
        return _due(run, of, due, every)
    on = run.day(due, "--due") if due else None
    length = parse_length(every, "--every") if every not in {"", _NONE} else None
    return amended_due(old, on=on, every=length, is_once=every == _NONE)


def _due(run: Run, of: Agreement, due: str, every: str) -> Due:
    """A day, a day and how often, or words. Raises UsageRefused, RecurrenceError."""
    from cli.days import parse_length
    from cli.errors import UsageRefused
    from lifecycle.agreements.agreement import first_day
    from lifecycle.errors import LifecycleError
    from lifecycle.obligations.due_words import due_in_words
    from lifecycle.obligations.duties import Once, Recurrence

    if " " in due.strip():
        if every:
            raise UsageRefused("--every has no part in what hangs on another day.", remedy="Leave it out.")
        try:
            return due_in_words(due, first_day(of) or run.today)
        except LifecycleError as error:
            raise UsageRefused(f"--due: {error.sentence}", remedy=error.remedy) from None
    on = run.day(due, "--due")
    return Recurrence(parse_length(every, "--every"), on, first=0) if every else Once(on)
