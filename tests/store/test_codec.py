"""Documents say of which kind their values are, though they do not name it."""

from hypothesis import given
from hypothesis import strategies as st

from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Period
from lifecycle.obligations.duties import Direction, Obligation, ObligationKind, Offset, OffsetFrom, Once, Recurrence
from lifecycle.terms.provisions import EarlierOf, Lasting, LaterOf, OpenEnded, Provisions, Until, Upon
from store.codec import dumps, loads
from tests.support.strategies import any_periods, day_periods, days

clauses = st.none() | st.builds(Clause, ref=st.text(max_size=5))
single_ends = st.one_of(
    st.builds(OpenEnded, clauses),
    st.builds(Lasting, any_periods, st.none() | days, clauses),
    st.builds(Until, days, st.none() | st.builds(Lasting, any_periods), clauses),
    st.builds(Upon, st.text(max_size=5), st.none() | days, clauses),
)
some_ends = st.lists(single_ends, max_size=3).map(tuple)
ends = single_ends | st.builds(EarlierOf, some_ends) | st.builds(LaterOf, some_ends)
dues = st.one_of(
    st.builds(Once, days),
    st.builds(Recurrence, day_periods.filter(lambda every: every != Period()), days, first=st.integers(0, 3)),
    st.builds(Offset, any_periods, st.sampled_from(Direction), st.sampled_from(OffsetFrom)),
)


@given(ends)
def test_an_end_is_read_as_the_kind_that_was_written(end):
    assert loads(dumps(Provisions(end=end)), Provisions) == Provisions(end=end)


@given(dues)
def test_the_days_of_a_duty_are_read_as_the_kind_that_was_written(due):
    duty = Obligation(id="o1", kind=ObligationKind.AUDIT, name="Access review", due=due)
    assert loads(dumps(duty), Obligation) == duty
