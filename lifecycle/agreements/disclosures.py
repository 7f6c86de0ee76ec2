"""Disclosures: confidential information handed over on a day, under an agreement that protects it.

They are only ever added: each has its own clock where the agreement says so, and its place in the list is part of the
name of that clock (``s1-d2``). One that was recorded by mistake stays as *withdrawn* and counts for nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lifecycle.words import spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What was handed over: *what* in words, or an asset of the register; *to* names who received it."""

    id: str  # d1, d2 ...
    given_on: date
    what: str
    to: str = ""
    asset_id: str | None = None
    withdrawn_because: str = ""
    return_requested_on: date | None = None  # when we asked to have it back

    @property
    def counts(self) -> bool:
        """Whether it was really given."""
        return not self.withdrawn_because


def days_given(disclosures: Sequence[Disclosure]) -> tuple[date | None, ...]:
    """The day of each, in its place; None for one that counts for nothing."""
    return tuple(one.given_on if one.counts else None for one in disclosures)


def unprotected(
    given_on: date, *, signed_on: date | None, effective_on: date | None, last_on: date | None
) -> str | None:
    """Why what is given on a day is not protected by an agreement with these days; None where it is.

    *last_on* None: it goes on, or nobody knows until when.
    """
    if signed_on is None and effective_on is None:
        return "It was given under an agreement that nobody has signed."
    if signed_on is not None and given_on < signed_on and (effective_on is None or given_on < effective_on):
        return f"It was given before the agreement was signed on {spoken(signed_on)}."
    if effective_on is not None and given_on < effective_on:
        return f"It was given before the agreement took effect on {spoken(effective_on)}."
    if last_on is not None and given_on > last_on:
        return f"It was given after the last day in force, {spoken(last_on)}."
    return None
