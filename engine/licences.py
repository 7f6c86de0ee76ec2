"""What licences of assets ask for, as obligations of the agreement that answers for the asset.

An asset is answered for by one of the agreements that cover it: what is in force before what is over, a licence before
any other, else the first that was named. Where facts of the asset change, its obligations follow: new ones are added,
changed ones amended, others dropped; those of other assets are left alone. Where another agreement owes from now on, it
owes what is still to come; what was due before and is not done stays where it was due.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

from lifecycle.agreements.agreement import AgreementKind
from lifecycle.agreements.amending import said
from lifecycle.agreements.status import OVER
from lifecycle.assets.asset import licence_duties, prefix_of
from lifecycle.days.dates import after
from lifecycle.events import FieldChange, ObligationAdded, ObligationAmended, ObligationEnded
from lifecycle.obligations.duties import Once, Recurrence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.assets.asset import Asset
    from lifecycle.events import Event
    from lifecycle.obligations.duties import Due, Obligation

_BECAUSE: Final = "its asset has changed"


def keep_in_step(work: Work, asset: Asset, before: Asset | None = None) -> None:
    """Let the obligations of *asset* follow its facts; *before* is as it was known until now."""
    ids = dict.fromkeys((*asset.agreements, *(before.agreements if before else ())))
    known = work.agreements.many(ids)
    home = _home([known[one] for one in asset.agreements if one in known])
    is_moved = before is not None and not _owes(home, asset) and any(_owes(one, asset) for one in known.values())
    for agreement in known.values():
        if agreement is home:
            duties = licence_duties(asset)
            _owe(work, agreement, asset, _ahead(work, agreement, duties) if is_moved else duties)
        else:
            _owe(work, agreement, asset, _overdue(work, agreement, asset))


def _owes(agreement: Agreement | None, asset: Asset) -> bool:
    return agreement is not None and any(one.id.startswith(prefix_of(asset.id)) for one in agreement.obligations)


def follow_end(work: Work, agreement_id: str) -> None:
    """An agreement is over, aside, or back: another one that covers the asset may owe for it from now on."""
    for asset in work.assets.covered_by([agreement_id]):
        if asset.licence is not None and len(asset.agreements) > 1:
            keep_in_step(work, asset, asset)


def _home(covering: list[Agreement]) -> Agreement | None:
    live = [one for one in covering if not one.is_archived]
    return min(live, key=lambda one: (one.status in OVER, one.kind is not AgreementKind.LICENCE), default=None)


def _owe(work: Work, agreement: Agreement, asset: Asset, wanted: Iterable[Obligation]) -> None:
    """Make *wanted* what *agreement* owes for an asset; the same is no event and no version."""
    prefix = prefix_of(asset.id)
    old = {one.id: one for one in agreement.obligations if one.id.startswith(prefix)}
    kept = {one.id: _as_it_stands(one, old.get(one.id)) for one in wanted}
    if old == kept:
        return
    stays = tuple(kept.get(one.id, one) for one in agreement.obligations if one.id in kept or one.id not in old)
    new = tuple(one for one in kept.values() if one.id not in old)
    changed = replace(agreement, obligations=(*stays, *new), version=agreement.version + 1)
    work.agreements.save(changed)
    for event in _events(work, agreement, old, kept):
        work.record(event)


def _as_it_stands(wanted: Obligation, old: Obligation | None) -> Obligation:
    """What is wanted, with who was made responsible for it, and from where it goes on if it came from elsewhere."""
    if old is None:
        return wanted
    is_same = isinstance(wanted.due, Recurrence) and _began(wanted.due) == _began(old.due)
    return replace(wanted, owner_id=old.owner_id, due=old.due if is_same else wanted.due)


def _began(due: Due) -> Due:
    return replace(due, first=0) if isinstance(due, Recurrence) else due


def _ahead(work: Work, agreement: Agreement, duties: Iterable[Obligation]) -> Iterator[Obligation]:
    """What is still to come of duties that another agreement owed until now: what was due is not due again."""
    today, calendar = work.today(agreement), work.calendar(agreement.calendar)
    for one in duties:
        if isinstance(one.due, Recurrence):
            first = next(n for n in count() if after(one.due.anchor_on, one.due.every * n, calendar=calendar) >= today)
            yield replace(one, due=replace(one.due, first=first))
        elif not isinstance(one.due, Once) or one.due.on >= today:
            yield one


def _overdue(work: Work, agreement: Agreement, asset: Asset) -> Iterator[Obligation]:
    """What was due under an agreement that owes no more, and is not done: no other one owes it."""
    if asset.licence is None or agreement.id not in asset.agreements or not _owes(agreement, asset):
        return
    yesterday = work.today(agreement) - timedelta(days=1)
    rows = work.milestones.of(agreement.id)
    open_still = {row.key.subject for row in rows if row.is_live and row.safe_on <= yesterday}
    for one in agreement.obligations:
        if one.id.startswith(prefix_of(asset.id)) and one.id in open_still:
            yield one if one.ended_on else replace(one, ended_on=yesterday)


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
