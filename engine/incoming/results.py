"""What became of something that came in from outside, for whoever sent it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of something that came in."""

    APPLIED = "applied"
    ALREADY = "already"
    NOTED = "noted"
    STALE = "stale"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"  # there is no such thing, or it may not be seen
    REFUSED = "refused"  # a rule says no; the remedy says what is possible
    KEPT = "kept"  # not done yet: a job does it


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it, in sentences for whoever asked."""

    outcome: Outcome
    said: str
    remedy: str = ""
    is_repeat: bool = False  # the same came in before: nothing was done now
    at_field: str = ""  # of what was typed, where one is wrong and it is not the main one

    @property
    def is_good(self) -> bool:
        """It is as the person wanted, or is kept until it is."""
        return self.outcome in {Outcome.APPLIED, Outcome.ALREADY, Outcome.NOTED, Outcome.KEPT}
