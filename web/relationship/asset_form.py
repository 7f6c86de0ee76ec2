"""The form of an asset: its fields, filled with what is known, and the asset that they make."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.intake.money import money_said
from lifecycle.assets.asset import Asset, AssetKind, Licence, Ownership
from notifiers.wording import amount
from web.agreements.said import Said
from web.frame.words import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecycle.agreements.agreement import Agreement, Money

KINDS: Final = tuple((one.value, readable(one.value)) for one in AssetKind)
OWNERS: Final = (
    (Ownership.US.value, "Us"),
    (Ownership.THEM.value, "Them"),
    (Ownership.THIRD_PARTY.value, "A third party"),
    (Ownership.JOINT.value, "Several, jointly"),
)
_LICENCE: Final = ("licence_from", "licence_until", "fee", "fee_due_on", "fee_every")


def filled_in(asset: Asset, seen: Iterable[Agreement]) -> dict[str, str]:
    """What stands in the form of a known asset; of its agreements those that may be seen."""
    licence = asset.licence or Licence()
    return {
        "name": asset.name,
        "kind": asset.kind.value,
        "ownership": asset.ownership.value,
        "agreements": "; ".join(one.reference for one in seen),
        "holders": "; ".join(asset.holders),
        "licence_from": licence.from_whom,
        "licence_until": licence.ends_on.isoformat() if licence.ends_on else "",
        "fee": amount(licence.fee) if licence.fee else "",
        "fee_due_on": licence.fee_due_on.isoformat() if licence.fee_due_on else "",
        "fee_every": str(licence.fee_every) if licence.fee_every else "",
        "note": asset.note,
    }


def made_of(texts: Mapping[str, str], known: Asset | None, agreements: tuple[str, ...]) -> Asset:
    """The asset that a form says, covered by *agreements* (their ids). Raises FormRefused with all that is wrong."""
    said = Said(texts)
    name = said.text("name", missing="Say in a few words what it is.")
    kind, ownership = said.text("kind"), said.text("ownership")
    if kind not in set(AssetKind):
        said.errors["kind"] = "Choose one of them."
    if ownership not in set(Ownership):
        said.errors["ownership"] = "Choose one of them."
    licence = _licence(said)
    said.check()
    base = known or Asset(id="", name=name, kind=AssetKind(kind))
    return replace(
        base,
        name=name,
        kind=AssetKind(kind),
        ownership=Ownership(ownership),
        holders=words(said.text("holders")),
        licence=licence,
        agreements=agreements,
        note=said.text("note"),
    )


def words(text: str) -> tuple[str, ...]:
    """Several names with ; between them, each once."""
    names = (" ".join(name.split()) for name in text.split(";"))
    return tuple(dict.fromkeys(name for name in names if name))


def _licence(said: Said) -> Licence | None:
    if not any(said.text(name) for name in _LICENCE):
        return None
    return Licence(
        from_whom=said.text("licence_from"),
        ends_on=said.day("licence_until"),
        fee=_fee(said),
        fee_due_on=said.day("fee_due_on"),
        fee_every=said.length("fee_every"),
    )


def _fee(said: Said) -> Money | None:
    text = said.text("fee")
    found = money_said(text) if text else None
    if text and found is None:
        said.errors["fee"] = "Write an amount with its currency, such as EUR 1,200."
    return found
