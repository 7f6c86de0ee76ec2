"""Terms that are hard to read: what a lawyer works out by hand is what the register says."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.delivery.composing import facts_of
from engine.operations.notice_effect import NoticeTooEarly
from lifecycle.agreements.running import last_day_of
from lifecycle.days.dates import Period
from lifecycle.terms.terms import (
    Anchor,
    CountsAs,
    ForConvenience,
    Lasting,
    LaterOf,
    Notice,
    Renewal,
    RenewalKind,
    Side,
    Survival,
    Upon,
)
from notifiers.wording import doubt_words, lead_line
from tests.support.agreements import BY_OPTION, NEVER, once, provided


def evergreen(period, *survivals):
    """No last day was agreed: either side may leave."""
    leave = ForConvenience(Side.EITHER, period)
    return replace(provided(end=None, renewal=NEVER), for_convenience=(leave,), survivals=survivals)


def given(world, sent_on, **said):
    world.do(ops.give_notice, "ACME-7", ops.NoticeFacts(sent_on=date.fromisoformat(sent_on), by="us", **said))


def days(world, reference="ACME-7"):
    """Kind and last safe day of what is live."""
    with world.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find(reference).id)
        return {row.key.kind.value: row.safe_on.isoformat() for row in rows if row.is_live}


def told(world, about):
    row = world.row(about)
    with world.monitor.look() as work:
        facts = facts_of(work, work.agreements.get(row.key.holder), row, with_why=False)
        return lead_line(facts, work.now.date())


def why(world, about):
    row = world.row(about)
    with world.monitor.look() as work:
        return [step.text for step in work.planner.explained(work.agreements.get(row.key.holder), row).reading.steps]


def is_assumed(world, about, code):
    row = world.row(about)
    with world.monitor.look() as work:
        reading = work.planner.explained(work.agreements.get(row.key.holder), row).reading
    return code in reading.assumptions


def test_the_last_day_of_what_had_none_is_told_once_somebody_leaves(world):
    world.agreement(provisions=evergreen(Period(months=3)), exit_plan=Period(months=1))
    assert days(world) == {}
    given(world, "2026-01-05", method="email")
    assert days(world) == {"exit-start": "2026-03-05", "term-end": "2026-04-05"}
    assert why(world, "ACME-7 term-end") == ["notice was given"]
    world.do(ops.revoke_notice, because="new prices")
    assert days(world) == {}


def test_an_end_that_hung_on_a_fact_is_asked_for_no_more_once_it_was_terminated(world):
    later = LaterOf((Lasting(Period(years=3)), Upon("completion of the works")))
    world.agreement(provisions=replace(provided(renewal=NEVER), end=later))
    assert days(world) == {"confirm-end": "2027-01-29"}
    world.do(ops.terminate, last_on=date(2026, 3, 31), because="insolvency")
    assert days(world) == {"term-end": "2026-03-31"}
    assert why(world, "ACME-7 term-end") == ["it was terminated"]


def test_what_survives_the_expiry_of_what_had_no_last_day_is_counted_from_the_day_on_which_it_ended(world):
    secrecy = Survival("confidentiality", Period(years=2), Anchor.EXPIRY)
    world.agreement(provisions=evergreen(Period(days=30), secrecy))
    given(world, "2026-01-05", method="email")
    assert days(world) == {"term-end": "2026-02-04", "survival-end": "2028-02-04"}
    world.live_until("2026-02-05T00:00")
    assert world.get().status == "surviving"


def test_a_term_that_ends_as_agreed_is_still_explained_after_notice(world):
    world.agreement()
    given(world, "2026-01-05", method="email")
    assert days(world) == {"term-end": "2027-01-31"}
    assert why(world, "ACME-7 term-end") == ["1 Feb 2024 + 36 months - 1 day"]


def test_notice_in_business_days_ends_what_had_no_last_day(world):
    """Ten business days after Mon 30 March 2026 in Berlin, without Good Friday and Easter Monday, 3 and 6 April."""
    world.agreement(provisions=evergreen(Period(business_days=10)))
    world.travel_to("2026-03-30T10:00")
    given(world, "2026-03-30", method="email")
    assert days(world) == {"term-end": "2026-04-15"}


def test_a_notice_that_counts_when_sent_asks_not_when_it_arrived(world):
    """It left on the last day, 2 December 2026, and came two days late."""
    (notice,) = provided().notices
    world.agreement(provisions=replace(provided(), notices=(replace(notice, counts_as=CountsAs.SENT),)))
    world.travel_to("2026-12-07T10:00")
    given(world, "2026-12-02", method="post", received_on=date(2026, 12, 4))
    served = world.get().notice
    assert (served.counts_on, served.last_on) == (date(2026, 12, 2), date(2027, 1, 31))


def test_a_day_of_signing_that_is_taken_for_the_effective_day_is_said_to_be_assumed(world):
    world.agreement(effective_on=None, signed_on=None)
    world.do(ops.sign, on=date(2026, 1, 5))
    assert world.row("ACME-7 notice").safe_on == date(2028, 11, 3)
    assert is_assumed(world, "ACME-7 notice", "effective-assumed")


def weekend_window():
    """It ends on 31 January 2027: 56 days before is Sun 6 December, 90 days before Mon 2 November 2026."""
    (notice,) = provided(notice_days=56).notices
    notices = (replace(notice, opens=Period(days=90)),)
    return {"rules": "us-contract", "calendar": "SAT_SUN", "provisions": replace(provided(), notices=notices)}


@pytest.mark.parametrize(
    ("sent_on", "doubt"),
    [
        ("2026-11-02", ""),
        ("2026-12-04", ""),
        (
            "2026-12-07",
            "By the ordinary reading it had to count by Sun 6 Dec 2026: they may say that it came too late.",
        ),
    ],
)
def test_a_notice_that_may_be_disputed_is_said_to_be(world, sent_on, doubt):
    world.agreement(**weekend_window())
    world.travel_to(f"{sent_on}T10:00")
    given(world, sent_on, method="email")
    served = world.get().notice
    assert (served.last_on, doubt_words(served)) == (date(2027, 1, 31), doubt)


def test_a_notice_that_is_too_early_by_every_reading_is_void_and_its_deadline_stays(world):
    world.agreement(**weekend_window())
    world.travel_to("2026-10-30T10:00")
    with pytest.raises(NoticeTooEarly) as refused:
        given(world, "2026-10-30", method="email")
    assert str(refused.value.sentence) == (
        "ACME-7: notice that counts on 30 Oct 2026 is too early and ends nothing. It may be given from 2 Nov 2026 on."
    )
    assert (world.get().notice, world.get().status, world.row("ACME-7 notice").is_live) == (None, "in_force", True)


def test_a_notice_between_two_readings_of_its_first_day_may_be_disputed(world):
    """91 days before the last day is Sun 1 November 2026: on Friday some would say that it is early enough."""
    said = weekend_window()
    (notice,) = said["provisions"].notices
    said["provisions"] = replace(said["provisions"], notices=(replace(notice, opens=Period(days=91)),))
    world.agreement(**said)
    world.travel_to("2026-10-30T10:00")
    given(world, "2026-10-30", method="email")
    doubt = "It may be given from Mon 2 Nov 2026 on: they may say that it came too early."
    assert (world.get().notice.last_on, doubt_words(world.get().notice)) == (date(2027, 1, 31), doubt)


def test_nobody_is_asked_to_give_notice_before_its_first_day(world):
    world.agreement(**weekend_window())
    assert told(world, "ACME-7 notice").startswith(
        "Send non-renewal notice to Acme Labs from Mon 2 Nov 2026 on, by Fri 4 Dec 2026 (in "
    )
    world.travel_to("2026-11-02T10:00")
    assert told(world, "ACME-7 notice").startswith(
        "Send non-renewal notice to Acme Labs by Fri 4 Dec 2026 (in 32 days)"
    )


def test_the_first_day_of_a_notice_is_explained(world):
    world.agreement(**weekend_window())
    assert why(world, "ACME-7 notice-opens") == [
        "1 Feb 2024 + 36 months - 1 day",
        "at most 90 days before, a business day by every reading; earlier notice is void",
    ]


def test_a_right_to_leave_has_no_window(world):
    world.agreement(provisions=evergreen(Period(months=3)))
    given(world, "2026-01-05", method="email")
    assert doubt_words(world.get().notice) == ""


@pytest.mark.parametrize(
    ("said", "last_on"),
    [
        ({"end": "24 months", "renewal": NEVER}, date(2026, 1, 31)),
        ({"end": "12 months", "renewal": BY_OPTION}, date(2025, 1, 31)),
        ({"end": None, "renewal": NEVER}, None),
    ],
)
def test_what_is_over_keeps_its_last_day(world, said, last_on):
    world.agreement(**said)
    world.live_until("2026-02-03T00:00")
    assert last_day_of(world.get(), date(2026, 2, 3)) == last_on


def test_a_notice_that_is_recorded_when_its_term_is_over_ends_it_at_once(world):
    world.agreement(end="12 months", effective_on="2024-02-01")
    assert world.get().term_number == 1
    given(world, "2024-11-04", method="email")
    assert world.get().notice.last_on == date(2025, 1, 31)
    world.tick()
    assert world.get().status == "ended"


def test_what_survives_no_more_once_a_disclosure_is_withdrawn_ends_at_once(world):
    secrecy = Survival("confidentiality", Period(years=1), Anchor.LAST_DISCLOSURE)
    world.agreement(provisions=replace(provided(end="12 months", renewal=NEVER), survivals=(secrecy,)))
    world.do(ops.disclose, given_on=date(2024, 6, 3), what="drawings")
    world.do(ops.disclose, given_on=date(2025, 6, 3), what="by mistake")
    assert world.get().status == "surviving"
    world.do(ops.withdraw_disclosure, disclosure_id="d2", because="it was another agreement")
    world.tick()
    assert world.get().status == "ended"
    world.expect("2026-01-05 09:00 olga: ACME-7 return -30d.0")  # recorded after the end


def half_years(notice, *obligations):
    """A year from 1 February 2024, then half a year at a time: on 5 January 2026 the second of these runs."""
    said = provided(end="12 months", renewal=Renewal(RenewalKind.AUTOMATIC, Period(months=6)))
    return {"provisions": replace(said, notices=(Notice(notice, Side.EITHER),)), "obligations": obligations}


@pytest.mark.parametrize(
    ("terms", "overdue"),
    [
        (half_years(Period(months=6)), {("notice", "2025-07-31")}),
        (half_years(Period(days=60), once("fee", "Licence fee", "2024-06-03")), {("fee", "2024-06-03")}),
    ],
    ids=["its window closed in an earlier term", "a duty was due terms ago"],
)
def test_what_is_overdue_brings_back_no_term_that_was_over_before_it_was_registered(world, terms, overdue):
    """What was over on the day of registration is history, and nobody let it renew without a decision."""
    world.agreement(**terms)
    world.live_until("2026-01-06T00:00")
    world.expect(*world.unexpected)
    assert overdue <= past(world, "2026-01-05") <= overdue | {("notice", "2025-12-02")}
    assert world.incidents() == []


def past(world, today):
    """Every milestone that was ever kept of a day before, by kind and last safe day."""
    with world.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find("ACME-7").id)
    kept = {(row.key.kind.value, row.safe_on.isoformat()) for row in rows}
    return {(kind, on) for kind, on in kept if on < today}
