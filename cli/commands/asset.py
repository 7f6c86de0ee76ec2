"""``asset``: what is worth protecting, whose it is, and which agreements cover it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Because

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.assets import Asset, Licence
    from store.queries.assets import SeenAsset

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="What is worth protecting, and what does."
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name.")]
Kind = Annotated[str, typer.Option(metavar="KIND", help="source-code, data, trade-secret ...", show_default=False)]
Owned = Annotated[str, typer.Option(metavar="WHOSE", help="us, them, third-party or joint.", show_default=False)]
Covers = Annotated[
    list[str] | None, typer.Option("--agreement", metavar="REFERENCE", help="Covers it; as often as there are.")
]
Holders = Annotated[list[str] | None, typer.Option("--holder", metavar="WHO", help="Who has it besides us.")]
From = Annotated[str, typer.Option(metavar="WHO", help="Whose licence it is used under.", show_default=False)]
Until = Annotated[str, typer.Option(metavar="DATE", help="The last day of the licence.", show_default=False)]
Note = Annotated[str, typer.Option(metavar="TEXT", help="A remark.", show_default=False)]


@app.command(
    cls=Command,
    epilog='longstop asset add "Billing source code" --kind source-code --ownership us --agreement MSA-001\n'
    'longstop asset add "Map data" --kind data --ownership third-party --licence-from Geo --licence-until 2027-06-30',
)
@changing
def add(
    run: Run,
    name: Name,
    kind: Kind,
    ownership: Owned = "us",
    agreement: Covers = None,
    holder: Holders = None,
    licence_from: From = "",
    licence_until: Until = "",
    note: Note = "",
) -> None:
    """Take an asset into the register."""
    from cli.acting import permitted
    from cli.choices import chosen
    from engine import operations
    from lifecycle.assets import Asset, AssetKind, Ownership
    from lifecycle.rights import Act

    licence = _licence(run, None, licence_from, licence_until)
    what, whose = chosen(AssetKind, kind, "--kind"), chosen(Ownership, ownership, "--ownership")
    with run.change() as work:
        permitted(run, work, Act.REGISTER)
        told = Asset(
            id="", name=name, kind=what, ownership=whose, holders=tuple(holder or ()), licence=licence,
            agreements=_ids(run, work, agreement or ()), note=note,
        )  # fmt: skip
        _tell(run, work, operations.add_asset(work, told), "is in the register")


@app.command("list", cls=Command, epilog="longstop asset list")
@reading
def list_assets(run: Run) -> None:
    """The assets, by name."""
    from cli.render import Column
    from store.queries.assets import seen_assets

    with run.look() as work:
        documents = [_document(one) for one in seen_assets(work, run.person(work))]
    if run.as_json:
        run.answer("assets", items=documents)
        return
    columns = (
        Column("Name", is_fixed=False),
        Column("Kind"),
        Column("Whose"),
        Column("Agreements", is_fixed=False),
        Column("Licence until"),
    )
    rows = [
        (one["name"], one["kind"], one["ownership"], ", ".join(one["agreements"]), str(_until(one) or ""))
        for one in documents
    ]
    if rows:
        run.terminal.table(columns, rows)
    else:
        run.terminal.line("There are no assets.")


@app.command(cls=Command, epilog='longstop asset show "Billing source code"')
@reading
def show(run: Run, name: Name) -> None:
    """One asset."""
    from store.queries.assets import seen_asset

    with run.look() as work:
        document = _document(seen_asset(work, name, run.person(work)))
    if run.as_json:
        run.answer("asset", item=document)
        return
    whose = {"us": "ours", "them": "theirs", "third-party": "a third party's", "joint": "owned jointly"}
    run.terminal.line(f"{document['name']}: {document['kind']}, {whose[document['ownership']]}.")
    for title, said in (
        ("Covered by", ", ".join(document["agreements"]) or "no agreement"),
        ("Also has it", ", ".join(document["holders"])),
        ("Licence until", str(_until(document) or "")),
        ("Note", document["note"]),
    ):
        if said:
            run.terminal.line(f"  {title}: {said}")


@app.command(cls=Command, epilog='longstop asset amend "Map data" --licence-until 2028-06-30 --because "Renewed"')
@changing
def amend(
    run: Run,
    name: Name,
    because: Because,
    kind: Kind = "",
    ownership: Owned = "",
    agreement: Covers = None,
    holder: Holders = None,
    licence_from: From = "",
    licence_until: Until = "",
    note: Note = "",
) -> None:
    """Change facts of an asset; what is not said stays."""
    from dataclasses import replace

    from cli.acting import permitted
    from cli.choices import chosen
    from engine import operations
    from lifecycle.assets import AssetKind, Ownership
    from lifecycle.rights import Act
    from store.queries.assets import seen_asset

    with run.change() as work:
        permitted(run, work, Act.REGISTER)
        known = seen_asset(work, name, run.person(work)).asset
        changed = replace(
            known,
            kind=chosen(AssetKind, kind, "--kind") if kind else known.kind,
            ownership=chosen(Ownership, ownership, "--ownership") if ownership else known.ownership,
            holders=known.holders if holder is None else tuple(holder),
            licence=_licence(run, known.licence, licence_from, licence_until),
            agreements=known.agreements if agreement is None else _ids(run, work, agreement),
            note=note or known.note,
        )
        _tell(run, work, operations.change_asset(work, changed, because=because), "is changed")


def _ids(run: Run, work: Work, references: Iterable[str]) -> tuple[str, ...]:
    from cli.acting import queries

    return tuple(queries(run, work).agreement(one).id for one in references)


def _licence(run: Run, known: Licence | None, from_whom: str, until: str) -> Licence | None:
    from lifecycle.assets import Licence

    if not from_whom and not until:
        return known
    ends_on = run.day(until, "--licence-until") if until else known.ends_on if known else None
    return Licence(from_whom=from_whom or (known.from_whom if known else ""), ends_on=ends_on)


def _until(document: dict[str, Any]) -> Any:  # noqa: ANN401 - a day or None
    return document["licence"]["ends_on"] if document["licence"] else None


def _document(seen: SeenAsset) -> dict[str, Any]:
    """An asset for ``--json``; of agreements only those that may be seen."""
    asset, licence = seen.asset, seen.asset.licence
    return {
        "id": asset.id,
        "name": asset.name,
        "kind": asset.kind.value,
        "ownership": asset.ownership.value,
        "is_shared": asset.is_shared,
        "holders": list(asset.holders),
        "agreements": [one.reference for one in seen.agreements],
        "licence": {"from_whom": licence.from_whom or None, "ends_on": licence.ends_on} if licence else None,
        "note": asset.note or None,
    }


def _tell(run: Run, work: Work, asset: Asset, did: str) -> None:
    from store.queries.assets import seen_asset

    document = _document(seen_asset(work, asset.id, run.person(work)))
    if run.as_json:
        run.answer("asset", item=document)
    else:
        run.terminal.line(f"{asset.name} {did}.")
