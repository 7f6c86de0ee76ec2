"""Until when something confidential is protected, by which agreement, and what protects it no longer.

An agreement protects while it is in force and as long as its confidentiality survives. A renewal that nobody has
stopped goes on. We rely on a survival until its safe day, no longer (DATES.md S2). What nobody has signed protects
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lifecycle.agreements.agreement import Agreement, terms_of
from lifecycle.agreements.disclosures import days_given
from lifecycle.agreements.status import UNSIGNED
from lifecycle.terms.provisions import Terms
from lifecycle.terms.renewals import initial_end, last_number, term
from lifecycle.terms.survivals import SurvivalEnd, survival_ends


@dataclass(frozen=True, slots=True)
class Protection:
    """*by* is the reference of the agreement that protects longest; *until_on* None: nobody knows an end."""

    by: str
    until_on: date | None

    def holds(self, on: date) -> bool:
        """Whether it still protects on a day."""
        return self.until_on is None or on <= self.until_on


def protection_by(agreement: Agreement, place: int | None = None) -> Protection | None:
    """How long *agreement* protects what is disclosed under it; of the disclosure at *place* by its own clock.

    None where it protects nothing: unsigned, or abandoned. Raises LifecycleError where its facts are impossible.
    """
    terms = terms_of(agreement)
    if terms is None or agreement.status in UNSIGNED:
        return None
    last_on = last_certain_day(terms)
    if last_on is None:
        return Protection(agreement.reference, None)
    ends = [one for one in survival_ends(terms, days_given(agreement.disclosures)) if one.disclosure in {None, place}]
    if any(_is_endless(one) for one in ends):
        return Protection(agreement.reference, None)
    known = (one.reading.safe_on for one in ends if one.reading is not None)
    return Protection(agreement.reference, max([last_on, *known]))


def longest(covering: Sequence[Agreement]) -> Protection | None:
    """The longest protection that any of these agreements gives; None where none of them protects."""
    found = [one for each in covering if (one := protection_by(each)) is not None]
    return max(found, key=lambda one: (one.until_on or date.max, one.by), default=None)


def last_certain_day(terms: Terms) -> date | None:
    """The last day on which it is in force; None where it goes on, or nobody knows until when."""
    if terms.ended is not None:
        return terms.ended.last_on
    number = last_number(terms)
    return None if number is None or initial_end(terms).last_on is None else term(terms, number).last_on


def _is_endless(one: SurvivalEnd) -> bool:
    return one.is_indefinite or (one.reading is None and bool(one.waiting_for))
