"""How long something outlives an agreement, and from which day that is counted, in one cell.

"Five years from the date of disclosure" says two facts: the length, and the day that starts it.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from engine.intake.clause_words import anchor_named, of_survival
from engine.intake.findings import Said, refused
from engine.intake.headers import plain
from engine.intake.lengths import read_term
from lifecycle.days.dates import StatedPeriod
from lifecycle.terms.terms import Anchor
from lifecycle.words import listed

_KNOWN = {plain(anchor.value): anchor for anchor in Anchor}


class SaidSurvival(NamedTuple):
    """What one cell says, where it is more than a length."""

    stated: StatedPeriod
    anchor: Anchor

    def beside(self) -> Iterator[tuple[str, Any]]:
        """Columns and their values."""
        yield "survival_from", self.anchor


@lru_cache(maxsize=4096)
def read_survival(text: str, unit: str = "") -> Said:
    """A StatedPeriod, or a SaidSurvival where the day is said that it is counted from."""
    length, anchor = of_survival(" ".join(text.split()))
    said = read_term(length, unit)
    return said if anchor is None or said.fault is not None else Said(SaidSurvival(said.value, anchor))


def read_anchor(text: str, _: str = "") -> Said:
    """The day from which it is counted."""
    anchor = _KNOWN.get(plain(text)) or anchor_named(text)
    if anchor is not None:
        return Said(anchor)
    return refused("unknown_word", f"There is no day to count survival from {text[:60]}.", f"Write {listed(Anchor)}.")
