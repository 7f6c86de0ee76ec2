"""What a last safe day hangs on."""

from datetime import date

from lifecycle.counting.derivation import Sensitivity
from lifecycle.counting.rules import ENGLAND_CONTRACT, US_CONTRACT
from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.dates import Counting, Period
from lifecycle.terms.terms import (
    CountsAs,
    DeliveryMethod,
    EndConvention,
    Lasting,
    Notice,
    Reckoning,
    Renewal,
    RenewalKind,
    Side,
    Terms,
    Until,
    sensitivity,
    window_of,
)

YEARLY = Renewal(RenewalKind.AUTOMATIC, Period(years=1))
POST = DeliveryMethod("post", Period(business_days=3))


def moves(end, rules=US_CONTRACT, convention=None, **notice):
    given = Notice(Period(days=60), Side.OURS, **notice)
    terms = Terms(effective_on=date(2024, 2, 1), end=end, convention=convention, renewal=YEARLY, notices=(given,))
    by = Reckoning(rules=rules, calendar=SAT_SUN)
    return sensitivity(terms, window_of(terms, 0, 0, by), by)


def test_assumed_facts_lead_and_the_largest_move_comes_first():
    found = moves(Lasting(Period(years=3)), method=POST)
    assert [(each.fact, each.instead) for each in found] == [
        ("counts_as", "sent"),
        ("convention", "anniversary"),
        ("convention", "day-before"),
        ("counting", "clear"),
    ]
    assert [each.moves_safe_by for each in found] == [5, 3, 0, -1]


def test_a_stated_last_day_hangs_on_no_convention():
    found = moves(Until(date(2027, 1, 31)), counts_as=CountsAs.SENT)
    assert {each.fact for each in found} == {"counts_as", "counting"}


def test_a_counting_that_the_law_reads_as_clear_could_be_plain():
    found = moves(
        Lasting(Period(years=3)),
        ENGLAND_CONTRACT,
        EndConvention.DAY_BEFORE,
        counts_as=CountsAs.SENT,
        counting=Counting.CLEAR,
    )
    assert Sensitivity("counting", "plain", 1) in found
