"""How terms end and begin because somebody said so: what cannot be is refused, the last word holds."""

from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from engine import operations as ops
from engine.operations.notices import EndsSooner
from lifecycle.agreements.agreement import terms_of
from lifecycle.days.dates import Period
from lifecycle.errors import TermsError
from lifecycle.terms.terms import DeliveryMethod, Extension, count, problems
from tests.support.agreements import BY_OPTION, NEVER, provided

COURIER, LETTER = (DeliveryMethod(name, Period(business_days=days)) for name, days in (("courier", 1), ("letter", 5)))
THIS, NEXT = date(2027, 1, 31), date(2028, 1, 31)


def last_days(world):
    return [(one.number, one.last_on) for one in world.get().provisions.extensions]


def test_a_renewal_that_is_said_again_replaces_what_was_said(world):
    world.agreement()
    world.do(ops.renew, until=date(2028, 6, 30))
    world.do(ops.renew, until=date(2028, 7, 31))
    assert last_days(world) == [(1, date(2028, 7, 31))]
    world.amend(note="the terms can still be kept")


def runs(world):
    """First and last days of the first terms."""
    return [(one.first_on.isoformat(), one.last_on.isoformat()) for one in islice(count(terms_of(world.get())), 4)]


def test_a_renewal_by_hand_stays_with_the_term_that_begins_on_its_first_day(world):
    world.agreement(end="12 months", effective_on="2024-02-01")
    world.do(ops.renew, until=date(2026, 6, 30))
    assert runs(world)[2] == ("2026-02-01", "2026-06-30")
    kept = world.get().provisions
    world.amend(provisions=replace(kept, end=replace(kept.end, period=Period(months=24))))
    assert runs(world)[:2] == [("2024-02-01", "2026-01-31"), ("2026-02-01", "2026-06-30")]
    world.do(ops.renew, until=date(2026, 7, 31))
    assert last_days(world) == [(1, date(2026, 7, 31))]


def test_an_option_that_was_exercised_by_hand_makes_no_other_term_certain_than_its_own(world):
    world.agreement(end="12 months", effective_on="2026-01-01", renewal=BY_OPTION)
    world.do(ops.renew)
    world.do(ops.renew, until=date(2028, 6, 30))
    kept = world.get().provisions
    world.amend(provisions=replace(kept, end=replace(kept.end, period=Period(months=24))))
    assert runs(world) == [("2026-01-01", "2027-12-31"), ("2028-01-01", "2028-06-30")]


def test_where_no_term_begins_on_its_first_day_the_next_one_has_its_last_and_that_is_remarked(world):
    world.agreement(end="12 months", effective_on="2026-01-01")
    world.do(ops.renew, until=date(2028, 6, 30))
    kept = world.get().provisions
    world.amend(provisions=replace(kept, end=replace(kept.end, period=Period(months=18))))
    assert runs(world)[1] == ("2027-07-01", "2028-06-30")
    text = (
        "A term from 1 Jan 2027 until 30 Jun 2028 was agreed by hand; "
        "by its terms as they are now it begins on 1 Jul 2027."
    )
    assert [one.text for one in problems(terms_of(world.get())) if one.code == "extension-of-another-day"] == [text]


def test_a_renewal_that_was_kept_without_its_first_day_means_what_it_meant(world):
    world.agreement(end="12 months", effective_on="2024-02-01")
    kept = replace(world.get().provisions, extensions=(Extension(3, date(2027, 6, 30)),))
    world.amend(provisions=kept)
    world.amend(provisions=replace(kept, end=replace(kept.end, period=Period(months=13))))
    assert runs(world)[3] == ("2027-03-01", "2027-06-30")


def test_a_renewal_until_a_day_before_it_begins_is_refused_and_changes_nothing(world):
    world.agreement()
    with pytest.raises(TermsError, match="30 Jun 2020, is before the first, 1 Feb 2027"):
        world.do(ops.renew, until=date(2020, 6, 30))
    assert last_days(world) == []


def test_what_ends_by_itself_is_not_terminated_for_a_later_day(world):
    world.agreement(renewal=NEVER)
    with pytest.raises(EndsSooner, match="ends by itself on 31 Jan 2027"):
        world.do(ops.terminate, last_on=date(2062, 1, 31), because="a slip of the pen")
    world.do(ops.terminate, last_on=date(2026, 1, 31), because="insolvency")
    assert world.get().status == "under_notice"
    world.live_until("2026-02-01T00:00")
    assert world.get().status == "ended"


def test_nothing_is_terminated_for_a_day_before_its_first(world):
    world.agreement()
    with pytest.raises(TermsError, match="31 Jan 1926, is before the first, 1 Feb 2024"):
        world.do(ops.terminate, last_on=date(1926, 1, 31), because="a slip of the pen")
    assert world.get().status == "in_force"


@pytest.mark.parametrize(
    ("agreed", "via", "said", "counts", "last_on"),
    [
        (None, "", {}, "2026-12-02", THIS),
        (None, "email", {}, "2026-12-02", THIS),
        (None, "post", {}, "2026-12-04", NEXT),
        (None, "post", {"received_on": date(2026, 12, 2)}, "2026-12-02", THIS),
        (None, "pigeon", {}, "2026-12-04", NEXT),
        (COURIER, "", {}, "2026-12-03", NEXT),
        (COURIER, "email", {}, "2026-12-03", NEXT),
        (COURIER, "email", {"received_on": date(2026, 12, 2)}, "2026-12-02", THIS),
        (COURIER, "post", {}, "2026-12-04", NEXT),
        (COURIER, "DHL-4711", {}, "2026-12-03", NEXT),
        (LETTER, "Einschreiben", {}, "2026-12-09", NEXT),
    ],
)
def test_a_notice_counts_when_it_arrives_by_the_way_it_went(world, agreed, via, said, counts, last_on):
    """Sent on 2 December, the last day on which notice for this term may arrive."""
    (notice,) = provided().notices
    world.agreement(provisions=replace(provided(), notices=(replace(notice, method=agreed),)))
    world.travel_to("2026-12-02T10:00")
    world.do(ops.give_notice, "ACME-7", ops.NoticeFacts(sent_on=date(2026, 12, 2), by="us", method=via, **said))
    served = world.get().notice
    assert (served.counts_on.isoformat(), served.last_on) == (counts, last_on)
