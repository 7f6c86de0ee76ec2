"""Laws of the days of notice, whatever the terms: shifted, read in each admissible way, of a right to leave."""

from dataclasses import replace
from datetime import timedelta
from itertools import islice, product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lifecycle.days.calendars import EVERY_DAY, SAT_SUN, Holiday, with_closures
from lifecycle.days.dates import Period
from lifecycle.terms.leaving_days import SET_DAYS, way_out, ways_out
from lifecycle.terms.terms import (
    Anchor,
    EndConvention,
    ForConvenience,
    Lasting,
    OpenEnded,
    Reckoning,
    Renewal,
    RenewalKind,
    Side,
    Survival,
    Terms,
    Until,
    survival_ends,
    term,
    window_of,
)
from tests.lifecycle.test_laws_of_terms import (
    buffers,
    conventions,
    firsts,
    notices,
    reckonings,
    terms_that_renew,
)
from tests.support.strategies import rule_sets

FEW = settings(max_examples=50)
in_days = st.builds(Period, days=st.integers(1, 400)) | st.builds(Period, weeks=st.integers(1, 60))
without_holidays = st.builds(
    lambda rules, calendar, buffer: Reckoning(rules=rules, calendar=calendar, buffer=buffer),
    rule_sets,
    st.sampled_from([SAT_SUN, EVERY_DAY]),
    buffers,
)


@st.composite
def terms_in_days(draw):
    """Terms of which every length is a number of days: months are longer here and shorter there."""
    notice = draw(notices)
    return Terms(
        effective_on=draw(firsts),
        end=Lasting(draw(in_days)),
        convention=draw(conventions),
        renewal=Renewal(RenewalKind.AUTOMATIC, draw(in_days)),
        notices=(replace(notice, period=draw(in_days)),),
        survivals=(
            Survival("confidentiality", draw(in_days), draw(st.sampled_from([Anchor.EXPIRY, Anchor.EFFECTIVE]))),
        ),
    )


@FEW
@given(terms_in_days(), without_holidays, st.integers(0, 8), st.integers(-300, 300))
def test_terms_that_begin_whole_weeks_later_have_all_their_days_so_much_later(terms, by, number, weeks):
    distance = timedelta(weeks=weeks)
    later = replace(terms, effective_on=terms.effective_on + distance)
    assert _days(later, by, number) == [day + distance for day in _days(terms, by, number)]


@FEW
@given(terms_that_renew(), reckonings(), st.integers(0, 8), st.integers(1, 400))
def test_a_later_signature_never_makes_a_last_safe_day_earlier(terms, by, number, later):
    """Where the day of signing sets it going: its terms, their windows and what outlives them come no earlier."""
    assume(not isinstance(terms.end, Until))
    signed_later = replace(terms, effective_on=terms.effective_on + timedelta(days=later))
    before, after = _days(terms, by, number), _days(signed_later, by, number)
    assert [was <= now for was, now in zip(before, after, strict=True)] == [True] * len(before)


def _days(terms, by, number):
    run, window = term(terms, number), window_of(terms, number, 0, by)
    readings = [window.reading, *(each.reading for each in survival_ends(terms, as_of=run.first_on))]
    return [
        run.first_on,
        run.last_on,
        window.target_on,
        *(day for one in readings for day in (one.safe_on, one.nominal_on, one.latest_on)),
    ]


@FEW
@given(terms_that_renew(), reckonings(), st.integers(0, 4), notices)
def test_what_is_asked_is_the_earliest_of_all_admissible_readings_and_the_last_is_argued_for(terms, by, number, notice):
    unstated = replace(notice, counting=None)
    terms = replace(terms, convention=None, notices=(unstated,))
    found = window_of(terms, number, 0, by).reading
    admitted = by.rules.admits_at_least if notice.at_least else by.rules.admits
    ends = (EndConvention.DAY_BEFORE, EndConvention.ANNIVERSARY) if isinstance(terms.end, Lasting) else (None,)
    stated = [
        window_of(replace(terms, convention=convention, notices=(replace(notice, counting=counting),)), number, 0, by)
        for convention, counting in product(ends, admitted)
    ]
    assert found.safe_on == min(one.reading.safe_on for one in stated)
    assert found.latest_on == max(one.reading.latest_on for one in stated)


rights_to_leave = st.builds(
    ForConvenience,
    st.just(Side.OURS),
    st.builds(Period, months=st.integers(1, 12)) | st.builds(Period, days=st.integers(1, 200)),
    st.sampled_from(sorted(SET_DAYS)),
    at_least=st.booleans(),
)


def leaving(first_on, leave):
    return Terms(effective_on=first_on, end=OpenEnded(), for_convenience=(leave,))


@FEW
@given(firsts, rights_to_leave, reckonings(), st.integers(0, 40))
def test_a_longer_notice_of_leaving_is_never_later(first_on, leave, by, more):
    assume(not by.rules.short_days or leave.period.days > by.rules.short_days or leave.period.total_months)
    unit = "months" if leave.period.total_months else "days"
    longer = replace(leave, period=leave.period + Period(**{unit: more}))
    (way,) = islice(ways_out(leaving(first_on, leave), leave, first_on, by), 1)
    assert way_out(longer, way.last_on, by).reading.safe_on <= way.reading.safe_on


@FEW
@given(firsts, rights_to_leave, reckonings(), st.integers(-30, 30))
def test_one_more_holiday_never_makes_leaving_later(first_on, leave, by, distance):
    (way,) = islice(ways_out(leaving(first_on, leave), leave, first_on, by), 1)
    closed = with_closures(by.calendar, [Holiday(way.reading.safe_on + timedelta(days=distance), "Closed")])
    assert way_out(leave, way.last_on, replace(by, calendar=closed)).reading.safe_on <= way.reading.safe_on
