"""A bucket lets through what its pace allows, no more and no less."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lifecycle.pacing import Bucket, Pace, blocked, free_at, lined_up, taken

NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
FULL = Bucket(name="b", full_at=NOW)


def seconds(count):
    return timedelta(seconds=count)


def test_a_burst_leaves_at_once_and_then_one_in_each_step():
    pace, bucket, left = Pace("b", 1.0, 3), FULL, []
    for _ in range(5):
        at = free_at(bucket, pace, max(NOW, left[-1]) if left else NOW)
        left.append(at)
        bucket = taken(bucket, pace, at)
    assert [(at - NOW).total_seconds() for at in left] == [0, 0, 0, 1, 2]


def test_a_bucket_that_was_left_alone_is_full_again_and_no_fuller():
    pace = Pace("b", 1.0, 2)
    later = NOW + timedelta(days=1)
    bucket = taken(taken(FULL, pace, NOW), pace, NOW)
    assert free_at(bucket, pace, NOW) == NOW + seconds(1)
    bucket = taken(taken(bucket, pace, later), pace, later)
    assert free_at(bucket, pace, later) == later + seconds(1)


def test_a_channel_that_asked_for_patience_is_not_asked_before():
    bucket = blocked(FULL, NOW + seconds(30))
    assert free_at(bucket, Pace("b", 1.0, 3), NOW) == NOW + seconds(30)


def test_a_shorter_patience_does_not_end_a_longer_one():
    bucket = blocked(blocked(FULL, NOW + seconds(3600)), NOW + seconds(5))
    assert bucket.blocked_until == NOW + seconds(3600)


def test_those_who_stand_in_line_come_back_one_after_the_other():
    pace, bucket, back = Pace("b", 2.0), taken(FULL, Pace("b", 2.0), NOW), []
    for _ in range(3):
        bucket, at = lined_up(bucket, pace, free_at(bucket, pace, NOW))
        back.append((at - NOW).total_seconds())
    assert back == [2, 4, 6]


def test_a_line_that_is_over_is_forgotten():
    pace = Pace("b", 1.0)
    bucket, _ = lined_up(taken(FULL, pace, NOW), pace, NOW + seconds(1))
    later = NOW + seconds(600)
    assert lined_up(taken(bucket, pace, later), pace, later + seconds(1))[1] == later + seconds(1)


@given(st.lists(st.floats(0, 10), max_size=60), st.floats(0.1, 3), st.integers(1, 5))
def test_no_window_ever_holds_more_than_the_burst_and_the_pace(gaps, every, burst):
    pace, bucket, now, left = Pace("b", every, burst), FULL, NOW, []
    for gap in gaps:
        now += seconds(gap)
        if free_at(bucket, pace, now) <= now:
            bucket = taken(bucket, pace, now)
            left.append(now)
    for at, first in enumerate(left):
        for number, last in enumerate(left[at:], 1):
            assert number <= burst + (last - first).total_seconds() / every + 0.001
