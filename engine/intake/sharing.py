"""Rows that say the same from the same days on: one value, beside which what follows from it is found once.

Registers repeat themselves: the same form, signed on the same day. The value lives as long as one import.
"""

from dataclasses import replace
from typing import Final

from engine.intake.ends import FirstDays
from lifecycle.terms.provisions import Provisions

_MOST: Final = 1 << 13


class Sharing:
    """The provisions that were made so far, by what they say and from when."""

    def __init__(self) -> None:
        self._known: dict[tuple[Provisions, FirstDays], Provisions] = {}

    def __call__(self, provisions: Provisions, days: FirstDays) -> Provisions:
        """Provisions equal to these, the same object for the same days."""
        known = self._known.get((provisions, days))
        if known is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[provisions, days] = replace(provisions)
        return known
