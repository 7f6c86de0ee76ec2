"""Leaving: for convenience, at a term's end, and how early at best."""

from datetime import date

import pytest

from lifecycle.counting.rules import BGB, US_CONTRACT
from lifecycle.days.calendars import EVERY_DAY, SAT_SUN
from lifecycle.days.dates import Period, last_day
from lifecycle.terms.terms import (
    CountsAs,
    DeliveryMethod,
    EndConvention,
    Ended,
    EndedHow,
    EndNotPossible,
    EndsAt,
    ForConvenience,
    Lasting,
    Notice,
    OpenEnded,
    Renewal,
    RenewalKind,
    Side,
    Terms,
    counts_on,
    deadline_for_end,
    earliest_end,
    end_if_noticed,
    send_by,
)

FIRST = date(2024, 2, 1)
NOTICE = Notice(Period(days=60), Side.OURS, counts_as=CountsAs.SENT)
YEARLY = Renewal(RenewalKind.AUTOMATIC, Period(years=1))
COURIER = DeliveryMethod("courier", Period(business_days=1))


def terms_of(*leaves, end=None, renewal=YEARLY, **more):
    given = {"effective_on": FIRST, "convention": EndConvention.DAY_BEFORE, "notices": (NOTICE,)}
    return Terms(end=end or Lasting(Period(years=3)), renewal=renewal, for_convenience=leaves, **{**given, **more})


def leave(period=None, ends=EndsAt.ANY_DAY, **more):
    return ForConvenience(Side.OURS, period or Period(months=3), ends, **{"counts_as": CountsAs.SENT, **more})


@pytest.mark.parametrize(
    ("ends", "last_on"),
    [
        (EndsAt.ANY_DAY, date(2026, 8, 15)),
        (EndsAt.MONTH_END, date(2026, 8, 31)),
        (EndsAt.QUARTER_END, date(2026, 9, 30)),
        (EndsAt.YEAR_END, date(2026, 12, 31)),
        (EndsAt.TERM_END, date(2027, 1, 31)),
    ],
)
def test_leaving_takes_effect_on_the_next_day_that_is_allowed(ends, last_on):
    right = leave(ends=ends)
    assert end_if_noticed(terms_of(right), right, date(2026, 5, 15)) == last_on


def test_leaving_takes_no_effect_before_the_day_agreed():
    right = leave(ends=EndsAt.MONTH_END, not_before_on=date(2027, 3, 15))
    assert end_if_noticed(terms_of(right), right, date(2026, 5, 15)) == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("ends", "noticed_by"),
    [
        (EndsAt.ANY_DAY, date(2026, 8, 15)),
        (EndsAt.MONTH_END, date(2026, 7, 31)),
        (EndsAt.QUARTER_END, date(2026, 6, 30)),
        (EndsAt.YEAR_END, date(2025, 9, 30)),
        (EndsAt.TERM_END, date(2025, 10, 31)),
    ],
)
def test_the_deadline_for_an_end_leads_back_to_it(ends, noticed_by):
    right = leave(ends=ends)
    terms = terms_of(right, end=Lasting(Period(years=1)))
    wanted = date(2026, 11, 15)
    reading = deadline_for_end(terms, right, wanted, rules=US_CONTRACT, calendar=EVERY_DAY)
    assert reading.nominal_on == noticed_by
    assert end_if_noticed(terms, right, noticed_by) <= wanted
    assert reading.steps[0].rule == "wanted-end"


def test_months_back_to_an_end_have_two_readings_in_german_law():
    right = leave()
    reading = deadline_for_end(terms_of(right), right, date(2026, 6, 30), rules=BGB, calendar=SAT_SUN)
    assert (reading.safe_on, reading.nominal_on) == (date(2026, 3, 30), date(2026, 3, 31))
    assert "months-back-differ" in reading.assumptions


def test_an_end_before_the_first_that_is_allowed_is_refused():
    right = leave(ends=EndsAt.QUARTER_END, not_before_on=date(2026, 2, 1))
    with pytest.raises(EndNotPossible) as caught:
        deadline_for_end(terms_of(right), right, date(2026, 3, 30), rules=BGB, calendar=SAT_SUN)
    assert str(caught.value) == "It cannot end by 30 Mar 2026."
    assert caught.value.remedy == "The first day on which it may end is 31 Mar 2026."


def earliest(terms, today, side=Side.OURS):
    return earliest_end(terms, side, today, rules=US_CONTRACT, calendar=SAT_SUN)


def test_the_earliest_end_after_a_miss_is_a_term_later():
    assert earliest(terms_of(), date(2026, 12, 2)) == date(2027, 1, 31)
    assert earliest(terms_of(), date(2026, 12, 3)) == date(2028, 1, 31)


def test_a_right_to_leave_may_be_the_earlier_way_out():
    right = leave(method=COURIER, counts_as=CountsAs.RECEIVED, period=Period(days=30))
    assert earliest(terms_of(right), date(2026, 5, 15)) == date(2026, 6, 17)


def test_a_side_without_notice_has_no_way_out_of_endless_renewals():
    assert earliest(terms_of(), date(2026, 5, 15), Side.THEIRS) is None
    limited = Renewal(RenewalKind.AUTOMATIC, Period(years=1), most=2)
    assert earliest(terms_of(renewal=limited), date(2026, 5, 15), Side.THEIRS) == date(2029, 1, 31)


@pytest.mark.parametrize("kind", [RenewalKind.NEVER, RenewalKind.BY_OPTION, RenewalKind.BY_AGREEMENT])
def test_what_does_not_renew_by_itself_ends_with_its_term(kind):
    assert earliest(terms_of(renewal=Renewal(kind, Period(years=1))), date(2026, 5, 15)) == date(2027, 1, 31)


def test_an_open_ended_agreement_ends_only_by_leaving():
    endless = Renewal(RenewalKind.NEVER)
    assert earliest(terms_of(end=OpenEnded(), renewal=endless), date(2026, 5, 15)) is None
    right = leave(ends=EndsAt.TERM_END)
    assert earliest(terms_of(right, end=OpenEnded(), renewal=endless), date(2026, 5, 15)) == date(2026, 8, 15)


def test_an_end_that_is_settled_is_the_earliest():
    ended = Ended(date(2026, 9, 30), EndedHow.TERMINATED)
    assert earliest(terms_of(leave(), ended=ended), date(2026, 5, 15)) == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("receipt", "sent_on"),
    [
        (Period(), date(2026, 6, 12)),
        (Period(business_days=2), date(2026, 6, 10)),
        (Period(days=3), date(2026, 6, 9)),
        (Period(days=1), date(2026, 6, 11)),
        (Period(weeks=1), date(2026, 6, 5)),
    ],
)
def test_a_notice_that_counts_by_a_sunday_is_sent_in_time(receipt, sent_on):
    # A letter that arrives on a weekend counts on Monday: it must arrive by Friday 12 June.
    assert send_by(date(2026, 6, 14), DeliveryMethod("post", receipt), SAT_SUN) == sent_on


def test_a_sent_notice_counts_at_once_whatever_its_way():
    slow = DeliveryMethod("post", Period(days=9))
    assert counts_on(date(2026, 6, 14), slow, SAT_SUN, counts_as=CountsAs.SENT) == date(2026, 6, 14)
    assert counts_on(date(2026, 6, 14), slow, SAT_SUN) == date(2026, 6, 23)


def test_a_term_that_is_left_runs_its_whole_notice():
    right = leave(period=Period(days=30))
    assert end_if_noticed(terms_of(right), right, date(2026, 5, 15)) == last_day(date(2026, 5, 16), Period(days=30))


def test_a_notice_wanted_on_a_saturday_leaves_on_monday():
    right = leave(period=Period(days=30))
    assert earliest(terms_of(right), date(2026, 5, 16)) == date(2026, 6, 17)
