"""Terms whose last day was agreed by hand, found again when what comes before them has changed.

An extension was agreed for the term that began on a day. Where the initial term, or the length of a renewal, is
amended, that term may have another number: the day says which one it is. Extensions of old, which know no first day,
keep theirs.
"""

from dataclasses import replace
from datetime import timedelta

from lifecycle.errors import LifecycleError
from lifecycle.terms.provisions import Extension, Terms
from lifecycle.terms.renewals import most_terms, number_on

_ONE_DAY = timedelta(days=1)


def renumbered(terms: Terms) -> Terms:
    """*terms* with each extension at the term that begins on its first day, else at the next that begins after it.

    The last renewal that is certain moves with the extension that made it so.
    """
    if all(one.first_on is None for one in terms.extensions):
        return terms
    settled: tuple[Extension, ...] = ()
    renewed_to = terms.renewed_to
    for one in sorted(terms.extensions, key=lambda each: each.number):
        number = _number(replace(terms, extensions=settled), one)
        renewed_to = number if terms.renewed_to == one.number else renewed_to
        settled = (*settled, replace(one, number=number))
    return replace(terms, extensions=settled, renewed_to=renewed_to)


def _number(before: Terms, one: Extension) -> int:
    """Its number among the terms as they are *before* it; as it was where they are too broken to be counted."""
    if one.first_on is None:
        return one.number
    try:
        return number_on(before, one.first_on - _ONE_DAY, most_terms(before)) + 1
    except LifecycleError:
        return one.number
