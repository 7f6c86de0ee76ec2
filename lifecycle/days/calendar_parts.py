"""What a business calendar is made of: holidays, weekends, the way of joining, and where all that comes from."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Joint(StrEnum):
    """How several calendars make one."""

    ALL_OPEN = "all-open"  # a business day where all are open
    ANY_OPEN = "any-open"  # a business day where any is open


@dataclass(frozen=True, slots=True)
class Weekend:
    """The days of the week that are off (Monday is 0), from *since_on* until the next era begins."""

    days: frozenset[int]
    since_on: date = date.min

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", frozenset(self.days))


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """A day on which business rests; *estimated* where it hangs on the sight of the moon."""

    on: date
    name: str
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which calendar was used: its code, whose it is, in which version, the digest of its days, its cover."""

    code: str
    source: str
    version: str
    digest: str
    first_on: date
    last_on: date
