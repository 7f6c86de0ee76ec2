"""Assets: what is worth protecting in a relationship, whose it is, who has it, and until when we may use it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lifecycle.agreement import Money


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
    """Under what we use what is not ours; *ends_on* None: without end."""

    from_whom: str = ""
    ends_on: date | None = None
    fee: Money | None = None
    fee_due_on: date | None = None


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

    @property
    def is_shared(self) -> bool:
        """Whether others have a say in it: it belongs to a third party, or to several."""
        return self.ownership in {Ownership.THIRD_PARTY, Ownership.JOINT}
