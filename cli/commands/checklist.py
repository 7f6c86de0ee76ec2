"""``checklist``: named sets of obligations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reckoning
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Named sets of obligations.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="Which.")]


@app.command("list", cls=Command, epilog="longstop checklist list")
@reckoning
def list_checklists(run: Run) -> None:
    """The checklists that there are."""
    from cli.checklists import known
    from engine.documents.checklists import headed

    documents = [headed(one) for one in known(run)]
    if run.as_json:
        run.answer("checklists", items=documents)
    else:
        for one in documents:
            run.terminal.line(f"{one['name']} ({one['items']} items): {one['about']}")


@app.command(cls=Command, epilog="longstop checklist show nda-onboarding")
@reckoning
def show(run: Run, name: Name) -> None:
    """The items of a checklist."""
    from cli.checklists import named
    from cli.render import Column
    from engine.documents.checklists import document

    checklist = named(run, name)
    if run.as_json:
        run.answer("checklist", item=document(checklist))
        return
    run.terminal.line(f"{checklist.name}: {checklist.about}")
    columns = (
        Column("Item"),
        Column("Kind"),
        Column("What", is_fixed=False, share=4),
        Column("When"),
        Column("Owner"),
        Column("Evidence", is_fixed=False, share=2),
        Column("Needs", is_fixed=False, share=1),
    )
    rows = [
        (
            one["key"],
            one["kind"].value,
            one["name"],
            one["when"],
            one["owner"],
            one["evidence"],
            ", ".join(one["needs"]),
        )
        for one in document(checklist)["items"]
    ]
    run.terminal.table(columns, rows)


@app.command(cls=Command, epilog="longstop checklist apply nda-onboarding NDA-021 --from today")
@changing
def apply(
    run: Run,
    name: Name,
    reference: Annotated[str | None, typer.Argument(metavar="[REFERENCE]", help="The agreement.")] = None,
    counterparty: Annotated[
        str | None, typer.Option("--counterparty", metavar="NAME", help="Or a counterparty, before there is one.")
    ] = None,
    from_day: Annotated[str, typer.Option("--from", metavar="DATE", help="The day of application.")] = "today",
) -> None:
    """Give an agreement, or a counterparty, the obligations of a checklist. Twice is once.

    What was laid before and is owed no more comes anew, as a round of its own.
    """
    from cli.acting import permitted, queries
    from cli.changes import tell_change
    from cli.checklists import must_be_no_counterparty, named
    from cli.errors import UsageRefused
    from engine.operations import holder_of, lay_checklist, new_side
    from lifecycle.rights import Act
    from notifiers.wording import counted

    if (reference is None) == (counterparty is None):
        raise UsageRefused(
            "It is not said what the checklist is for.", remedy="Name an agreement, or --counterparty NAME."
        )
    checklist, on = named(run, name), run.day(from_day, "--from")
    with run.change() as work:
        is_new = ""
        if reference is not None:
            must_be_no_counterparty(run, work, reference)
            known = queries(run, work).agreement(reference)
        else:
            person = run.person(work)
            is_new = new_side(work, counterparty or "", person)
            known = holder_of(work, counterparty or "", owner_id=person.id if person else None)
        permitted(run, work, Act.REGISTER, known)
        laid = lay_checklist(work, known, checklist, on)
        beside = f"{counted(len(laid.new), 'obligation')} {'is' if len(laid.new) == 1 else 'are'} new."
        done = f"has the checklist {checklist.name}"
        tell_change(
            run, work, laid.agreement, done, remarks=tuple(filter(None, (is_new, *laid.remarks))), beside=beside
        )
