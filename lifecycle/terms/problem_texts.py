"""A problem is a value: a code for the machine, how bad it is, the field to mend, a sentence for people."""

from dataclasses import dataclass
from enum import StrEnum

from lifecycle.days.dates import Period


class ProblemKind(StrEnum):
    """What a problem does to the terms."""

    IMPOSSIBLE = "impossible"  # refuses them
    CONTRADICTION = "contradiction"  # refuses them, unless accepted with a reason
    REMARK = "remark"  # only shows


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; *field* is the name of a field of Terms, with the place in a list: ``notices[0]``."""

    code: str
    kind: ProblemKind
    field: str
    text: str


def impossible(code: str, field: str, text: str) -> Problem:
    return Problem(code, ProblemKind.IMPOSSIBLE, field, text)


def contradiction(code: str, field: str, text: str) -> Problem:
    return Problem(code, ProblemKind.CONTRADICTION, field, text)


def remark(code: str, field: str, text: str) -> Problem:
    return Problem(code, ProblemKind.REMARK, field, text)


def possessive(period: Period) -> str:
    """``60 days'``, ``1 month's``."""
    words = str(period)
    return f"{words}'" if words.endswith("s") else f"{words}'s"


def pair(one: Period, other: Period) -> tuple[str, str]:
    """Both in words; the first without its unit where it is that of the second: ``30``, ``60 days``."""
    number, _, unit = str(one).partition(" ")
    same = unit.removesuffix("s") == str(other).partition(" ")[2].removesuffix("s")
    return (number if same else str(one)), str(other)
