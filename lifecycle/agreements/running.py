"""Where an agreement stands on a day: the last day of the term that runs then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.agreements.agreement import terms_of
from lifecycle.errors import LifecycleError
from lifecycle.terms.renewals import last_term, term_on

if TYPE_CHECKING:
    from datetime import date

    from lifecycle.agreements.agreement import Agreement


def last_day_of(agreement: Agreement, today: date) -> date | None:
    """The last day of the term that runs on *today*, or of the first, or of the last where all are over.

    None where nobody knows one.
    """
    try:
        terms = terms_of(agreement)
        if terms is None:
            return None
        if terms.ended is not None:
            return terms.ended.last_on
        running = term_on(terms, max(today, terms.effective_on)) or last_term(terms)
    except LifecycleError:
        return None
    return running.last_on if running else None
