"""Which decisions there are, and what they leave to do."""

from datetime import date

import pytest

from lifecycle.milestones.deciding import Choice, DecisionRefused, choices, late_step, verdict
from lifecycle.milestones.milestone import MARKERS, MilestoneKind

LEAVING, NOTICE, OPTION, SIGN = (
    MilestoneKind.LEAVING,
    MilestoneKind.NOTICE,
    MilestoneKind.OPTION,
    MilestoneKind.RENEWAL_AGREEMENT,
)


@pytest.mark.parametrize("kind", [kind for kind in MilestoneKind if kind not in MARKERS])
@pytest.mark.parametrize("choice", Choice)
def test_only_four_decisions_close_a_deadline(kind, choice):
    closing = {(NOTICE, Choice.RENEW), (LEAVING, Choice.RENEW), (OPTION, Choice.LET_LAPSE), (SIGN, Choice.LET_LAPSE)}
    if choice in choices(kind):
        assert verdict(kind, choice).is_closing is ((kind, choice) in closing)
    else:
        with pytest.raises(DecisionRefused):
            verdict(kind, choice)


@pytest.mark.parametrize(
    ("kind", "choice", "say"),
    [
        (NOTICE, "let-lapse", "Say stop-renewal."),
        (LEAVING, "stop-renewal", "Say terminate."),
        (OPTION, "stop-renewal", "Say let-lapse."),
        (SIGN, "stop-renewal", "Say let-lapse."),
    ],
)
def test_a_word_that_would_mislead_is_refused_and_the_right_one_named(kind, choice, say):
    with pytest.raises(DecisionRefused) as refused:
        verdict(kind, choice)
    assert refused.value.remedy == say


def test_a_decision_that_leaves_a_duty_says_that_the_other_side_knows_nothing():
    for kind in (NOTICE, LEAVING, OPTION, SIGN, MilestoneKind.AUDIT):
        for choice in choices(kind):
            told = verdict(kind, choice)
            assert told.is_closing or told.next_step.startswith("The counterparty has not been told. ")


def test_the_next_step_after_stopping_a_renewal_is_the_notice():
    assert verdict(NOTICE, "stop-renewal").next_step == (
        "The counterparty has not been told. Serve the notice of non-renewal, record it with its proof, then say done."
    )


def test_what_came_too_late_is_told_with_the_day_on_which_its_time_ended():
    said = late_step(NOTICE, Choice.STOP_RENEWAL, ended_on=date(2026, 12, 2), then_on=date(2027, 1, 1))
    assert "the time for its notice ended on 2 Dec 2026, and it renews on 1 Jan 2027." in said
    assert "ended on 2 Dec 2026. Agree" in late_step(OPTION, Choice.RENEW, ended_on=date(2026, 12, 2), then_on=None)
    assert late_step(NOTICE, Choice.TERMINATE, ended_on=date(2026, 12, 2), then_on=None) == ""


@pytest.mark.parametrize("kind", sorted(MARKERS))
def test_nobody_decides_about_a_marker(kind):
    assert choices(kind, is_deadline=False) == ()
    with pytest.raises(DecisionRefused) as refused:
        verdict(kind, "renew", is_deadline=False)
    assert refused.value.sentence.startswith(f"{kind.value} is a marker")


def test_a_word_that_is_no_decision_is_answered_with_those_that_are():
    with pytest.raises(DecisionRefused) as refused:
        verdict(NOTICE, "cancel")
    assert refused.value.remedy == "Say renew, stop-renewal, renegotiate or terminate."
