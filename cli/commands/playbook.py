"""``playbook``: the rules: which deadlines, whom, when, through what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import ExitCode

if TYPE_CHECKING:
    from cli.run import Run
    from lifecycle.playbooks.plan import PlaybookPlan

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="The rules: whom, when, through what."
)
PlaybookFile = Annotated[Path, typer.Argument(metavar="FILE.yaml", exists=True, dir_okay=False, help="The playbooks.")]
_MANY = 20  # messages within a day above which somebody has to say yes (DELIVERY.md P7)


@app.command("list", cls=Command, epilog="longstop playbook list")
@reading
def list_playbooks(run: Run) -> None:
    """The playbooks in force, each with its version and how many live deadlines follow it."""
    from cli.render import Column
    from engine.documents.playbooks import in_force

    with run.look() as work:
        documents = in_force(work)
    if run.as_json:
        run.answer("playbooks", items=documents)
        return
    columns = (
        Column("Playbook"),
        Column("Version"),
        Column("Followed by"),
        Column("For", is_fixed=False),
        Column("Stages"),
    )
    run.terminal.table(
        columns,
        [
            (one["name"], str(one["version"]), str(one["milestones"]), one["matches"], ", ".join(one["stages"]))
            for one in documents
        ],
    )


@app.command(cls=Command, epilog="longstop playbook show default")
@reading
def show(run: Run, name: Annotated[str, typer.Argument(metavar="NAME", help="Which.")]) -> None:
    """One playbook as it is in force."""
    from engine.documents.playbooks import one_in_force

    with run.look() as work:
        document = one_in_force(work, name)
    if run.as_json:
        run.answer("playbook-shown", item=document)
    else:
        run.terminal.line(f"{document['name']}, version {document['version']}, for {document['matches']}")
        for step in document["steps"]:
            run.terminal.line(f"  {step}")


@app.command(cls=Command, epilog="longstop playbook check playbooks/*.yaml")
@reading
def check(
    run: Run,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="What to check.")],
) -> None:
    """What is wrong with playbook files: file, line, column, code, remedy."""
    from cli.playbooks import checked

    with run.look() as work:
        findings = [finding for file in files for finding in checked(work, file)]
    errors = [one for one in findings if not one["is_warning"]]
    if run.as_json:
        run.answer("playbook-check", items=findings)
    else:
        for one in findings:
            run.terminal.line(f"{one['place']}: {one['code']}, {one['message']} {one['remedy']}")
        if not findings:
            run.terminal.line("Nothing is wrong.")
    if errors:
        raise typer.Exit(5)


@app.command(cls=Command, epilog="longstop playbook plan nda.yaml --exit-code")
@reading
def plan(run: Run, file: PlaybookFile, exit_code: ExitCode = False) -> None:
    """What applying a file would change, step by step. Nothing is written."""
    from cli.playbooks import read, unreached
    from engine.playbooks import versions as playbooks

    with run.look() as work:
        new = read(work, file)
        plans = [playbooks.plan(work, one) for one in new]
        nobody = unreached(work, new)
    _tell(run, plans, "playbook-plan", unreached=nobody)
    if exit_code and any(one.changes for one in plans):
        raise typer.Exit(10)


@app.command(cls=Command, epilog="longstop playbook apply nda.yaml --expect 4f2a...")
@changing
def apply(
    run: Run,
    file: PlaybookFile,
    expect: Annotated[str, typer.Option(metavar="DIGEST", help="Only the plan that you saw.", show_default=False)] = "",
) -> None:
    """Let a file's playbooks hold from now on. What was raised stays raised."""
    from cli.acting import permitted
    from cli.errors import UsageRefused
    from cli.playbooks import read, unreached
    from engine.playbooks import versions as playbooks
    from engine.playbooks.approval import NeedsApproval
    from lifecycle.rights import Act

    with run.look() as work:
        permitted(run, work, Act.GOVERN)
        new = read(work, file)
        if expect and len(new) > 1:
            raise UsageRefused("--expect names one plan, and the file has several playbooks.", remedy="Split the file.")
        soon = sum(playbooks.plan(work, one).raises_within_a_day for one in new)
    if soon > _MANY:
        run.confirm(f"{soon} messages would leave within a day.")
    with run.change() as work:
        plans = [playbooks.apply(work, one, expect=expect) for one in new]
        work.settle()
        nobody = unreached(work, new)
        versions = {name: version for name, version in work.playbooks if name in {book.name for book in new}}
    if proposed := [book.name for book, one in zip(new, plans, strict=True) if one.is_proposed]:
        raise NeedsApproval(proposed)
    _tell(run, plans, "playbook-applied", unreached=nobody)
    if not run.as_json:
        for name, version in versions.items():
            run.terminal.line(f"{name} holds as version {version}{run.tried}.")


def _tell(run: Run, plans: list[PlaybookPlan], schema: str, *, unreached: list[dict[str, Any]]) -> None:
    from engine.documents.playbooks import plan_document

    if run.as_json:
        run.answer(schema, items=[plan_document(one) for one in plans], unreached=unreached, is_dry_run=run.is_dry_run)
        return
    for nobody in unreached:
        run.terminal.line("{playbook}: {audience} reaches nobody for {agreements} agreements.".format_map(nobody))
    for one in plans:
        for change in one.changes:
            run.terminal.line(str(change))
        run.terminal.line(
            f"{len(one.changes)} steps change; {one.raises_within_a_day} messages within a day. Digest {one.digest}"
        )
