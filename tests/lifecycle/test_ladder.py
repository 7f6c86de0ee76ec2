"""The ladder: the example of DELIVERY.md L9, and a trap for each of its rules."""

from datetime import date, time
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from config.holiday_calendars import business_calendar
from lifecycle.audience import BACKUP, MANAGER, OWNER
from lifecycle.days.calendars import SAT_SUN, BusinessCalendar, Holiday
from lifecycle.milestones.milestone import Cursor, MilestoneKind
from lifecycle.playbooks.due import next_look
from lifecycle.playbooks.frame import Frame
from lifecycle.playbooks.ladder import ladder, steps
from lifecycle.playbooks.matching import Match
from lifecycle.playbooks.playbook import Repeat, Require, Step, Urgency
from tests.support.ladders import BERLIN, NDA, milestone, playbook, stage, utc


@pytest.fixture(scope="module")
def berlin():
    return business_calendar("DE-BE")


def told(planned):
    return [(step.place, step.at.strftime("%Y-%m-%dT%H:%MZ")) for step in planned]


def test_every_instant_of_the_example_is_as_published(berlin):
    assert told(ladder(milestone(), NDA, berlin, BERLIN)) == [
        ("-90d.0.0", "2026-09-02T06:30Z"),
        ("-30d.0.0", "2026-10-30T07:30Z"),  # 1 Nov is a Sunday
        ("-30d.1.0", "2026-11-04T07:30Z"),
        ("-30d.2.0", "2026-11-09T07:30Z"),
        ("-7d.0.0", "2026-11-24T07:30Z"),
        ("-7d.1.0", "2026-11-26T07:30Z"),
        ("+1d.0.0", "2026-12-02T07:30Z"),
        ("+1d.0.1", "2026-12-04T07:30Z"),
        ("+1d.0.2", "2026-12-08T07:30Z"),
        ("+1d.0.3", "2026-12-10T07:30Z"),
        ("+1d.0.4", "2026-12-14T07:30Z"),
        ("+1d.0.5", "2026-12-16T07:30Z"),
    ]


def test_after_its_last_repeat_a_deadline_is_asked_every_five_business_days(berlin):
    ahead = list(islice(steps(milestone(), Frame(NDA, berlin, BERLIN), after=Cursor("+1d", 0, 5)), 3))
    assert told(ahead) == [
        ("+1d.0.6", "2026-12-23T07:30Z"),
        ("+1d.0.7", "2026-12-31T07:30Z"),  # Christmas is off
        ("+1d.0.8", "2027-01-08T07:30Z"),  # so is New Year's Day
    ]
    assert all(step.is_final and step.audience == (OWNER, BACKUP, MANAGER) for step in ahead)


def test_armed_between_stages_the_latest_past_one_is_counted_from_that_day(berlin):
    planned = ladder(milestone(armed_on=date(2026, 11, 5)), NDA, berlin, BERLIN)
    assert told(planned)[:4] == [
        ("-30d.0.0", "2026-11-05T07:30Z"),
        ("-30d.1.0", "2026-11-10T07:30Z"),
        ("-30d.2.0", "2026-11-13T07:30Z"),
        ("-7d.0.0", "2026-11-24T07:30Z"),
    ]
    assert [step.is_new for step in planned[:4]] == [True, False, False, False]


def test_armed_after_the_target_day_it_speaks_at_once_even_on_a_saturday(berlin):
    planned = ladder(milestone(armed_on=date(2026, 11, 28)), NDA, berlin, BERLIN)
    assert told(planned)[:3] == [
        ("-7d.0.0", "2026-11-27T23:00Z"),  # Saturday, 28 Nov, has begun in Berlin
        ("-7d.1.0", "2026-12-01T07:30Z"),
        ("+1d.0.0", "2026-12-02T07:30Z"),
    ]
    assert [step.urgency for step in planned[:3]] == [Urgency.CRITICAL, Urgency.CRITICAL, Urgency.INTERRUPT]
    assert not any(step.is_new for step in planned)


def test_armed_on_a_weekend_before_the_target_day_it_waits_for_monday():
    planned = ladder(milestone(armed_on=date(2026, 11, 7)), NDA, SAT_SUN, BERLIN)
    assert told(planned)[0] == ("-30d.0.0", "2026-11-09T07:30Z")


def test_a_stage_that_begins_on_the_day_of_birth_is_not_news():
    planned = ladder(milestone(armed_on=date(2026, 10, 30)), NDA, SAT_SUN, BERLIN)
    assert (planned[0].place, planned[0].is_new) == ("-30d.0.0", False)


def test_born_within_fourteen_days_of_its_day_it_does_not_wait_for_a_digest():
    soon = playbook(stage("-40d"), stage("-1d"))
    thirteen = milestone(target_on="2026-12-01", armed_on=date(2026, 11, 18))
    fifteen = milestone(target_on="2026-12-01", armed_on=date(2026, 11, 16))
    assert [ladder(born, soon, SAT_SUN, BERLIN)[0].is_new for born in (thirteen, fifteen)] == [False, True]


def test_overdue_at_birth_only_the_stages_after_the_day_stand():
    planned = ladder(milestone(armed_on=date(2026, 12, 9)), NDA, SAT_SUN, BERLIN)
    assert told(planned)[:2] == [("+1d.0.0", "2026-12-08T23:00Z"), ("+1d.0.1", "2026-12-11T07:30Z")]
    assert {step.stage for step in planned} == {"+1d"}


def test_overdue_by_more_than_thirty_days_at_birth_nothing_is_said():
    assert ladder(milestone(armed_on=date(2027, 1, 1)), NDA, SAT_SUN, BERLIN) == ()
    assert ladder(milestone(armed_on=date(2026, 12, 31)), NDA, SAT_SUN, BERLIN) != ()


def test_a_playbook_that_is_silent_about_the_days_after_gets_a_stage_there():
    planned = ladder(milestone(), playbook(stage("-10d")), SAT_SUN, BERLIN)
    last = planned[-1]
    assert (last.stage, last.on, last.require) == ("+1d", date(2026, 12, 2), Require.OUTCOME)
    assert last.audience == (OWNER, BACKUP, MANAGER)


def test_the_asking_ends_when_the_subject_is_over():
    over = milestone(over_on=date(2026, 12, 31))
    days = [step.on for step in steps(over, Frame(NDA, SAT_SUN, BERLIN)) if step.is_final]
    assert days == [date(2026, 12, 23), date(2026, 12, 30)]


def test_nothing_is_asked_after_the_day_of_a_subject_that_ends_with_it():
    over = milestone(over_on=date(2026, 12, 1))
    assert [step.stage for step in steps(over, Frame(NDA, SAT_SUN, BERLIN))][-1] == "-7d"


def test_a_step_is_pulled_to_the_next_stage_and_says_so():
    crowded = playbook(stage("-10d", Step((OWNER,)), Step((BACKUP,), 9)), stage("-5d"))
    first, pulled, after, *_ = ladder(milestone(), crowded, SAT_SUN, BERLIN)
    assert (pulled.at, pulled.is_clamped, first.is_clamped) == (after.at, True, False)
    assert (pulled.place, after.place) == ("-10d.1.0", "-5d.0.0")


def test_a_step_is_pulled_to_the_last_business_day_up_to_the_day():
    late = playbook(stage("-3d", Step((OWNER,)), Step((BACKUP,), 20)))
    sunday = milestone("2026-11-29", "2026-11-20")
    pulled = ladder(sunday, late, SAT_SUN, BERLIN)[1]
    assert (pulled.on, pulled.is_clamped) == (date(2026, 11, 27), True)


def test_a_repeat_that_would_have_to_be_pulled_is_dropped():
    often = playbook(stage("-10d", Step((OWNER,), repeat=Repeat(1, 20))), stage("-5d"))
    places = [step.place for step in ladder(milestone(), often, SAT_SUN, BERLIN)]
    assert places == ["-10d.0.0", "-10d.0.1", "-10d.0.2", "-10d.0.3", "-10d.0.4", "-5d.0.0", "+1d.0.0"]


def test_a_stage_in_days_never_stands_after_the_next_one_in_business_days():
    closed = tuple(Holiday(date(2026, 11, day), "Closed") for day in range(16, 21))
    crossing = playbook(stage("-13d"), stage("-9bd"))  # the week off puts the ninth business day before the 13th day
    planned = ladder(milestone(), crossing, BusinessCalendar("X", closed), BERLIN)
    assert [(step.stage, step.on) for step in planned[:2]] == [
        ("-13d", date(2026, 11, 11)),
        ("-9bd", date(2026, 11, 11)),
    ]


def test_a_day_that_is_closed_moves_earlier_before_and_later_after_the_day():
    friday = milestone("2026-11-20", "2026-11-13")
    days = [step.on for step in ladder(friday, playbook(stage("-6d"), stage("+1d")), SAT_SUN, BERLIN)]
    assert days == [date(2026, 11, 13), date(2026, 11, 23)]


def test_everything_from_the_target_day_to_the_day_is_critical_and_nothing_after_it():
    daily = playbook(stage("-5bd", Step((OWNER,), repeat=Repeat(1, 5)), urgency=Urgency.DIGEST), stage("+1bd"))
    planned = ladder(milestone(), daily, SAT_SUN, BERLIN)
    critical = [step.on for step in planned if step.urgency is Urgency.CRITICAL]
    assert critical == [date(2026, 11, day) for day in (26, 27, 30)] + [date(2026, 12, 1)]
    assert planned[-1].urgency is Urgency.INTERRUPT


@pytest.mark.parametrize(
    ("safe_on", "zone", "at", "expected"),
    [
        ("2026-03-29", "Europe/Berlin", time(2, 30), "2026-03-29T01:30"),  # in the gap: the offset before it
        ("2026-10-25", "Europe/Berlin", time(2, 30), "2026-10-25T00:30"),  # twice: the first
        ("2026-07-01", "Asia/Kolkata", time(8, 30), "2026-07-01T03:00"),
        ("2026-07-01", "America/St_Johns", time(8, 30), "2026-07-01T11:00"),
        ("2026-07-01", "Pacific/Kiritimati", time(8, 30), "2026-06-30T18:30"),
    ],
)
def test_wall_time_is_the_truth(safe_on, zone, at, expected):
    every_day = BusinessCalendar("EVERY", weekends=())
    on_the_day = milestone(safe_on, safe_on, armed_on=date(2025, 1, 1))
    (planned, *_) = ladder(on_the_day, playbook(stage("0d")), every_day, ZoneInfo(zone), send_at=at)
    assert planned.at == utc(expected)


def test_a_marker_is_spoken_of_only_by_a_playbook_that_names_it():
    marker = milestone(kind=MilestoneKind.RENEWAL, target_on="2026-12-01")
    named = playbook(stage("-10d"), match=Match(milestone=frozenset({MilestoneKind.RENEWAL})))
    assert ladder(marker, playbook(stage("-10d")), SAT_SUN, BERLIN) == ()
    assert told(steps(marker, Frame(named, SAT_SUN, BERLIN))) == [("-10d.0.0", "2026-11-20T07:30Z")]


def test_a_marker_is_spoken_of_after_its_day_only_where_its_playbook_says_so():
    marker = milestone(kind=MilestoneKind.RENEWAL, target_on="2026-12-01")
    named = playbook(stage("-10d"), stage("+1d"), match=Match(milestone=frozenset({MilestoneKind.RENEWAL})))
    assert told(steps(marker, Frame(named, SAT_SUN, BERLIN)))[1:] == [("+1d.0.0", "2026-12-02T07:30Z")]
    assert next_look(marker, Frame(playbook(), SAT_SUN, BERLIN), utc("2026-11-01T00:00")) is None


def test_the_cursor_of_a_stage_that_is_gone_stands_before_the_stage_that_follows_it():
    frame = Frame(NDA, SAT_SUN, BERLIN)
    assert next(steps(milestone(), frame, after=Cursor("-45d", 1, 0))).place == "-30d.0.0"
    assert next(steps(milestone(), frame, after=Cursor("first warning", 1, 0))).place == "-90d.0.0"
    assert next(steps(milestone(), frame, after=Cursor("-30d", 1, 0))).place == "-30d.2.0"


def test_a_named_stage_is_called_by_its_name():
    named = playbook(stage("-10d", name="last call"), stage("+1d"))
    assert [step.place for step in ladder(milestone(), named, SAT_SUN, BERLIN)] == ["last call.0.0", "+1d.0.0"]


def test_the_day_of_a_marker_is_not_critical():
    marker = milestone(kind=MilestoneKind.RENEWAL, target_on="2026-12-01")
    named = playbook(stage("0d"), match=Match(milestone=frozenset({MilestoneKind.RENEWAL})))
    (planned,) = ladder(marker, named, SAT_SUN, BERLIN)
    assert (planned.on, planned.urgency) == (date(2026, 12, 1), Urgency.INTERRUPT)


def test_of_two_stages_that_fall_on_one_day_the_later_one_stands_at_birth():
    closed = tuple(Holiday(date(2026, 11, day), "Closed") for day in range(16, 21))
    crossing = playbook(stage("-13d"), stage("-9bd"))  # both on 11 Nov: see above
    born = milestone(armed_on=date(2026, 11, 12))
    planned = ladder(born, crossing, BusinessCalendar("X", closed), BERLIN)
    assert [(step.stage, step.on) for step in planned][:1] == [("-9bd", date(2026, 11, 12))]


def test_a_subject_that_ends_with_the_day_is_not_asked_about_again_before_it():
    over = milestone(over_on=date(2026, 12, 1))
    assert [step.place for step in steps(over, Frame(playbook(stage("-30d")), SAT_SUN, BERLIN))] == ["-30d.0.0"]


def test_born_on_a_target_day_that_is_closed_its_steps_are_counted_from_that_day():
    born = milestone("2026-12-15", "2026-11-28", armed_on=date(2026, 11, 28))
    planned = ladder(born, playbook(stage("-30d", Step((OWNER,)), Step((BACKUP,), 3))), SAT_SUN, BERLIN)
    assert told(planned)[:2] == [("-30d.0.0", "2026-11-27T23:00Z"), ("-30d.1.0", "2026-12-02T07:30Z")]


def test_born_after_the_last_business_day_before_the_day_it_speaks_at_once():
    sunday = milestone("2026-11-29", "2026-11-29", armed_on=date(2026, 11, 28))
    assert told(ladder(sunday, NDA, SAT_SUN, BERLIN))[0] == ("-7d.0.0", "2026-11-27T23:00Z")
