"""What another version of a playbook would change."""

from dataclasses import replace

from lifecycle.audience import MANAGER, OWNER
from lifecycle.days.calendars import SAT_SUN
from lifecycle.milestones.milestone import Cursor
from lifecycle.playbooks.frame import Frame
from lifecycle.playbooks.plan import Replanned, plan
from lifecycle.playbooks.playbook import Step
from tests.support.ladders import BERLIN, NDA, milestone, playbook, stage, utc

NOW = utc("2026-10-01T10:00")
TWO = playbook(stage("-30d"), stage("-7d"), stage("+1d"))


def planned(old, new, subject=None, now=NOW, **fields):
    subject = subject or milestone(**fields)
    return plan([Replanned(reference="ACME-7", before=subject, after=subject, old=Frame(old, SAT_SUN, BERLIN),
                           new=Frame(new, SAT_SUN, BERLIN))], now)  # fmt: skip


def lines(*args, **kwargs):
    return [str(change) for change in planned(*args, **kwargs).changes]


def test_the_same_playbook_changes_nothing():
    assert planned(NDA, NDA).changes == ()


def test_a_step_that_is_added_is_said_with_its_day_by_the_wall():
    escalated = replace(TWO, stages=(stage("-30d", Step((OWNER,)), Step((MANAGER,), 6)), *TWO.stages[1:]))
    assert lines(TWO, escalated) == ["ACME-7 notice 2026-12-01 + -30d.1 manager Mon 9 Nov 08:30"]
    assert lines(escalated, TWO) == ["ACME-7 notice 2026-12-01 - -30d.1 manager Mon 9 Nov 08:30"]


def test_a_step_that_moves_says_from_when_and_a_named_stage_keeps_its_name():
    early, late = (playbook(stage(at, name="warning"), stage("+1d")) for at in ("-30d", "-20d"))
    assert lines(early, late) == [
        "ACME-7 notice 2026-12-01 > warning.0 owner Wed 11 Nov 08:30 (was Fri 30 Oct 08:30)",
    ]


def test_another_audience_at_the_same_instant_is_said():
    other = replace(TWO, stages=(stage("-30d", Step((MANAGER,))), *TWO.stages[1:]))
    assert lines(TWO, other) == ["ACME-7 notice 2026-12-01 ~ -30d.0 manager Fri 30 Oct 08:30"]


def test_what_was_raised_stays_raised():
    fewer = playbook(stage("-7d"), stage("+1d"))
    assert lines(TWO, fewer, cursor=Cursor("-30d", 0, 0)) == []


def test_another_buffer_is_seen_as_another_urgency():
    wider = milestone(target_on="2026-11-20")
    change = plan(
        [Replanned(reference="A", before=milestone(), after=wider, old=Frame(TWO, SAT_SUN, BERLIN),
                   new=Frame(TWO, SAT_SUN, BERLIN))], NOW,
    )  # fmt: skip
    assert [str(one) for one in change.changes] == ["A notice 2026-12-01 ~ -7d.0 owner Tue 24 Nov 08:30"]


def test_what_would_be_raised_within_a_day_is_counted_once_a_milestone():
    now = utc("2026-11-23T12:00")
    assert planned(TWO, NDA, now=now).raises_within_a_day == 2  # what is past as one, and -7d tomorrow morning
    assert planned(TWO, NDA, now=now, cursor=Cursor("-30d", 2, 0)).raises_within_a_day == 1
    assert planned(TWO, NDA, now=utc("2026-03-01T00:00")).raises_within_a_day == 0


def test_the_digest_changes_with_the_plan():
    assert planned(TWO, NDA).digest == planned(TWO, NDA).digest
    assert planned(TWO, NDA).digest != planned(NDA, TWO).digest


def test_of_a_plan_that_is_narrowed_nothing_else_is_told_or_counted():
    early, late = (playbook(stage(at, name="warning"), stage("+1d")) for at in ("-30d", "-20d"))
    frames = {"old": Frame(early, SAT_SUN, BERLIN), "new": Frame(late, SAT_SUN, BERLIN)}
    both = [Replanned(reference=one, before=milestone(), after=milestone(), **frames) for one in ("ACME-7", "ACME-8")]
    now = utc("2026-11-11T07:00")
    whole, alone = plan(both, now), plan(both[:1], now)
    assert whole.raises_within_a_day == 2
    assert whole.among({"ACME-7", "ACME-9"}) == alone
    assert (alone.raises_within_a_day, whole.among(()).raises_within_a_day) == (1, 0)
