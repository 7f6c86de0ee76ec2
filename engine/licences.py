"""What licences of assets ask for, as obligations of the agreement that answers for the asset.

An asset is answered for by one of the agreements that cover it: what is in force before what is over, a licence before
any other, else the first that was named. Where facts of the asset change, its obligations follow: new ones are added,
changed ones amended, others dropped; those of other assets are left alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lifecycle.agreement import AgreementKind
from lifecycle.amending import said
from lifecycle.assets import licence_duties, prefix_of
from lifecycle.events import FieldChange, ObligationAdded, ObligationAmended, ObligationEnded
from lifecycle.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.monitor import Work
    from lifecycle.agreement import Agreement
    from lifecycle.assets import Asset
    from lifecycle.events import Event
    from lifecycle.obligations import Obligation

_BECAUSE: Final = "its asset has changed"


def keep_in_step(work: Work, asset: Asset, before: Asset | None = None) -> None:
    """Let the obligations of *asset* follow its facts; *before* is as it was known until now."""
    ids = dict.fromkeys((*asset.agreements, *(before.agreements if before else ())))
    known = work.agreements.many(ids)
    home = _home([known[one] for one in asset.agreements if one in known])
    for agreement in known.values():
        _owe(work, agreement, asset, licence_duties(asset) if agreement is home else ())


def _home(covering: list[Agreement]) -> Agreement | None:
    live = [one for one in covering if not one.is_archived]
    return min(live, key=lambda one: (one.status is Status.ENDED, one.kind is not AgreementKind.LICENCE), default=None)


def _owe(work: Work, agreement: Agreement, asset: Asset, wanted: tuple[Obligation, ...]) -> None:
    """Make *wanted* what *agreement* owes for an asset; the same is no event and no version."""
    prefix = prefix_of(asset.id)
    old = {one.id: one for one in agreement.obligations if one.id.startswith(prefix)}
    kept = {one.id: replace(one, owner_id=old[one.id].owner_id) if one.id in old else one for one in wanted}
    if old == kept:
        return
    stays = tuple(kept.get(one.id, one) for one in agreement.obligations if one.id in kept or one.id not in old)
    new = tuple(one for one in kept.values() if one.id not in old)
    changed = replace(agreement, obligations=(*stays, *new), version=agreement.version + 1)
    work.agreements.save(changed)
    for event in _events(work, agreement, old, kept):
        work.record(event)


def _events(
    work: Work, agreement: Agreement, old: dict[str, Obligation], kept: dict[str, Obligation]
) -> Iterator[Event]:
    about = {"agreement_id": agreement.id}
    for one in kept.values():
        was = old.get(one.id)
        if was is None:
            yield ObligationAdded(**about, obligation_id=one.id, name=one.name, kind=one.kind.value)
        elif was != one:
            changes = tuple(
                FieldChange(name, said(getattr(was, name)), said(getattr(one, name)))
                for name in ("name", "due", "ended_on")
                if getattr(was, name) != getattr(one, name)
            )
            yield ObligationAmended(**about, obligation_id=one.id, because=_BECAUSE, changes=changes)
    for one in old.values():
        if one.id not in kept:
            yield ObligationEnded(**about, obligation_id=one.id, on=work.today(agreement), because=_BECAUSE)
