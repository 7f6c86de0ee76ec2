"""Terms that contradict themselves, and terms worth a remark: the questions, one by one.

A notice longer than the *renewal* is lawful: its window closes in an earlier term, and that is worth a remark. Longer
than the initial term it is a contradiction: the last safe day is before the first day.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.dates import Period, before
from lifecycle.terms.bounds import lasting
from lifecycle.terms.course import course
from lifecycle.terms.problem_texts import Problem, contradiction, pair, possessive, remark
from lifecycle.terms.provisions import (
    AppliesTo,
    EndConvention,
    EndedHow,
    Lasting,
    Notice,
    OpenEnded,
    RenewalKind,
    Side,
    Terms,
    Until,
)
from lifecycle.terms.renewals import initial_end, last_number, may_renew
from lifecycle.words import spoken

_ONE_DAY = timedelta(days=1)
_STATED_BY_THE_DAY = (EndConvention.DAY_BEFORE, EndConvention.ANNIVERSARY)
_BY_NOTICE = frozenset({RenewalKind.AUTOMATIC, RenewalKind.BY_OPTION})


def _two_ends(terms: Terms) -> Iterator[Problem]:
    """Silent on the day before and on the anniversary: then the day states the convention."""
    if not isinstance(terms.end, Until) or terms.end.beside is None:
        return
    day, beside = terms.end.day, terms.end.beside
    first_on = beside.from_on or terms.effective_on
    readings = [lasting(first_on, beside.period, each) for each in (*_STATED_BY_THE_DAY, terms.convention)]
    if day not in readings:
        ends = "ends" if str(beside.period).startswith("1 ") and "," not in str(beside.period) else "end"
        text = (
            f"{beside.period} {ends} on {spoken(readings[0])}, the stated day is {spoken(day)}; the stated day is used."
        )
        yield contradiction("two-ends", "end", text)


def _renewal_of_open_ended(terms: Terms) -> Iterator[Problem]:
    if isinstance(terms.end, OpenEnded) and terms.renewal.kind is not RenewalKind.NEVER:
        text = "It is open-ended: there is no last day after which it could renew."
        yield contradiction("renewal-of-open-ended", "renewal", text)


def _notice_without_renewal(terms: Terms) -> Iterator[Problem]:
    if terms.notices and terms.renewal.kind is RenewalKind.NEVER:
        words = possessive(terms.notices[0].period)
        text = f"{words} notice is stated, but nothing renews; a right to leave is stated apart."
        yield contradiction("notice-without-renewal", "notices", text)


def _option_without_notice(terms: Terms) -> Iterator[Problem]:
    holder = terms.renewal.holder
    if terms.renewal.kind is not RenewalKind.BY_OPTION:
        return
    if not any(holder is Side.EITHER or notice.side in {holder, Side.EITHER} for notice in terms.notices):
        text = "The option has no notice period: nobody can say by when it must be exercised."
        yield contradiction("option-without-notice", "notices", text)


def _notice_longer_than_term(terms: Terms) -> Iterator[Problem]:
    for place, notice in _notices(terms, 0):
        if _closes_on(terms, notice, 0) < terms.effective_on:
            yield _longer(place, notice.period, _length(terms))
    for place, notice in _notices(terms, 1):
        if notice.applies_to is AppliesTo.RENEWALS and _closes_on(terms, notice, 1) < terms.effective_on:
            yield _longer(place, notice.period, course(terms).renewal or Period())


def _longer(place: int, period: Period, length: Period) -> Problem:
    inside, _ = pair(length, period)
    text = f"{possessive(period)} notice in a term of {inside}: the last safe day is before the first day."
    return contradiction("notice-longer-than-term", f"notices[{place}]", text)


def _notice_in_earlier_term(terms: Terms) -> Iterator[Problem]:
    for place, notice in _notices(terms, 1):
        closes_on, first_on = _closes_on(terms, notice, 1), course(terms).last_on(0)
        if terms.effective_on <= closes_on <= first_on:
            text = (
                f"{possessive(notice.period)} notice in renewals of {course(terms).renewal}: "
                f"the window of term 1 closes on {spoken(closes_on)}, in an earlier term."
            )
            yield remark("notice-in-earlier-term", f"notices[{place}]", text)


def _notice_of_agreement(terms: Terms) -> Iterator[Problem]:
    if terms.notices and terms.renewal.kind is RenewalKind.BY_AGREEMENT:
        text = (
            f"{possessive(terms.notices[0].period)} notice is stated, but it renews only if both sign: it is not used. "
            "Where the next term is to be agreed so early, add an obligation that is due by then."
        )
        yield remark("notice-without-renewal", "notices", text)


def _renews_without_notice(terms: Terms) -> Iterator[Problem]:
    sides = {*(one.side for one in terms.notices), *(one.side for one in terms.for_convenience)}
    ours = not sides <= {Side.THEIRS}
    if terms.renewal.kind is RenewalKind.AUTOMATIC and terms.renewal.most != 0 and not ours:
        text = "It renews by itself, and no notice is recorded by which we could stop it."
        yield remark("renews-without-notice", "notices", text)


def _leap_day_anchor(terms: Terms) -> Iterator[Problem]:
    from_on = course(terms).from_on
    if (from_on.month, from_on.day) == (2, 29) and isinstance(terms.end, Lasting) and terms.end.period.total_months:
        text = f"It is counted from {spoken(from_on)}; in other years 28 February takes its place."
        yield remark("leap-day-anchor", "effective_on", text)


def _signed_after_effective(terms: Terms) -> Iterator[Problem]:
    if terms.signed_on is not None and terms.signed_on > terms.effective_on:
        text = f"It was signed on {spoken(terms.signed_on)}, after it took effect on {spoken(terms.effective_on)}."
        yield remark("signed-after-effective", "signed_on", text)


def _notice_for_another_day(terms: Terms) -> Iterator[Problem]:
    """Notice not to renew ends a term; one that was amended since goes on beyond it, and may not be meant to end."""
    ended = terms.ended
    is_of_term = ended is not None and ended.how is EndedHow.NOTICE_GIVEN and not terms.for_convenience
    if ended is None or not is_of_term or initial_end(terms).last_on is None:
        return
    last_on = course(terms).last_on(last_number(terms) or 0)
    if last_on != ended.last_on:
        text = (
            f"Notice was given for {spoken(ended.last_on)}, and it still ends then; "
            f"by its terms as they are now that term ends on {spoken(last_on)}."
        )
        yield remark("notice-for-another-day", "end", text)


def _extension_of_another_day(terms: Terms) -> Iterator[Problem]:
    for place, one in enumerate(terms.extensions):
        begins_on = course(terms).last_on(one.number - 1) + _ONE_DAY
        if one.first_on is not None and one.first_on != begins_on:
            text = (
                f"A term from {spoken(one.first_on)} until {spoken(one.last_on)} was agreed by hand; "
                f"by its terms as they are now it begins on {spoken(begins_on)}."
            )
            yield remark("extension-of-another-day", f"extensions[{place}]", text)


CONTRADICTIONS = (
    _notice_longer_than_term,
    _two_ends,
    _renewal_of_open_ended,
    _notice_without_renewal,
    _option_without_notice,
)
REMARKS = (
    _notice_of_agreement,
    _renews_without_notice,
    _notice_in_earlier_term,
    _leap_day_anchor,
    _signed_after_effective,
    _notice_for_another_day,
    _extension_of_another_day,
)


def _notices(terms: Terms, number: int) -> Iterator[tuple[int, Notice]]:
    """The notices that may govern term *number*, if their last day is known and another term may follow."""
    if terms.renewal.kind not in _BY_NOTICE or initial_end(terms).last_on is None or not may_renew(terms, number):
        return
    special = AppliesTo.RENEWALS if number else AppliesTo.INITIAL
    for place, notice in enumerate(terms.notices):
        if notice.applies_to in {AppliesTo.ALL, special}:
            yield place, notice


def _closes_on(terms: Terms, notice: Notice, number: int) -> date:
    return before(course(terms).last_on(number), notice.period, calendar=SAT_SUN)


def _length(terms: Terms) -> Period:
    """The length of the initial term: as stated, else in days."""
    last_on = course(terms).last_on(0)
    stated = isinstance(terms.end, Lasting) and not terms.end.period.is_zero
    return terms.end.period if stated and isinstance(terms.end, Lasting) else _days(terms.effective_on, last_on)


def _days(first_on: date, last_on: date) -> Period:
    return Period(days=(last_on - first_on).days + 1)
