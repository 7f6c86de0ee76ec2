"""Assets: what is worth protecting in a relationship, whose it is, who has it, and until when we may use it.

What a licence asks for, its renewal and its fee, are obligations of an agreement that covers the asset; they are named
after it and follow its facts.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from lifecycle.agreements.agreement import Money
from lifecycle.days.periods import Period
from lifecycle.obligations.duties import Due, Obligation, ObligationKind, Once, Recurrence

RENEW_LICENCE: Final = "Renew or replace the licence of"  # how the name of this obligation begins
_PREFIX: Final = "asset."  # of the ids of the obligations that follow from assets
_LICENCE: Final = "licence"


class AssetKind(StrEnum):
    """What sort of thing it is."""

    SOURCE_CODE = "source-code"
    DATA = "data"
    PROCESS = "process"
    TRADE_SECRET = "trade-secret"  # noqa: S105 - the name of a kind
    PATENT = "patent"
    TRADEMARK = "trademark"
    COPYRIGHT = "copyright"
    KNOW_HOW = "know-how"


class Ownership(StrEnum):
    """Whose it is."""

    US = "us"
    THEM = "them"
    THIRD_PARTY = "third-party"
    JOINT = "joint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Under what we use what is not ours; *ends_on* None: without end. *fee_every* None: the fee is paid once."""

    from_whom: str = ""
    ends_on: date | None = None
    fee: Money | None = None
    fee_due_on: date | None = None
    fee_every: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One thing of value. *agreements* are the ids of those that cover it, *holders* who has it besides ourselves."""

    id: str
    name: str
    kind: AssetKind
    ownership: Ownership = Ownership.US
    holders: tuple[str, ...] = ()
    licence: Licence | None = None
    agreements: tuple[str, ...] = ()
    note: str = ""
    retired_because: str = ""  # it is kept, and no longer one of ours to watch

    @property
    def is_retired(self) -> bool:
        """Whether it is no longer watched."""
        return bool(self.retired_because)

    @property
    def is_shared(self) -> bool:
        """Whether others have a say in it: it belongs to a third party, or to several."""
        return self.ownership in {Ownership.THIRD_PARTY, Ownership.JOINT}


def prefix_of(asset_id: str) -> str:
    """How the ids of the obligations of an asset begin."""
    return f"{_PREFIX}{asset_id}."


def is_of_asset(obligation: Obligation) -> bool:
    """Whether an obligation follows from an asset."""
    return obligation.id.startswith(_PREFIX)


def renews_licence(subject: str) -> bool:
    """Whether the obligation with this id is to renew or replace the licence of an asset."""
    return subject.startswith(_PREFIX) and subject.endswith(f".{_LICENCE}")


def licence_duties(asset: Asset) -> tuple[Obligation, ...]:
    """What its licence asks for: to be renewed or replaced by its last day, to be paid for until then."""
    licence = asset.licence
    if licence is None or asset.is_retired:
        return ()
    found = []
    if licence.ends_on is not None:
        name = f"{RENEW_LICENCE} {asset.name}"
        found.append(_duty(asset, _LICENCE, ObligationKind.DUTY, name, Once(licence.ends_on)))
    if licence.fee_due_on is not None:
        every = licence.fee_every
        due = Once(licence.fee_due_on) if every is None else Recurrence(every, licence.fee_due_on, first=0)
        found.append(_duty(asset, "fee", ObligationKind.FEE, f"Pay the licence fee of {asset.name}", due))
    return tuple(found)


def _duty(asset: Asset, what: str, kind: ObligationKind, name: str, due: Due) -> Obligation:
    ends_on = asset.licence.ends_on if asset.licence and kind is ObligationKind.FEE else None
    return Obligation(id=f"{prefix_of(asset.id)}{what}", kind=kind, name=name, due=due, ended_on=ends_on)
