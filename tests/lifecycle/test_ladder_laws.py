"""Laws of every ladder, whatever playbook, calendar, zone and birth."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.audience import BACKUP, MANAGER, OWNER
from lifecycle.days.calendars import BusinessCalendar, Holiday
from lifecycle.milestones.milestone import Answer, MilestoneState
from lifecycle.playbooks.canonical import canonical, from_canonical
from lifecycle.playbooks.due import next_look, next_step, quiet_until
from lifecycle.playbooks.frame import Frame
from lifecycle.playbooks.ladder import ladder, steps
from lifecycle.playbooks.playbook import Offset, Playbook, Repeat, Require, Stage, Step, Urgency
from tests.support.ladders import milestone

DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia")]
)


LAW = settings(max_examples=50, deadline=None)


def _closing(seed, share):
    days = (date(2026, 1, 1) + timedelta(day) for day in range(2200))
    dice = Random(seed)
    return BusinessCalendar(f"X{seed}", tuple(Holiday(day, "Closed") for day in days if dice.random() < share))


CALENDARS = st.sampled_from([_closing(seed, share) for seed, share in enumerate((0, 0.03, 0.1, 0.3, 0.6))])


# Made once: composing a strategy takes longer than drawing from it.
OFFSETS = st.lists(
    st.builds(Offset, st.integers(-120, 20), st.booleans()).map(lambda at: at if at.number else Offset(0)),
    min_size=1,
    max_size=6,
)
AFTERS = st.frozensets(st.integers(1, 30), max_size=3)
ASKED = st.sampled_from([OWNER, BACKUP, MANAGER])
REPEATS = st.none() | st.builds(Repeat, st.integers(1, 10), st.integers(1, 20))
URGENCIES = st.sampled_from(Urgency)
BEFORE, BORN, OVER = st.integers(0, 20), st.integers(-40, 200), st.none() | st.integers(0, 200)


@st.composite
def playbooks(draw):
    by_days = {at.days: at for at in draw(OFFSETS)}
    return Playbook("drawn", tuple(_stage(draw, by_days[days]) for days in sorted(by_days)))


def _stage(draw, at):
    afters = [0, *sorted(draw(AFTERS))]
    made = [Step((draw(ASKED),), after) for after in afters]
    return Stage(at, (*made[:-1], replace(made[-1], repeat=draw(REPEATS))), urgency=draw(URGENCIES))


PLAYBOOKS = playbooks()


@st.composite
def milestones(draw):
    safe_on = draw(DAYS)
    target_on = safe_on - timedelta(draw(BEFORE))
    armed_on = safe_on - timedelta(draw(BORN))
    over = draw(OVER)
    over_on = None if over is None else safe_on + timedelta(over)
    return milestone(safe_on.isoformat(), target_on.isoformat(), armed_on=armed_on, over_on=over_on)


MILESTONES = milestones()


@st.composite
def standing(draw):
    return draw(MILESTONES), Frame(draw(PLAYBOOKS), draw(CALENDARS), draw(ZONES))


@LAW
@given(standing())
def test_steps_are_in_the_order_of_their_instants_and_none_is_there_twice(drawn):
    planned = list(islice(steps(*drawn), 30))
    assert all(one.at <= later.at for one, later in pairwise(planned))
    assert len({step.place for step in planned}) == len(planned)


@LAW
@given(standing())
def test_a_step_is_the_first_after_the_cursor_just_before_it(drawn):
    for step in islice(steps(*drawn), 30):
        assert next(steps(*drawn, after=step.cursor._replace(repeat=step.repeat - 1))) == step


@LAW
@given(standing())
def test_a_step_stands_on_a_business_day_unless_it_speaks_at_birth(drawn):
    subject, frame = drawn
    for step in islice(steps(subject, frame), 30):
        assert frame.calendar.is_business_day(step.on) or step.on == subject.armed_on


@LAW
@given(standing())
def test_no_step_stands_before_the_birth(drawn):
    subject, frame = drawn
    assert all(step.on >= subject.armed_on for step in islice(steps(subject, frame), 30))


@LAW
@given(standing())
def test_before_the_day_no_stage_has_a_step_after_it_and_after_the_day_none_before_it(drawn):
    subject, frame = drawn
    for step in islice(steps(subject, frame), 30):
        assert (step.on > subject.safe_on) == step.stage.startswith("+")


@LAW
@given(standing())
def test_no_step_stands_after_the_first_of_the_next_stage(drawn):
    planned = [step for step in islice(steps(*drawn), 30) if not step.is_final]
    firsts = {step.stage: step.at for step in planned if (step.step, step.repeat) == (0, 0)}
    order = list(firsts)
    for step in planned:
        if after := order[order.index(step.stage) + 1 :]:
            assert step.at <= firsts[after[0]]


@LAW
@given(standing())
def test_a_step_that_is_not_pulled_stands_at_the_hour_of_sending_by_the_wall(drawn):
    subject, frame = drawn
    for step in islice(steps(subject, frame), 30):
        local = step.at.astimezone(frame.zone)
        assert local.date() == step.on
        assert local.time() == time(8, 30) or step.on == subject.armed_on


@LAW
@given(standing(), st.integers(0, 400))
def test_every_live_deadline_has_an_instant_at_which_it_is_looked_at_again(drawn, days):
    subject, frame = drawn
    now = datetime.combine(subject.armed_on + timedelta(days), time(12), UTC)
    due = next_step(subject, frame, now)
    at = due.then_at if due else next_look(subject, frame, now).at
    assert at > now


@LAW
@given(standing(), st.data())
def test_what_follows_a_cursor_is_the_rest_of_the_ladder(drawn, data):
    subject, frame = drawn
    planned = list(islice(steps(subject, frame), 40))
    if planned:
        index = data.draw(st.integers(0, len(planned) - 1))
        rest = list(islice(steps(subject, frame, after=planned[index].cursor), 40 - index - 1))
        assert rest == planned[index + 1 :]


@LAW
@given(standing(), st.data())
def test_an_acknowledgement_ends_with_another_stage_or_another_asking(drawn, data):
    subject, frame = drawn
    planned = list(islice(steps(subject, frame), 40))
    if planned:
        cursor = data.draw(st.sampled_from(planned)).cursor
        quiet = replace(subject, cursor=cursor, state=MilestoneState.ACKNOWLEDGED)
        look = next_look(quiet, frame, planned[0].at)
        assert look.step is None or look.step.stage != cursor.stage or look.step.is_final


@LAW
@given(standing(), st.data())
def test_no_answer_but_an_outcome_quiets_a_deadline_past_the_business_day_before_its_last_safe_day(drawn, data):
    subject, frame = drawn
    last_at = frame.at(frame.calendar.shift(subject.safe_on, -1))
    before = [step for step in islice(steps(subject, frame), 40) if step.at < last_at]
    if subject.is_deadline and before:
        asked = data.draw(st.sampled_from(before))
        said_at = asked.at + (last_at - asked.at) * data.draw(st.floats(0, 0.9))
        taken = replace(subject, cursor=asked.cursor, acknowledged=Answer("olga", said_at))
        is_earlier = said_at.astimezone(frame.zone).date() < last_at.astimezone(frame.zone).date()
        own = [one for one in frame.playbook.stages if one.at.number <= 0]
        if is_earlier and own and own[-1].require is not Require.OUTCOME and own[-1].at.number < 0:
            assert quiet_until(taken, frame, said_at).at <= last_at


@LAW
@given(milestones(), playbooks(), CALENDARS, ZONES)
def test_a_ladder_is_the_same_each_time_it_is_computed(subject, book, calendar, zone):
    assert ladder(subject, book, calendar, zone) == ladder(subject, from_canonical(canonical(book)), calendar, zone)


@LAW
@given(standing(), milestones())
def test_what_a_frame_has_found_for_one_milestone_holds_for_no_other_days(drawn, other):
    subject, used = drawn
    names = ("is_deadline", "safe_on", "target_on", "armed_on", "over_on")
    twins = [subject, *(replace(subject, **{name: getattr(other, name)}) for name in names)]
    for first in islice(steps(subject, used), 2):
        for twin in twins:
            fresh = Frame(used.playbook, used.calendar, used.zone)
            asked, anew = (islice(steps(twin, frame, after=first.cursor), 10) for frame in (used, fresh))
            assert list(asked) == list(anew)
