"""What is wrong with terms, in words: all problems at once.

*impossible* refuses the terms; a *contradiction* refuses them unless a person accepts it with a reason; a *remark* only
shows. Here are the questions about what is impossible; ``lifecycle.terms.contradictions`` asks the others.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date

from lifecycle.counting.derivation import Pin, Reading
from lifecycle.days.calendars import FIRST_DAY, LAST_DAY, SAT_SUN
from lifecycle.days.dates import Period, before
from lifecycle.errors import DayOutOfRange, LifecycleError, TermsError
from lifecycle.terms.contradictions import CONTRADICTIONS, REMARKS
from lifecycle.terms.course import course, found
from lifecycle.terms.problem_texts import Problem, ProblemKind, contradiction, impossible, pair
from lifecycle.terms.provisions import EarlierOf, End, EndConvention, Lasting, LaterOf, RenewalKind, Terms, Until, Upon
from lifecycle.terms.renewals import initial_end, prospective
from lifecycle.words import spoken

_TO_THE_END = {
    EndConvention.MONTH_END: ("the last day of a month", 1),
    EndConvention.YEAR_END: ("31 December", 12),
}


def problems(terms: Terms) -> tuple[Problem, ...]:
    """All that is wrong with *terms*, the worst first. Kept beside them: a row is judged, then checked."""
    try:
        beside = found(terms)
    except LifecycleError:
        return tuple(_all_asked(terms))
    if beside.problems is None:
        beside.problems = tuple(_all_asked(terms))
    kept: tuple[Problem, ...] = beside.problems
    return kept


def checked(terms: Terms, accepted: Collection[str] = ()) -> Terms:
    """*terms* themselves, if they can be kept; *accepted* are codes of contradictions that a person accepted.

    Raises TermsError with all problems that refuse them.
    """
    refused = [
        problem
        for problem in problems(terms)
        if problem.kind is ProblemKind.IMPOSSIBLE
        or (problem.kind is ProblemKind.CONTRADICTION and problem.code not in accepted)
    ]
    if refused:
        raise TermsError(refused)
    return terms


def pin_problems(reading: Reading, pin: Pin) -> tuple[Problem, ...]:
    """What is wrong with a pin over *reading*."""
    if pin.on <= reading.latest_on:
        return ()
    text = f"The pinned day, {spoken(pin.on)}, is after the latest arguable one, {spoken(reading.latest_on)}."
    return (contradiction("pin-after-latest", "pin", text),)


def _all_asked(terms: Terms) -> Iterator[Problem]:
    for ask in _QUESTIONS:
        yield from _asked(ask, terms)


def _asked(ask: Callable[[Terms], Iterator[Problem]], terms: Terms) -> list[Problem]:
    """The answers to one question; none where the terms are too broken to be asked it: another question says why."""
    try:
        return list(ask(terms))
    except LifecycleError:
        return []


def _out_of_range(terms: Terms) -> Iterator[Problem]:
    told = [(field, day) for field, day in _days(terms) if day is not None and not FIRST_DAY <= day <= LAST_DAY]
    for field, day in told:
        yield impossible(DayOutOfRange.code, field, DayOutOfRange(day).sentence)
    try:
        initial_end(terms)
    except DayOutOfRange as error:
        if not told:
            yield impossible(DayOutOfRange.code, "end", error.sentence)


def _uncountable(terms: Terms) -> Iterator[Problem]:
    lengths = [("end", each.period) for each in _leaves(terms.end) if isinstance(each, Lasting)]
    lengths += [("renewal", terms.renewal.period)] if terms.renewal.period else []
    lengths += [(f"survivals[{n}]", each.period) for n, each in enumerate(terms.survivals) if each.period]
    lengths += [(f"restrictions[{n}]", each.period) for n, each in enumerate(terms.restrictions)]
    for field, period in lengths:
        if period.business_days or period.hours:
            yield impossible(
                "uncountable-length", field, f"{period}: a term is counted in calendar days, weeks, months or years."
            )


def _empty(terms: Terms) -> Iterator[Problem]:
    for end in _leaves(terms.end):
        if isinstance(end, Lasting) and end.period.is_zero and terms.convention not in _TO_THE_END:
            yield impossible("empty-term", "end", "A term of 0 days has no day.")


def _explicit(terms: Terms) -> Iterator[Problem]:
    if terms.convention is EndConvention.EXPLICIT and not any(isinstance(end, Until) for end in _leaves(terms.end)):
        yield impossible("explicit-without-day", "end", "The stated day ends the term, but no day is stated.")


def _ends_before_start(terms: Terms) -> Iterator[Problem]:
    last_on = initial_end(terms).last_on
    if last_on is not None and last_on < terms.effective_on and not any(_empty(terms)):
        yield _reversed("end", last_on, terms.effective_on)
    if terms.ended is not None and terms.ended.last_on < terms.effective_on:
        yield _reversed("ended", terms.ended.last_on, terms.effective_on)
    astray = {problem.field for problem in _extensions(terms)}
    for place, extension in enumerate(terms.extensions):
        if f"extensions[{place}]" in astray:
            continue
        first_on = prospective(terms, extension.number).first_on
        if extension.last_on < first_on:
            yield _reversed(f"extensions[{place}]", extension.last_on, first_on)


def _reversed(field: str, last_on: date, first_on: date) -> Problem:
    text = f"The last day, {spoken(last_on)}, is before the first, {spoken(first_on)}."
    return impossible("ends-before-start", field, text)


def _renewal_length(terms: Terms) -> Iterator[Problem]:
    renewal = terms.renewal
    if renewal.period is not None and renewal.period.is_zero:
        yield impossible("zero-renewal", "renewal", "A renewal of 0 days renews for ever on one day.")
    unknown = renewal.period is None and course(terms).renewal is None
    if unknown and renewal.kind in {RenewalKind.AUTOMATIC, RenewalKind.BY_OPTION} and renewal.most != 0:
        yield impossible("renewal-length-unknown", "renewal", "It renews, but nothing says for how long.")


def _convention_and_period(terms: Terms) -> Iterator[Problem]:
    step = course(terms).renewal
    if terms.convention not in _TO_THE_END or terms.renewal.kind is RenewalKind.NEVER or step is None:
        return
    day, months = _TO_THE_END[terms.convention]
    if not step.is_zero and (not step.only_months or step.total_months % months):
        yield impossible("convention-and-period", "renewal", f"Terms end on {day} but renew by {step}.")


def _extensions(terms: Terms) -> Iterator[Problem]:
    numbers = sorted(each.number for each in terms.extensions)
    for place, extension in enumerate(terms.extensions):
        number = extension.number
        reachable = terms.renewal.kind is not RenewalKind.NEVER and course(terms).renewal is not None
        follows = number > 0 and (number == 1 or reachable or number - 1 in numbers)
        if not follows or numbers.count(number) > 1 or initial_end(terms).last_on is None:
            text = f"Term {number} is extended by hand, but it does not follow from the one before."
            yield impossible("extension-without-term", f"extensions[{place}]", text)


def _inverted(terms: Terms) -> Iterator[Problem]:
    last_on = initial_end(terms).last_on or terms.effective_on.replace(day=1)
    for place, notice in enumerate(terms.notices):
        if notice.opens is None or _back(last_on, notice.opens) <= _back(last_on, notice.period):
            continue
        most, least = pair(notice.opens, notice.period)
        text = f"Notice at most {most} and at least {least} before the last day: no day is left."
        yield impossible("window-inverted", f"notices[{place}]", text)


_IMPOSSIBLE = (
    _out_of_range,
    _uncountable,
    _empty,
    _explicit,
    _ends_before_start,
    _renewal_length,
    _convention_and_period,
    _extensions,
    _inverted,
)
_QUESTIONS = (*_IMPOSSIBLE, *CONTRADICTIONS, *REMARKS)


def _back(day: date, period: Period) -> date:
    return before(day, period, calendar=SAT_SUN)


def _leaves(end: End) -> Iterator[End]:
    if isinstance(end, EarlierOf | LaterOf):
        for each in end.ends:
            yield from _leaves(each)
    else:
        yield end


def _days(terms: Terms) -> Iterator[tuple[str, date | None]]:
    """Every day that is stated, with its field."""
    yield "effective_on", terms.effective_on
    yield "signed_on", terms.signed_on
    yield "ended", terms.ended.last_on if terms.ended else None
    for end in _leaves(terms.end):
        match end:
            case Lasting(from_on=day) | Until(day=day) | Upon(on=day):
                yield "end", day
            case _:
                pass
    for place, extension in enumerate(terms.extensions):
        yield f"extensions[{place}]", extension.last_on
    for place, leave in enumerate(terms.for_convenience):
        yield f"for_convenience[{place}]", leave.not_before_on
