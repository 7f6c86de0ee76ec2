"""Values go into the database and come back equal, and what must never be is refused by the database itself."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from lifecycle.agreements.agreement import Accepted, Money, PinnedDay
from lifecycle.counting.derivation import Clause, Pin
from lifecycle.days.dates import Counting, Period
from lifecycle.delivery import DeliveryKind, DeliveryState
from lifecycle.milestones.milestone import Answer, Cursor, Decision, MilestoneState, Outcome, Proposed
from lifecycle.obligations.duties import (
    Basis,
    Direction,
    Obligation,
    ObligationKind,
    Offset,
    OffsetFrom,
    Once,
    Recurrence,
)
from lifecycle.terms.terms import (
    Anchor,
    CountsAs,
    DeliveryMethod,
    EarlierOf,
    Ended,
    EndedHow,
    EndsAt,
    Extension,
    ForConvenience,
    Lasting,
    LaterOf,
    Notice,
    OpenEnded,
    Side,
    Survival,
    Until,
    Upon,
)
from store.deliveries import Body
from store.errors import NotFound, RowRefused
from tests.support.register import ACME, NOW, OLGA, Register, delivery, milestone

CLAUSE = Clause("12.3", 9, "no later than sixty")


@pytest.fixture
def register() -> Register:
    return Register().with_acme()


@pytest.mark.parametrize(
    "end",
    [
        Lasting(Period(years=3), date(2024, 3, 1), CLAUSE),
        Until(date(2027, 1, 31), Lasting(Period(months=36))),
        OpenEnded(),
        Upon("completion of the works", date(2027, 5, 1)),
        EarlierOf((Until(date(2027, 1, 31)), Upon("delivery"))),
        LaterOf((Until(date(2027, 1, 31)), Lasting(Period(years=2)))),
    ],
)
def test_every_form_of_end_comes_back_as_it_was(register, end):
    changed = replace(ACME, provisions=replace(ACME.provisions, end=end), version=2)
    with register.work() as work:
        work.agreements.save(changed)
    with register.work() as work:
        assert work.agreements.get(ACME.id) == changed


def test_an_agreement_with_everything_comes_back_as_it_was(register):
    full = replace(
        ACME,
        version=2,
        value=Money(Decimal("240000.00"), "EUR"),
        tags=("critical", "cloud"),
        clauses=(("notice_period", CLAUSE),),
        pins=(PinnedDay("n1", "notice", "0", Pin(date(2026, 11, 30), "agreed by mail", "olga", NOW)),),
        accepted=(Accepted("two-ends", "counsel knows", "olga"),),
        exit_plan=Period(months=6),
        obligations=(
            Obligation(id="o1", kind=ObligationKind.AUDIT, name="Audit", due=Once(date(2027, 3, 1)), owner_id=OLGA.id),
            Obligation(
                id="o2",
                kind=ObligationKind.EVIDENCE,
                name="SOC 2",
                due=Recurrence(every=Period(months=3), anchor_on=date(2026, 1, 31), basis=Basis.QUARTER),
            ),
            Obligation(
                id="o3",
                kind=ObligationKind.EXIT_STEP,
                name="Hand over keys",
                due=Offset(Period(business_days=10), Direction.BEFORE, OffsetFrom.EXIT),
            ),
        ),
        provisions=replace(
            ACME.provisions,
            notices=(
                Notice(
                    Period(days=60),
                    Side.OURS,
                    opens=Period(days=180),
                    counting=Counting.CLEAR,
                    at_least=True,
                    counts_as=CountsAs.RECEIVED,
                    method=DeliveryMethod("courier", Period(business_days=1), cutoff=time(17)),
                    clause=CLAUSE,
                ),
            ),
            for_convenience=(ForConvenience(Side.EITHER, Period(months=3), EndsAt.QUARTER_END),),
            survivals=(Survival("confidentiality", Period(years=3), Anchor.EACH_DISCLOSURE, ("trade secrets",)),),
            extensions=(Extension(1, date(2028, 1, 31)),),
            ended=Ended(date(2027, 1, 31), EndedHow.NOTICE_GIVEN),
        ),
    )
    with register.work() as work:
        work.agreements.save(full)
    with register.work() as work:
        assert work.agreements.get(ACME.id) == full
        assert work.agreements.version(ACME.id, 1) == ACME
        assert work.agreements.as_of(ACME.id, NOW - timedelta(seconds=1)) is None


def test_a_milestone_with_everything_comes_back_as_it_was(register):
    full = milestone(
        cursor=Cursor("-30d", 1, 0),
        name="SOC 2",
        side="theirs",
        opens_on=date(2026, 7, 1),
        cutoff=time(17),
        then=Period(months=12),
        then_on=date(2027, 2, 1),
        over_on=date(2027, 1, 31),
        owner_id=OLGA.id,
        backup_id=OLGA.id,
        clause=CLAUSE,
        missed_at=NOW,
        decision=Decision(choice="stop-renewal", by="olga", at=NOW, note="too dear"),
        acknowledged=Answer("olga", NOW),
        verified=Answer("olga", NOW),
        proposed=Proposed(
            safe_on=date(2026, 12, 2),
            target_on=date(2026, 11, 25),
            nominal_on=date(2026, 12, 2),
            latest_on=date(2026, 12, 2),
            because="a holiday was dropped",
        ),
        is_pinned=True,
        is_final=True,
    )
    done = milestone(
        id="m-2",
        key=milestone().key._replace(cycle="1"),
        state=MilestoneState.DONE,
        next_step_at=None,
        outcome=Outcome(kind=MilestoneState.DONE, on=date(2026, 11, 20), by="olga", at=NOW, evidence="courier receipt"),
    )
    with register.work() as work:
        work.milestones.add([full, done])
    with register.work() as work:
        assert work.milestones.of(ACME.id) == [full, done]


@pytest.mark.parametrize(
    "forbidden",
    [
        milestone(next_step_at=None),
        milestone(state=MilestoneState.DONE),
        milestone(state=MilestoneState.ACKNOWLEDGED),
        milestone(acknowledged_until_at=NOW),
        milestone(state=MilestoneState.SNOOZED, snoozed_until_at=NOW, snooze_limit_at=NOW - timedelta(days=1)),
        milestone(state=MilestoneState.ACKNOWLEDGED, acknowledged_until_at=NOW + timedelta(days=1)),
        milestone(state=MilestoneState.PASSED, next_step_at=None),
    ],
    ids=[
        "live sleeps",
        "ended wakes",
        "quiet without end",
        "end without quiet",
        "snoozed too long",
        "wakes late",
        "passed",
    ],
)
def test_the_database_refuses_a_milestone_that_must_not_be(register, forbidden):
    with pytest.raises(RowRefused), register.work() as work:
        work.milestones.add([forbidden])


@pytest.mark.parametrize(
    "forbidden",
    [
        delivery(state=DeliveryState.SENDING, next_attempt_at=None),
        delivery(next_attempt_at=None),
        delivery(state=DeliveryState.ACCEPTED, next_attempt_at=None),
        delivery(state=DeliveryState.IN_DOUBT),
        delivery(in_doubt_since=NOW),
        delivery(state=DeliveryState.BUNDLED, next_attempt_at=None),
        delivery(kind=DeliveryKind.STEP),
    ],
    ids=[
        "no lease",
        "never looked at",
        "accepted when?",
        "doubt since?",
        "pending in doubt",
        "bundled where?",
        "no step",
    ],
)
def test_the_database_refuses_a_delivery_that_must_not_be(register, forbidden):
    with pytest.raises(RowRefused), register.work() as work:
        work.deliveries.add([(forbidden, None)])


def test_a_message_exists_once_under_its_name(register):
    with register.work() as work:
        first = work.deliveries.add([(delivery(), Body("s", "text/plain", b"one"))])
        second = work.deliveries.add([(delivery(id="d-2"), Body("s", "text/plain", b"two"))])
        assert (first, second) == ({"d-1"}, set())
        assert work.deliveries.body("d-1") == Body("s", "text/plain", b"one")
        assert work.deliveries.body("d-2") is None


def test_only_the_holder_of_the_token_moves_a_row_on_its_way(register):
    until = NOW + timedelta(seconds=60)
    with register.work() as work:
        work.deliveries.add([(delivery(), None)])
        (mine,) = work.deliveries.claim(now=NOW, token="t-1", until=until, most=5)
        assert (mine.state, mine.attempts, mine.lease_token) == (DeliveryState.SENDING, 1, "t-1")
        assert work.deliveries.claim(now=NOW, token="t-2", until=until, most=5) == []
        assert not work.deliveries.settle("d-1", "t-2", state=DeliveryState.ACCEPTED, accepted_at=NOW)
        assert work.deliveries.settle("d-1", "t-1", state=DeliveryState.ACCEPTED, accepted_at=NOW)
        assert not work.deliveries.settle("d-1", "t-1", state=DeliveryState.FAILED)


def test_critical_messages_are_claimed_first_and_by_age_alone_when_asked(register):
    old = delivery(id="d-old", dedupe_key="old", priority=3, next_attempt_at=NOW - timedelta(hours=1))
    urgent = delivery(id="d-urgent", dedupe_key="urgent", priority=0)
    until = NOW + timedelta(seconds=60)
    for oldest_first, expected in ((False, "d-urgent"), (True, "d-old")):
        register = Register().with_acme()
        with register.work() as work:
            work.deliveries.add([(old, None), (urgent, None)])
            (taken,) = work.deliveries.claim(now=NOW, token="t", until=until, most=1, oldest_first=oldest_first)
            assert taken.id == expected


def test_references_and_addresses_are_found_ignoring_case(register):
    with register.work() as work:
        assert work.agreements.find("acme-7") == ACME
        assert work.people.by_email("OLGA@example.com") == OLGA
        assert work.counterparties.id_of("ACME  labs gmbh") == "c-acme"
        with pytest.raises(NotFound, match=r"nobody@example\.com"):
            work.people.by_email("nobody@example.com")


def test_a_lease_is_held_by_one_until_it_lapses(register):
    later = NOW + timedelta(seconds=30)
    with register.work() as work:
        take = work.keeping.take_lease
        assert take("scheduler", holder="a", now=NOW, until=later) == 1
        assert take("scheduler", holder="b", now=NOW, until=later) is None
        assert take("scheduler", holder="a", now=NOW, until=later) == 1
        assert take("scheduler", holder="b", now=later, until=later + timedelta(seconds=30)) == 2


def test_a_lease_from_before_the_clock_was_set_back_is_nobodys(register):
    length = timedelta(seconds=30)
    with register.work() as work:
        take = work.keeping.take_lease
        assert take("scheduler", holder="killed", now=NOW + timedelta(hours=2), until=NOW + timedelta(hours=2)) == 1
        assert take("scheduler", holder="a", now=NOW, until=NOW + length) == 2
        assert take("scheduler", holder="b", now=NOW - length, until=NOW) is None, "a clock may be behind by a little"
