"""Exit plans: the order of steps, the longest chain, and what late starting does to each day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.checklists import shipped
from lifecycle.days.calendars import SAT_SUN, BusinessCalendar
from lifecycle.days.periods import Period
from lifecycle.exits.plan import ExitStep, NoExitTemplate, StepsInCircle, in_order, steps_of
from lifecycle.exits.schedule import schedule
from lifecycle.obligations.checklist import At, Checklist, Counted, Template
from lifecycle.obligations.duties import Direction, ObligationKind

EVERY_DAY = BusinessCalendar("EVERY_DAY", weekends=())
EXIT_ON = date(2027, 6, 30)


def step(name, *, before=0, after=0, takes=1, needs=()):
    direction = Direction.AFTER if after else Direction.BEFORE
    return ExitStep(
        id=name, name=name, period=Period(days=before or after), direction=direction,
        takes=Period(days=takes), needs=tuple(needs),
    )  # fmt: skip


@st.composite
def plans(draw):
    """Steps that need only steps before them, then shuffled."""
    number = draw(st.integers(1, 8))
    steps = [
        step(
            f"s{n}",
            before=draw(st.integers(0, 200)),
            takes=draw(st.integers(1, 40)),
            needs=draw(st.lists(st.sampled_from([f"s{m}" for m in range(n)]), unique=True)) if n else (),
        )
        for n in range(number)
    ]
    return draw(st.permutations(steps))


def chains(steps):
    """Every chain of steps of which each needs the one before it: told naively."""
    by_id = {one.id: one for one in steps}

    def ending_with(one):
        yield (one.id,)
        for needed in one.needs:
            for chain in ending_with(by_id[needed]):
                yield (*chain, one.id)

    return [chain for one in steps for chain in ending_with(one)]


def days_of(chain, steps):
    return sum(one.takes.days for one in steps if one.id in chain)


@given(plans())
def test_the_critical_path_is_the_chain_that_takes_the_most_days(steps):
    found = schedule(steps, EXIT_ON, starts_on=None, calendar=EVERY_DAY)
    assert found.critical in chains(steps)
    assert days_of(found.critical, steps) == max(days_of(chain, steps) for chain in chains(steps))


@given(plans())
def test_every_step_comes_after_all_that_it_needs(steps):
    places = {one.id: place for place, one in enumerate(in_order(steps))}
    assert sorted(places) == sorted(one.id for one in steps)
    assert all(places[needed] < places[one.id] for one in steps for needed in one.needs)


@given(plans())
def test_who_starts_by_the_start_day_is_in_time_with_all_and_who_starts_a_day_later_is_not(steps):
    in_time = schedule(steps, EXIT_ON, starts_on=None, calendar=EVERY_DAY)
    assert all(one.slack_days >= 0 for one in in_time.steps)
    too_late = in_time.start_by_on + timedelta(days=1)
    assert min(one.slack_days for one in schedule(steps, EXIT_ON, starts_on=too_late, calendar=EVERY_DAY).steps) < 0


@given(plans(), st.integers(0, 300))
def test_no_step_is_due_before_what_it_needs_and_none_before_it_can_be(steps, days_before):
    starts_on = EXIT_ON - timedelta(days=days_before)
    found = {one.step.id: one for one in schedule(steps, EXIT_ON, starts_on=starts_on, calendar=EVERY_DAY).steps}
    for one in found.values():
        assert one.earliest_on >= starts_on + timedelta(days=one.step.takes.days)
        assert one.due_on == max(one.wanted_on, one.earliest_on)
        for needed in one.step.needs:
            assert one.earliest_on >= found[needed].earliest_on + timedelta(days=one.step.takes.days)
        assert bool(one.late_days) == (one.earliest_on > EXIT_ON)


@given(plans(), st.integers(1, 60))
def test_an_exit_day_that_moves_takes_every_day_with_it(steps, by):
    here = schedule(steps, EXIT_ON, starts_on=None, calendar=EVERY_DAY)
    there = schedule(steps, EXIT_ON + timedelta(days=by), starts_on=None, calendar=EVERY_DAY)
    assert there.critical == here.critical
    assert [one.wanted_on - timedelta(days=by) for one in there.steps] == [one.wanted_on for one in here.steps]


def test_a_step_that_is_late_for_the_exit_day_is_named_with_its_days():
    steps = (step("a", before=60, takes=20), step("b", takes=15, needs=["a"]), step("c", after=30, takes=5))
    found = schedule(steps, EXIT_ON, starts_on=EXIT_ON - timedelta(days=30), calendar=EVERY_DAY)
    assert [(one.step.id, one.due_on, one.late_days) for one in found.steps] == [
        ("a", date(2027, 6, 20), 0),
        ("b", date(2027, 7, 5), 5),
        ("c", date(2027, 7, 30), 0),
    ]
    assert [one.step.id for one in found.late] == ["b"]


def test_what_takes_business_days_is_over_on_one():
    found = schedule([step("a", takes=1)], EXIT_ON, starts_on=date(2027, 6, 4), calendar=SAT_SUN)  # a Friday
    assert found.steps[0].earliest_on == date(2027, 6, 7)


def test_a_circle_is_refused_by_name():
    steps = (step("a", needs=["c"]), step("b", needs=["a"]), step("c", needs=["b"]), step("d"))
    with pytest.raises(StepsInCircle, match=r"a needs c needs b needs a"):
        schedule(steps, EXIT_ON, starts_on=None, calendar=EVERY_DAY)


def test_a_checklist_that_knows_no_exit_is_no_template():
    timing = At(Period(days=3), Direction.AFTER, Counted.EFFECTIVE)
    checklist = Checklist("nda-onboarding", (Template("file", "File it", ObligationKind.DUTY, timing),))
    with pytest.raises(NoExitTemplate, match="nda-onboarding"):
        steps_of(checklist, lambda _: None)


def test_the_shipped_template_needs_more_than_its_first_offset():
    (template,) = [one for one in shipped() if one.name == "exit-bpo"]
    found = schedule(steps_of(template, lambda _: None), EXIT_ON, starts_on=None, calendar=SAT_SUN)
    assert found.critical == (
        "team", "inventory", "transfer-plan", "transfer", "parallel-run", "handover", "data-return", "deletion"
    )  # fmt: skip
    assert (found.start_by_on, found.length_days) == (date(2026, 12, 23), 189)
    assert found.late == ()
