"""The terms of an agreement: which day is the first, which the last, how many there are.

Terms tile: each begins the day after the last. Their last days follow from the ``Course`` of the terms.
"""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from lifecycle.counting.seeking import first_number, mean_days
from lifecycle.errors import DayOutOfRange, NoSuchTerm
from lifecycle.terms.bounds import Bound
from lifecycle.terms.course import course
from lifecycle.terms.provisions import RenewalKind, Terms

_ONE_DAY = timedelta(days=1)


class Term(NamedTuple):
    """One run of the agreement, first and last day inside; *last_on* None: open-ended, or not known yet."""

    number: int
    first_on: date
    last_on: date | None

    @property
    def expires_on(self) -> date | None:
        """The day on which expiry takes effect: the day after the last."""
        return self.last_on and self.last_on + _ONE_DAY


def initial_end(terms: Terms) -> Bound:
    """What is known of the last day of term 0; facts that are awaited are named."""
    return course(terms).bound


def last_number(terms: Terms) -> int | None:
    """The number of the last term that is certain to come if nobody acts; None: there is no last one."""
    last = last_certain(terms)
    if terms.ended is None or initial_end(terms).last_on is None:
        return last
    return number_on(terms, terms.ended.last_on, last)


def last_term(terms: Terms) -> Term | None:
    """The last term that is certain to come if nobody acts; None where there is no last one."""
    number = last_number(terms)
    return None if number is None else term(terms, number)


def most_terms(terms: Terms) -> int | None:
    """The number of the last term that may ever come, renewals that are still open included; None: no last one."""
    return course(terms).most


def last_certain(terms: Terms) -> int | None:
    """As ``most_terms``, less the renewals that somebody still has to bring about; no matter what ended early."""
    most = most_terms(terms)
    if terms.renewal.kind in {RenewalKind.AUTOMATIC, RenewalKind.NEVER}:
        return most
    certain = max(terms.renewed_to, max((each.number for each in terms.extensions), default=0))
    return certain if most is None else min(certain, most)


def may_renew(terms: Terms, number: int) -> bool:
    """Whether another term may follow term *number*, as it was agreed; only a term with a known end is followed."""
    if terms.renewal.kind is RenewalKind.NEVER:
        return False
    known = initial_end(terms)
    most = terms.renewal.most
    return (known.last_on or known.not_before_on) is not None and (most is None or number < most)


def term(terms: Terms, number: int) -> Term:
    """Term *number*, cut short by ``terms.ended``.

    Raises NoSuchTerm beyond the last renewal, or beyond one that is not yet certain; DayOutOfRange after 2200.
    """
    last = last_number(terms)
    if number < 0 or (last is not None and number > last):
        raise NoSuchTerm(number, last or 0)
    return _cut(terms, prospective(terms, number))


def prospective(terms: Terms, number: int) -> Term:
    """Term *number* as it was agreed, or as it would be if the agreement renewed so often.

    Neither an end that has come early nor a renewal that is not yet certain matters. Raises NoSuchTerm beyond the
    most renewals that are possible.
    """
    most = most_terms(terms)
    if number < 0 or (most is not None and number > most):
        raise NoSuchTerm(number, most or 0)
    counted = course(terms)
    if number == 0:
        return Term(0, terms.effective_on, counted.last_on(0) if counted.bound.last_on else None)
    return Term(number, counted.last_on(number - 1) + _ONE_DAY, counted.last_on(number))


def term_on(terms: Terms, day: date) -> Term | None:
    """The term that is running on *day*; None before the first, after the last, and after the end."""
    if day < terms.effective_on or (terms.ended is not None and day > terms.ended.last_on):
        return None
    if initial_end(terms).last_on is None:
        return term(terms, 0)
    last = last_certain(terms)
    number = number_on(terms, day, last)
    return None if last is not None and number == last and day > course(terms).last_on(last) else term(terms, number)


def number_near(terms: Terms, day: date) -> int:
    """A guess at the number of the term that runs on *day*, from the mean length of a renewal; for searches."""
    counted = course(terms)
    anchor = counted.extensions[-1] if counted.extensions else None
    anchor_on = anchor.last_on if anchor else counted.bound.last_on
    if anchor_on is None or counted.renewal is None or day <= anchor_on:
        return 0
    length = mean_days(counted.renewal) or 1.0
    return (anchor.number if anchor else 0) + 1 + int((day - anchor_on).days / length)


def count(terms: Terms, first_number: int = 0) -> Iterator[Term]:
    """The terms from *first_number* on, one at a time; the last is the last one, or the last that ends by 2200."""
    last = last_number(terms)
    for number in itertools.count(first_number) if last is None else range(first_number, last + 1):
        try:
            yield _cut(terms, prospective(terms, number))
        except (NoSuchTerm, DayOutOfRange):
            return


def _cut(terms: Terms, uncut: Term) -> Term:
    if terms.ended is None or (uncut.last_on is not None and uncut.last_on <= terms.ended.last_on):
        return uncut
    return Term(uncut.number, uncut.first_on, terms.ended.last_on)


def number_on(terms: Terms, day: date, last: int | None) -> int:
    """The number of the term that holds *day*; the *last* one for a day after it."""
    found = first_number(course(terms).last_on, day, guess=number_near(terms, day), high=last)
    return found if last is None else min(found, last)
