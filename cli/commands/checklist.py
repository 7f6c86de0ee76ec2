"""``checklist``: named sets of obligations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import changing, reckoning
from cli.lazy import Command
from cli.options import Reference

if TYPE_CHECKING:
    from cli.run import Run
    from lifecycle.checklist import Checklist

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Named sets of obligations.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="Which.")]


@app.command("list", cls=Command, epilog="longstop checklist list")
@reckoning
def list_checklists(run: Run) -> None:
    """The checklists that there are."""
    from cli.checklists import known

    documents = [{"name": one.name, "about": one.about, "items": len(one.templates)} for one in known(run)]
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

    checklist = named(run, name)
    if run.as_json:
        run.answer("checklist", item=_document(checklist))
        return
    run.terminal.line(f"{checklist.name}: {checklist.about}")
    columns = (Column("Item"), Column("Kind"), Column("What", is_fixed=False, share=4), Column("When"), Column("Owner"))
    items = _document(checklist)["items"]
    run.terminal.table(
        columns, [(one["key"], one["kind"].value, one["name"], one["when"], one["owner"]) for one in items]
    )


@app.command(cls=Command, epilog="longstop checklist apply nda-onboarding NDA-021 --from today")
@changing
def apply(
    run: Run,
    name: Name,
    reference: Reference,
    from_day: Annotated[str, typer.Option("--from", metavar="DATE", help="The day of application.")] = "today",
) -> None:
    """Give an agreement the obligations of a checklist. Twice is once."""
    from cli.acting import permitted, queries
    from cli.changes import tell_change
    from cli.checklists import named, take_over
    from lifecycle.rights import Act

    checklist, on = named(run, name), run.day(from_day, "--from")
    with run.change() as work:
        known = queries(run, work).agreement(reference)
        permitted(run, work, Act.REGISTER, known)
        changed, new, waiting = take_over(work, known, checklist, on)
        beside = f"{new} obligations are new." + (f" {waiting} wait for a day that is not known." if waiting else "")
        tell_change(run, work, changed, f"has the checklist {checklist.name}", beside=beside)


def _document(checklist: Checklist) -> dict[str, Any]:
    from cli.checklists import when

    return {
        "name": checklist.name,
        "about": checklist.about,
        "items": [
            {
                "key": one.key,
                "kind": one.kind,
                "name": one.name,
                "when": when(one.timing),
                "owner": str(one.owner),
                "continues": one.continues,
            }
            for one in checklist.templates
        ],
    }
