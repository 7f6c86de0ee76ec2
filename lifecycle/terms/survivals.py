"""What outlives an agreement, and until when: surviving duties and restrictions.

A clock runs from the day that its clause names, or from each disclosure. Two readings are admissible, the same day so
and so long after, and the last day of a period that begins the day after; they part at the ends of months. We *rely*
on a duty until the safe day and are *bound* by it until the latest one. Nothing here rolls: these days are markers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lifecycle.counting.derivation import DerivationStep, Reading, Source
from lifecycle.counting.told import Told
from lifecycle.days.dates import Period, after, last_day
from lifecycle.terms.provisions import Anchor, Restriction, Side, Survival, Terms
from lifecycle.terms.renewals import initial_end, last_number, number_on
from lifecycle.terms.term_readings import end_reading
from lifecycle.terms.term_steps import worded
from lifecycle.words import spoken

_ONE_DAY = timedelta(days=1)
_UNKNOWN_END = "the last day of the agreement"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalEnd:
    """Until when a surviving duty binds; *index* is its place among the survivals of the terms.

    *reading* is None where the duty *is_indefinite* or a fact is awaited. *disclosure* is the place of the disclosure
    whose clock it is.
    """

    index: int
    duty: str
    reading: Reading | None = None
    is_indefinite: bool = False
    indefinite_for: tuple[str, ...] = ()  # stays when the dated part is over
    disclosure: int | None = None
    waiting_for: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """``s1``; of a disclosure's own clock ``s1-d2``."""
        return _subject("s", self.index, self.disclosure)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionEnd:
    """Until when a restriction binds; as ``SurvivalEnd``."""

    index: int
    kind: str
    binds: Side
    reading: Reading | None = None
    disclosure: int | None = None
    waiting_for: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """``r1``; of a disclosure's own clock ``r1-d2``."""
        return _subject("r", self.index, self.disclosure)


@dataclass(frozen=True, slots=True)
class _Clock:
    reading: Reading | None
    disclosure: int | None = None
    waiting_for: tuple[str, ...] = ()


def survival_ends(
    terms: Terms, disclosures: Sequence[date | None] = (), *, as_of: date | None = None
) -> tuple[SurvivalEnd, ...]:
    """When each survival ends, one entry for each clock.

    *disclosures* are days in their places, None for one that counts for nothing. The last day of an agreement that
    renews without limit is not known; *as_of* takes the term that runs on that day.
    """
    return tuple(
        end for index, each in enumerate(terms.survivals) for end in _ends(terms, index, each, disclosures, as_of)
    )


def restriction_ends(
    terms: Terms, disclosures: Sequence[date | None] = (), *, as_of: date | None = None
) -> tuple[RestrictionEnd, ...]:
    """When each restriction ends; as ``survival_ends``."""
    return tuple(
        RestrictionEnd(
            index=index,
            kind=each.kind,
            binds=each.binds,
            reading=clock.reading,
            disclosure=clock.disclosure,
            waiting_for=clock.waiting_for,
        )
        for index, each in enumerate(terms.restrictions)
        for clock in _clocks(terms, each, each.period, disclosures, as_of)
    )


def survives_until(terms: Terms, disclosures: Sequence[date | None] = ()) -> date | None:
    """The last day on which a duty or restriction may still bind; None: without end, or nobody knows.

    Where nothing survives, it is the last day of the agreement itself.
    """
    ended = _ended(terms, None)
    readings = [end.reading for end in survival_ends(terms, disclosures)]
    readings += [end.reading for end in restriction_ends(terms, disclosures)]
    known = [reading.latest_on for reading in readings if reading is not None]
    if ended is None or len(known) < len(readings):
        return None
    return max([ended.latest_on, *known])


def _ends(
    terms: Terms, index: int, survival: Survival, disclosures: Sequence[date | None], as_of: date | None
) -> Iterator[SurvivalEnd]:
    if survival.period is None:
        yield SurvivalEnd(index=index, duty=survival.duty, is_indefinite=True, indefinite_for=survival.indefinite_for)
        return
    for clock in _clocks(terms, survival, survival.period, disclosures, as_of):
        yield SurvivalEnd(
            index=index,
            duty=survival.duty,
            reading=clock.reading,
            indefinite_for=survival.indefinite_for,
            disclosure=clock.disclosure,
            waiting_for=clock.waiting_for,
        )


def _clocks(
    terms: Terms, what: Survival | Restriction, period: Period, disclosures: Sequence[date | None], as_of: date | None
) -> Iterator[_Clock]:
    given = [on for on in disclosures if on is not None]
    match what.anchor:
        case Anchor.EFFECTIVE:
            yield _Clock(_from_first_day(terms, what, period))
        case Anchor.TERMINATION if terms.ended is not None:
            yield _Clock(_after(Reading(*(terms.ended.last_on,) * 3), what, period))
        case Anchor.TERMINATION | Anchor.EXPIRY:
            expiry = _expiry(terms, as_of)
            yield _Clock(_after(expiry, what, period)) if expiry else _Clock(None, None, (_UNKNOWN_END,))
        case _ if not given:
            yield _undisclosed(terms, what, period, as_of)
        case Anchor.LAST_DISCLOSURE:
            yield _Clock(_after(Reading(*(max(given),) * 3), what, period))
        case Anchor.EACH_DISCLOSURE:
            for place, on in enumerate(disclosures):
                if on is not None:
                    yield _Clock(_after(Reading(on, on, on), what, period), place)


def _undisclosed(terms: Terms, what: Survival | Restriction, period: Period, as_of: date | None) -> _Clock:
    """No disclosure is recorded: safe as if all was disclosed on the first day, latest as if on the last."""
    ended = _ended(terms, as_of)
    if ended is None:
        return _Clock(None, None, ("a disclosure", _UNKNOWN_END))
    first = _after(Reading(*(terms.effective_on,) * 3), what, period)
    last = _after(ended, what, period)
    steps = Told(lambda: (*first.steps, *last.steps))
    reading = Reading(first.safe_on, last.nominal_on, last.latest_on, steps, last.assumptions)
    return _Clock(reading.assuming("no-disclosures-recorded"))


def _after(anchor: Reading, what: Survival | Restriction, period: Period) -> Reading:
    nominal_on = after(anchor.nominal_on, period)
    safe_on = min(after(anchor.safe_on, period), last_day(anchor.safe_on + _ONE_DAY, period), nominal_on)
    latest_on = max(after(anchor.latest_on, period), last_day(anchor.latest_on + _ONE_DAY, period), nominal_on)
    steps = Told(lambda: (*anchor.steps, _step(what, period, anchor.nominal_on, nominal_on)))
    return Reading(safe_on, nominal_on, latest_on, steps, anchor.assumptions)


def _from_first_day(terms: Terms, what: Survival | Restriction, period: Period) -> Reading:
    nominal_on, latest_on = last_day(terms.effective_on, period), after(terms.effective_on, period)
    return Reading(nominal_on, nominal_on, latest_on, (_step(what, period, terms.effective_on, nominal_on),))


def _step(what: Survival | Restriction, period: Period, was_on: date, on: date) -> DerivationStep:
    code, words = worded(period)
    inputs = (("period", code), ("anchor", what.anchor.value))
    follows = "from" if what.anchor is Anchor.EFFECTIVE else "after"
    return DerivationStep(
        "survives", was_on, on, inputs, f"{words} {follows} {spoken(was_on)}", Source.AGREEMENT, what.clause
    )


def _ended(terms: Terms, as_of: date | None) -> Reading | None:
    """The last day in force, as far as it is known."""
    return Reading(*(terms.ended.last_on,) * 3) if terms.ended else _expiry(terms, as_of)


def _expiry(terms: Terms, as_of: date | None) -> Reading | None:
    """The last day of the current term, even if it was ended before; of what had none, the day on which it ended.

    None where no last day is known.
    """
    if not _is_known(terms):
        return Reading(*(terms.ended.last_on,) * 3) if terms.ended else None
    last = last_number(terms)
    number = number_on(terms, as_of, last) if as_of is not None and terms.ended is None else last
    return None if number is None else end_reading(terms, number)


def _is_known(terms: Terms) -> bool:
    return initial_end(terms).last_on is not None


def _subject(letter: str, index: int, disclosure: int | None) -> str:
    return f"{letter}{index + 1}" if disclosure is None else f"{letter}{index + 1}-d{disclosure + 1}"
