"""Supposing on paper says what the real operation brings about, and leaves the register as it is."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.forecasting.supposing import What, compare, picture, suppose
from engine.operations import NoticeFacts
from engine.trial import tried
from lifecycle.days.dates import Counting, Period
from lifecycle.events import Actor
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.terms.provisions import DeliveryMethod, EndConvention
from tests.support.agreements import agreement, provided
from tests.support.world import World

UNTIL = date(2027, 11, 23)


@pytest.fixture(scope="module")
def world():
    made = World("2026-11-23T09:00")
    made.staff()
    with made.monitor.work() as work:
        olga = work.people.by_email("olga@example.com")
        ops.register(work, agreement(owner_id=olga.id))
    return made


def longer(work, known):
    return ops.amend(work, replace(known, provisions=provided(notice_days=90)), because="tried")


def noticed(work, known):
    return ops.give_notice(work, known, NoticeFacts(sent_on=date(2026, 11, 23), by="us"))


def told(difference):
    days = [(one.what, one.row.key, one.after and one.after.safe_on, one.because) for one in difference.days]
    messages = [
        (one.what, one.before and one.before.send_at, one.after and one.after.send_at) for one in difference.messages
    ]
    return days, messages


@pytest.mark.parametrize("change", [longer, noticed])
def test_paper_says_what_a_rolled_back_operation_says(world, change):
    with world.monitor.look() as work:
        supposed = suppose(work, work.agreements.find("ACME-7"), change, UNTIL)

    with tried(world.monitor, Actor("mei@example.com", "web"), is_dry_run=True) as work:
        known = work.agreements.find("ACME-7")
        before = picture(work, known, UNTIL)
        made = change(work, known)
        work.settle()
        real = compare(work, before, picture(work, work.agreements.get(made.id), UNTIL))
    assert told(supposed) == told(real)


def test_nothing_of_it_is_kept(world):
    with world.monitor.look() as work:
        before = work.agreements.find("ACME-7"), work.log.head()
        suppose(work, before[0], noticed, UNTIL)
    with world.monitor.look() as work:
        assert (work.agreements.find("ACME-7"), work.log.head()) == before


def test_a_moved_day_names_the_step_that_is_another_one(world):
    with world.monitor.look() as work:
        found = suppose(work, work.agreements.find("ACME-7"), longer, UNTIL)
    moved = found.days_that(What.MOVED)
    assert {one.because for one in moved} == {"90 days, the day of notice not counted"}
    assert all(one.after.safe_on < one.before.safe_on for one in moved)


def with_notice(known, **said):
    (notice,) = known.provisions.notices
    return replace(known, provisions=replace(known.provisions, notices=(replace(notice, **said),)))


def with_convention(known, convention):
    return replace(known, provisions=replace(known.provisions, convention=convention))


COURIER = DeliveryMethod("courier", Period(business_days=1))


@pytest.mark.parametrize(
    ("was", "now", "because"),
    [
        (
            lambda known: with_convention(known, None),
            lambda known: with_convention(known, EndConvention.ANNIVERSARY),
            "1 Feb 2024 + 36 months",
        ),
        (
            lambda known: with_notice(known, counting=Counting.CLEAR),
            lambda known: with_notice(known, counting=Counting.PLAIN),
            "no longer: clear: the day of notice and the last day are both not counted, one day earlier",
        ),
        (
            lambda known: with_notice(known, counting=Counting.PLAIN),
            lambda known: with_notice(known, counting=Counting.CLEAR),
            "clear: the day of notice and the last day are both not counted, one day earlier",
        ),
        (
            lambda known: with_notice(known, method=COURIER),
            lambda known: with_notice(known, method=None),
            "no longer: courier: received the next business day; sent Tuesday, 1 Dec 2026",
        ),
    ],
)
def test_a_moved_day_names_what_makes_the_difference(was, now, because):
    made = World("2026-11-23T09:00")
    made.staff()
    with made.monitor.work() as work:
        ops.register(work, was(agreement()))
    with made.monitor.look() as work:
        known = work.agreements.find("ACME-7")
        found = suppose(work, known, lambda paper, its: ops.amend(paper, now(its), because="tried"), UNTIL)
    moved = [one for one in found.days_that(What.MOVED) if one.row.key.kind is MilestoneKind.NOTICE]
    assert moved[0].because == because


def test_what_does_not_change_is_the_same(world):
    with world.monitor.look() as work:
        found = suppose(work, work.agreements.find("ACME-7"), lambda _, known: known, UNTIL)
    assert {one.what for one in (*found.days, *found.messages)} == {What.SAME}
