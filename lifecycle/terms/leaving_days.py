"""The coming ends of an agreement that notice may end on set days only, each with the last safe day for it.

"Three months to the end of a calendar quarter": each quarter's end has a day by which notice must leave. Whoever lets
it go by is bound until the next end. Ends are calendar days, so they need no anchor and never drift; they are found by
counting the notice on from a day and made one at a time.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import partial
from typing import Final, NamedTuple

from lifecycle.counting.derivation import Clause, DerivationStep, Reading, Source
from lifecycle.days.dates import after
from lifecycle.errors import DayOutOfRange
from lifecycle.terms.course import course
from lifecycle.terms.leaving import END_WORDS, next_end
from lifecycle.terms.provisions import EndsAt, ForConvenience, Terms
from lifecycle.terms.reckoning import Reckoning, counted_back
from lifecycle.terms.renewals import initial_end, last_certain

SET_DAYS: Final = frozenset({EndsAt.MONTH_END, EndsAt.QUARTER_END, EndsAt.HALF_YEAR_END, EndsAt.YEAR_END})
LEAVING_END: Final = "leaving-end"
_ONE_DAY: Final = timedelta(days=1)
_MARGIN: Final = timedelta(days=31)  # more than rolls and readings of a notice ever differ by


class WayOut(NamedTuple):
    """One end that notice may still bring about: *last_on* would be the last day in force.

    *reading* says by when notice must leave, *cutoff* stands beside that day, in the agreement's zone.
    """

    last_on: date
    reading: Reading
    target_on: date
    cutoff: time | None = None
    clause: Clause | None = None

    @property
    def cycle(self) -> str:
        """``2026-06-30``: the end itself, which never moves."""
        return self.last_on.isoformat()

    @property
    def expires_on(self) -> date:
        """The first day on which it is over."""
        return self.last_on + _ONE_DAY


def ways_out(terms: Terms, leave: ForConvenience, from_on: date, by: Reckoning) -> Iterator[WayOut]:
    """The ends that notice under *leave* can be argued to reach on *from_on* or later, earliest first.

    None where it may end on any day or with a term, where its end is settled, and from the last day that is agreed.
    """
    if leave.ends not in SET_DAYS or terms.ended is not None:
        return
    from_on, agreed_on = max(from_on, terms.effective_on), _agreed_end(terms)
    try:
        noticed_on = after(from_on, leave.period, calendar=by.calendar) - _MARGIN
        last_on = next_end(terms, leave, max(noticed_on, from_on, leave.not_before_on or from_on))
        while agreed_on is None or last_on < agreed_on:
            found = way_out(leave, last_on, by)
            if found.reading.latest_on >= from_on:
                yield found
            last_on = next_end(terms, leave, last_on + _ONE_DAY)
    except DayOutOfRange:
        return


def way_out(leave: ForConvenience, last_on: date, by: Reckoning) -> WayOut:
    """By when notice under *leave* must be given so that *last_on*, one of its days, is the last in force."""
    reading, target_on = counted_back(leave, [(last_on, partial(_step, leave, last_on))], by)
    method = leave.method or by.method
    cutoff = method.cutoff if method else None
    return WayOut(last_on, reading, target_on, cutoff, leave.clause)


def _step(leave: ForConvenience, last_on: date) -> DerivationStep:
    inputs = (("ends", leave.ends.value),)
    text = f"the {END_WORDS[leave.ends]}, on which notice may end it"
    return DerivationStep(LEAVING_END, last_on, last_on, inputs, text, Source.AGREEMENT, leave.clause)


def _agreed_end(terms: Terms) -> date | None:
    """The last day of the last term that is certain; None where it goes on."""
    number = last_certain(terms)
    if number is None or initial_end(terms).last_on is None:
        return None
    return course(terms).last_on(number)
