"""What was handed over under the demo's NDAs: assets, disclosures in time and too early, and where an original lies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine import operations
from lifecycle.agreements.documents import Purpose
from lifecycle.assets.asset import Asset, AssetKind, Ownership

if TYPE_CHECKING:
    from cli.demo.sample import Shelf, Then
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement

_DRIVER = Asset(
    id="", name="Sensor driver", kind=AssetKind.SOURCE_CODE, holders=("Acme Labs GmbH",), note="Release 4.2."
)
_MODEL = Asset(id="", name="Fault model", kind=AssetKind.KNOW_HOW, ownership=Ownership.JOINT)


def in_confidence(shelf: Shelf) -> tuple[Then, ...]:
    """Two assets under an NDA, one of them given away, and the signed paper."""

    def assets(work: Work, known: Agreement) -> None:
        for one in (_DRIVER, _MODEL):
            operations.add_asset(work, replace(one, agreements=(known.id,)))

    def code(work: Work, known: Agreement) -> None:
        driver = work.assets.named(_DRIVER.name)
        asset_id = driver.id if driver else None
        operations.disclose(work, known, given_on=shelf.ago(months=7), to="Jana Roth", asset_id=asset_id)

    def drawings(work: Work, known: Agreement) -> None:
        operations.disclose(work, known, given_on=shelf.ago(months=2), what="Wiring of the test bench", to="Jana Roth")

    def paper(work: Work, known: Agreement) -> None:
        link = "https://files.hallingdal.example/nda-014-signed.pdf"
        given = operations.Given(
            name="nda-014-signed.pdf", link=link, held_by="Legal, safe 2", purpose=Purpose.ORIGINAL
        )
        operations.keep_document(work, known, given)

    return assets, code, drawings, paper


def too_early(shelf: Shelf) -> Then:
    """Somebody talked before it was signed."""

    def talked(work: Work, known: Agreement) -> None:
        operations.disclose(work, known, given_on=shelf.ago(days=6), what="Roadmap of the optics", to="Luc Bernard")

    return talked
