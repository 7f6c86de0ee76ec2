"""``webhook``: other programs are told what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import changing, reading
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run
    from config.settings import Settings

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Tell other programs what happens, each event once, signed.",
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name, as playbooks write it.")]


@app.command(
    cls=Command,
    epilog="longstop webhook add erp https://erp.example.com/longstop\n"
    "longstop webhook add board https://board.example.com/in --event StepRaised --event MilestoneDone",
)
@changing
def add(
    run: Run,
    name: Name,
    url: Annotated[str, typer.Argument(metavar="URL", help="An https address.")],
    event: Annotated[list[str] | None, typer.Option(metavar="TYPE", help="Only this event; again for more.")] = None,
    restricted: Annotated[bool, typer.Option("--restricted", help="It hears of restricted agreements, too.")] = False,
) -> None:
    """Tell a program what happens from now on; the key that signs is shown this once."""
    from cli import webhooks

    with run.change() as work:
        run.must_administer(work)
        calls = webhooks.caller(run.settings)
        row = webhooks.add(
            work, calls, name=name, url=url, events=tuple(event or ()), may_see_restricted=restricted
        )  # fmt: skip
        _tell(run, webhooks.document(row, made_by=_makes(run)), f"{name} is told from now on{run.tried}.")


@app.command("list", cls=Command, epilog="longstop webhook list")
@reading
def list_webhooks(run: Run) -> None:
    """Every program that is told, and whether it answers."""
    from cli import webhooks
    from cli.render import Column

    with run.look() as work:
        run.must_administer(work)
        head, _ = work.log.head()
        documents = [webhooks.document(one) for one in work.endpoints.all()]
    if run.as_json:
        run.answer("webhooks", items=documents)
        return
    if not documents:
        run.terminal.line("No program is told.")
        return
    columns = (Column("Name"), Column("URL", is_fixed=False), *map(Column, ("Behind", "Keys", "")))
    rows = [
        (one["name"], one["url"], str(head - one["position"]), str(one["keys"]), _standing(one)) for one in documents
    ]  # fmt: skip
    run.terminal.table(columns, rows)


@app.command(cls=Command, epilog="longstop webhook rotate erp\nlongstop webhook rotate erp --drop-old")
@changing
def rotate(
    run: Run,
    name: Name,
    drop_old: Annotated[bool, typer.Option("--drop-old", help="The other side knows the new key.")] = False,
) -> None:
    """Sign with a new key beside the old one; then with the new one alone."""
    from cli import webhooks

    with run.change() as work:
        run.must_administer(work)
        row = webhooks.rotated(work, name, drop_old=drop_old)
        keys = "one key" if drop_old else "both keys until `--drop-old`"
        made_by = None if drop_old else _makes(run)
        _tell(run, webhooks.document(row, made_by=made_by), f"It signs with {keys}{run.tried}.")


@app.command(cls=Command, epilog="longstop webhook on erp")
@changing
def on(run: Run, name: Name) -> None:
    """Tell it again what happens, from where it stood when it was switched off."""
    from cli import webhooks

    with run.change() as work:
        run.must_administer(work)
        _tell(run, webhooks.document(webhooks.switched_on(work, name)), f"{name} is on{run.tried}.")


@app.command(cls=Command, epilog="longstop webhook remove erp")
@changing
def remove(run: Run, name: Name) -> None:
    """Tell it nothing any more, and forget its keys."""
    from cli import webhooks

    with run.change() as work:
        run.must_administer(work)
        row = work.endpoints.get(name)
        run.confirm(f"Forget the webhook {name} and its keys?")
        work.endpoints.remove(name)
        _tell(run, webhooks.document(row), f"{name} is forgotten{run.tried}.")


def _makes(run: Run) -> Settings | None:
    """Under which settings a key is made and shown; one that is rolled back signs nothing."""
    return None if run.is_dry_run else run.settings


def _standing(one: dict[str, Any]) -> str:
    if not one["is_on"]:
        return "off"
    return "does not answer" if one["failing_since_at"] else "on"


def _tell(run: Run, document: dict[str, Any], told: str) -> None:
    if run.as_json:
        run.answer("webhook-changed", item=document)
        return
    run.terminal.line(told)
    if document["secret"]:
        run.terminal.line(f"Key: {document['secret']}")
