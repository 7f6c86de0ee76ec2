"""Checklists become obligations."""

from datetime import date

from lifecycle.audience import MANAGER, parse_audience
from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.periods import Period
from lifecycle.obligations.checklist import At, Checklist, Counted, Every, Template, applied
from lifecycle.obligations.duties import (
    Anchors,
    Direction,
    Obligation,
    ObligationKind,
    Offset,
    OffsetFrom,
    Once,
    Recurrence,
)

FIVE, YEAR = Period(business_days=5), Period(years=1)
ON = date(2026, 11, 20)


def one(timing, **fields):
    return Template("step", "Do it", ObligationKind.DUTY, timing, **fields)


def obligations(*templates, anchors=None, owner_of=lambda _: None):
    listed = Checklist("list", templates)
    return applied(listed, ON, anchors=anchors or Anchors(), calendar=SAT_SUN, owner_of=owner_of)


def test_what_is_counted_from_a_turning_point_follows_it():
    due = Offset(FIVE, Direction.BEFORE, OffsetFrom.EXIT)
    assert obligations(one(At(FIVE, Direction.BEFORE, Counted.EXIT))).obligations == (
        Obligation(id="list.step", kind=ObligationKind.DUTY, name="Do it", due=due, checklist="list"),
    )


def test_what_is_counted_from_the_application_has_its_day_at_once():
    (made,) = obligations(one(At(FIVE, Direction.AFTER, Counted.APPLICATION))).obligations
    assert made.due == Once(date(2026, 11, 27))


def test_what_recurs_is_counted_from_the_day_of_the_turning_point():
    (made,) = obligations(one(Every(YEAR, Counted.EFFECTIVE)), anchors=Anchors(effective_on=ON)).obligations
    assert made.due == Recurrence(YEAR, ON)


def test_what_recurs_from_a_day_that_is_not_known_waits():
    waiting = one(Every(YEAR, Counted.LAST_DAY))
    assert obligations(waiting).waiting == (waiting,)
    assert obligations(waiting).obligations == ()


def test_an_owner_of_its_own_is_named_and_the_owner_of_the_agreement_is_not():
    named = {MANAGER: "p-mia"}
    at = At(FIVE, Direction.AFTER, Counted.SIGNED)
    made = obligations(
        one(at), one(at, owner=MANAGER), one(at, owner=parse_audience("role:legal")), owner_of=named.get
    ).obligations
    assert [obligation.owner_id for obligation in made] == [None, "p-mia", None]


def test_applied_twice_it_gives_the_same_ids():
    template = one(At(FIVE, Direction.AFTER, Counted.SIGNED))
    assert [made.id for made in obligations(template).obligations] == ["list.step"]
