"""Who may change an asset: whoever may change every agreement that covers it (INTERFACE.md section 6, R2).

An asset that no agreement covers is nobody's own: it is for those who may change every agreement. Agreements that
somebody may not see stay with the asset whatever they say of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.standing import standing
from lifecycle.rights import Act, Standing, is_inside, may, require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.monitor import Work
    from lifecycle.assets.asset import Asset
    from lifecycle.people import Person


def must_be_theirs(work: Work, person: Person | None, *agreement_ids: Iterable[str]) -> None:
    """Raises Forbidden unless *person* may change what all these agreements cover; None is the operator."""
    if person is not None:
        require(person, Act.REGISTER, _standing(work, person, agreement_ids))


def may_change(work: Work, person: Person, asset: Asset) -> bool:
    """Whether *person* may change an asset."""
    return may(person.role, Act.REGISTER, _standing(work, person, [asset.agreements]))


def covering(work: Work, person: Person | None, asset: Asset, chosen: Iterable[str]) -> tuple[str, ...]:
    """The agreements that cover it when *person* has *chosen* some: those that they cannot see stay."""
    known = work.agreements.many(asset.agreements)
    unseen = (one.id for one in known.values() if person is not None and not is_inside(person, one))
    return tuple(dict.fromkeys((*chosen, *unseen)))


def _standing(work: Work, person: Person, agreement_ids: Iterable[Iterable[str]]) -> Standing:
    known = work.agreements.many(one for some in agreement_ids for one in some).values()
    return Standing(is_own=bool(known) and all(standing(work, person, one).is_own for one in known))
