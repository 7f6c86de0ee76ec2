"""The sheets of what a relationship is about: disclosures by reference, and assets with the agreements that cover them.

A disclosure is known by its day, what it was and to whom; a row that says the same again adds nothing. An asset is
known by its name: one that several agreements cover stands in a row for each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from engine.intake.cells import read_note, read_ownership, read_reference, read_text, read_words
from engine.intake.columns import ColumnPlan
from engine.intake.findings import Fault, Finding, Said, noted
from engine.intake.headers import plain
from engine.intake.import_map import DayOrder
from engine.intake.money import SaidMoney, read_currency, read_money, rounded
from engine.intake.rows import ReadRow, SheetReaders, read_rows, settled
from engine.intake.sides import lacking, read_every
from engine.intake.texts import CLEARED
from lifecycle.agreements.agreement import Money
from lifecycle.agreements.disclosures import Disclosure
from lifecycle.assets.asset import Asset, AssetKind, Licence, Ownership
from lifecycle.words import listed

_KINDS: Final = {plain(kind.value): kind for kind in AssetKind}
_LICENCE: Final = ("licence_from", "licence_until", "fee", "fee_due_on", "fee_every")


def _read_kind(text: str, _: str = "") -> Said:
    kind = _KINDS.get(plain(text))
    if kind:
        return Said(kind)
    message = "This kind of asset is not known: kept as know-how."
    return noted(AssetKind.KNOW_HOW, "unknown_kind", message, f"Write {listed(AssetKind)}.")


DISCLOSURES: Final = SheetReaders({"reference": read_reference, "what": read_text, "to": read_text}, days=("given_on",))
ASSETS: Final = SheetReaders(
    {
        "reference": read_reference,
        "name": read_text,
        "kind": _read_kind,
        "ownership": read_ownership,
        "holders": read_words,
        "licence_from": read_text,
        "fee": read_money,
        "currency": read_currency,
        "fee_every": read_every,
        "note": read_note,
    },
    days=("licence_until", "fee_due_on"),
    amounts=("fee",),
)


def disclosure_rows(plan: ColumnPlan, dates: DayOrder | None) -> tuple[ReadRow, ...]:
    """The rows of a sheet of disclosures, with what each lacks among its findings."""
    return _rows(plan, DISCLOSURES, dates, ("what", "given_on"))


def asset_rows(plan: ColumnPlan, dates: DayOrder | None) -> tuple[ReadRow, ...]:
    """The rows of a sheet of assets, with what each lacks among its findings."""
    return _rows(plan, ASSETS, dates, ("name",))


def merged_disclosures(
    rows: Iterable[ReadRow], known: Sequence[Disclosure], today: date | None
) -> tuple[tuple[Disclosure, ...], tuple[Finding, ...]]:
    """*known* with what *rows* say and nobody knew yet; and what is wrong: nothing is given on a day to come."""
    result, findings = list(known), []
    for row in rows:
        given_on, what, to = row.fields["given_on"], row.fields["what"], row.fields.get("to")
        if today is not None and given_on > today:
            fault = Fault("not_yet", f"{given_on} has not come yet.", "Record it when it was given.")
            findings.append(row.finding("given_on", fault))
        elif not any(_is_same(one, given_on, what, to) for one in result):
            whom = to if isinstance(to, str) else ""
            result.append(Disclosure(id=f"d{len(result) + 1}", given_on=given_on, what=what, to=whom))
    return tuple(result), tuple(findings)


def said_of_disclosure(one: Disclosure) -> dict[str, Any]:
    """What a row would say of a disclosure."""
    return {"given_on": one.given_on, "what": one.what, "to": one.to}


def merged_asset(row: ReadRow, known: Asset | None) -> tuple[Asset, tuple[Finding, ...]]:
    """*known*, or a new asset, with what *row* says laid over it; and what is wrong with the row."""
    fields, findings = row.fields, []
    base = known or Asset(id="", name=fields["name"], kind=AssetKind.KNOW_HOW)
    empty: dict[str, Any] = {"kind": AssetKind.KNOW_HOW, "ownership": Ownership.US, "holders": (), "note": ""}
    said = {name: value for name in empty if (value := fields.get(name)) is not None}
    changes = {name: empty[name] if value is CLEARED else value for name, value in said.items()}
    licence, fault = _licence(row, base.licence)
    if fault is not None:
        findings.append(row.finding("fee", fault))
    return replace(base, **changes, licence=licence), tuple(findings)


def said_of_asset(asset: Asset) -> dict[str, Any]:
    """What a row would say of an asset."""
    licence = asset.licence or Licence()
    return {
        "name": asset.name,
        "kind": asset.kind,
        "ownership": asset.ownership,
        "holders": "; ".join(asset.holders),
        "licence_from": licence.from_whom,
        "licence_until": licence.ends_on,
        "fee": licence.fee.amount if licence.fee else None,
        "currency": licence.fee.currency if licence.fee else "",
        "fee_due_on": licence.fee_due_on,
        "fee_every": str(licence.fee_every) if licence.fee_every else "",
        "note": asset.note,
    }


def _rows(plan: ColumnPlan, known: SheetReaders, dates: DayOrder | None, needs: tuple[str, ...]) -> tuple[ReadRow, ...]:
    rows = tuple(read_rows(settled(plan, known, dates), known, {}))
    for row in rows:
        row.findings.extend(lacking(row, needs))
    return rows


def _is_same(one: Disclosure, given_on: date, what: str, to: object) -> bool:
    whom = one.to if to is None else "" if to is CLEARED else str(to)
    same_what = one.what.casefold() == what.casefold() and one.to.casefold() == whom.casefold()
    return one.counts and one.given_on == given_on and same_what


def _licence(row: ReadRow, known: Licence | None) -> tuple[Licence | None, Fault | None]:
    fields = row.fields
    if not any(name in fields for name in _LICENCE):
        return known, None
    base = known or Licence()
    fee, fault = _fee(fields.get("fee"), fields.get("currency"), base.fee)
    made = Licence(
        from_whom=_or("", fields.get("licence_from"), base.from_whom),
        ends_on=_or(None, fields.get("licence_until"), base.ends_on),
        fee=fee,
        fee_due_on=_or(None, fields.get("fee_due_on"), base.fee_due_on),
        fee_every=_or(None, fields.get("fee_every"), base.fee_every),
    )
    return (None if made == Licence() else made), fault


def _or(empty: Any, said: Any, known: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    """What a cell said: nothing leaves what is known, a word that clears takes it away."""
    return known if said is None else empty if said is CLEARED else said


def _fee(said: object, currency: object, known: Money | None) -> tuple[Money | None, Fault | None]:
    if said is CLEARED:
        return None, None
    if not isinstance(said, SaidMoney):
        return known, None
    code = said.currency or (currency if isinstance(currency, str) else "") or (known.currency if known else "")
    if not code:
        remedy = "Write EUR 1,200, or add a currency."
        return known, Fault("currency_missing", "An amount of which money?", remedy)
    return Money(rounded(said.amount, code), code), None
