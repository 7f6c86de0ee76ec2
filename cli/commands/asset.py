"""``asset``: what is worth protecting, whose it is, and which agreements cover it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.licences import TypedLicence, licence_of
from cli.options import Because
from cli.protected import protected_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.assets.asset import Asset

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
Fee = Annotated[str, typer.Option(metavar="AMOUNT", help="What the licence costs: EUR 1,200.", show_default=False)]
FeeDue = Annotated[str, typer.Option(metavar="DATE", help="When the fee is first due.", show_default=False)]
FeeEvery = Annotated[str, typer.Option(metavar="PERIOD", help="How often it comes back.", show_default=False)]
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
    licence_fee: Fee = "",
    fee_due: FeeDue = "",
    fee_every: FeeEvery = "",
    note: Note = "",
) -> None:
    """Take an asset into the register."""
    from cli.choices import chosen
    from engine import operations
    from engine.asset_rights import must_be_theirs
    from lifecycle.assets.asset import Asset, AssetKind, Ownership

    licence = licence_of(run, None, TypedLicence(licence_from, licence_until, licence_fee, fee_due, fee_every))
    what, whose = chosen(AssetKind, kind, "--kind"), chosen(Ownership, ownership, "--ownership")
    with run.change() as work:
        ids = _ids(run, work, agreement or ())
        must_be_theirs(work, run.person(work), ids)
        told = Asset(
            id="", name=name, kind=what, ownership=whose, holders=tuple(holder or ()), licence=licence,
            agreements=ids, note=note,
        )  # fmt: skip
        _tell(run, work, operations.add_asset(work, told), "is in the register")


@app.command("list", cls=Command, epilog="longstop asset list")
@reading
def list_assets(run: Run) -> None:
    """The assets, by name."""
    from cli.render import Column
    from engine.documents.relationship import asset_document
    from store.queries.assets import seen_assets

    with run.look() as work:
        documents = [asset_document(one) for one in seen_assets(work, run.person(work))]
    if run.as_json:
        run.answer("assets", items=documents)
        return
    columns = (
        Column("Name", is_fixed=False),
        Column("Kind"),
        Column("Whose"),
        Column("Agreements", is_fixed=False),
        Column("Protected until"),
        Column("Licence until"),
    )
    rows = [
        (
            one["name"],
            one["kind"],
            one["ownership"],
            ", ".join(one["agreements"]),
            protected_words(one["protected"]),
            str((one["licence"] or {}).get("ends_on") or ""),
        )
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
    from engine.documents.relationship import asset_document
    from store.queries.assets import seen_asset

    with run.look() as work:
        document = asset_document(seen_asset(work, name, run.person(work)))
    if run.as_json:
        run.answer("asset", item=document)
        return
    whose = {"us": "ours", "them": "theirs", "third-party": "a third party's", "joint": "owned jointly"}
    run.terminal.line(f"{document['name']}: {document['kind']}, {whose[document['ownership']]}.")
    licence = document["licence"] or {}
    for title, said in (
        ("Covered by", ", ".join(document["agreements"]) or "no agreement"),
        ("Protected until", protected_words(document["protected"])),
        ("Also has it", ", ".join(document["holders"])),
        ("Licence from", licence.get("from_whom") or ""),
        ("Licence until", str(licence.get("ends_on") or "")),
        ("Fee due", str(licence.get("fee_due_on") or "")),
        ("Note", document["note"]),
        ("Retired", document["retired_because"]),
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
    licence_fee: Fee = "",
    fee_due: FeeDue = "",
    fee_every: FeeEvery = "",
    note: Note = "",
) -> None:
    """Change facts of an asset; what is not said stays."""
    from dataclasses import replace

    from cli.choices import chosen
    from engine import operations
    from engine.asset_rights import covering, must_be_theirs
    from lifecycle.assets.asset import AssetKind, Ownership
    from store.queries.assets import seen_asset

    said = TypedLicence(licence_from, licence_until, licence_fee, fee_due, fee_every)
    with run.change() as work:
        person = run.person(work)
        known = seen_asset(work, name, person).asset
        ids = known.agreements if agreement is None else covering(work, person, known, _ids(run, work, agreement))
        must_be_theirs(work, person, known.agreements, ids)
        changed = replace(
            known,
            kind=chosen(AssetKind, kind, "--kind") if kind else known.kind,
            ownership=chosen(Ownership, ownership, "--ownership") if ownership else known.ownership,
            holders=known.holders if holder is None else tuple(holder),
            licence=licence_of(run, known.licence, said),
            agreements=ids,
            note=note or known.note,
        )
        _tell(run, work, operations.change_asset(work, changed, because=because), "is changed")


@app.command(cls=Command, epilog='longstop asset retire "Map data" --because "We use it no longer"')
@changing
def retire(run: Run, name: Name, because: Because) -> None:
    """It is watched no longer; what its licence asked for is withdrawn."""
    from engine import operations
    from engine.asset_rights import must_be_theirs
    from store.queries.assets import seen_asset

    with run.change() as work:
        person = run.person(work)
        known = seen_asset(work, name, person).asset
        must_be_theirs(work, person, known.agreements)
        _tell(run, work, operations.retire_asset(work, known.id, because=because), "is watched no longer")


def _ids(run: Run, work: Work, references: Iterable[str]) -> tuple[str, ...]:
    from cli.acting import queries

    return tuple(queries(run, work).agreement(one).id for one in references)


def _tell(run: Run, work: Work, asset: Asset, did: str) -> None:
    from engine.documents.relationship import asset_document
    from store.queries.assets import seen_asset

    if run.as_json:
        run.answer("asset", item=asset_document(seen_asset(work, asset.id, run.person(work))))
    else:
        run.terminal.line(f"{asset.name} {did}{run.tried}.")
