"""Events as sentences, for people who know neither keys nor the names of classes."""

from datetime import date

import pytest

from lifecycle import events as happened
from lifecycle.milestones.milestone import MilestoneKey, MilestoneKind
from notifiers.wording import event_words, milestone_words
from tests.support.ladders import milestone

DAY = date(2026, 12, 18)


@pytest.mark.parametrize(
    ("kind", "cycle", "name", "said"),
    [
        ("notice", "0", "", "notice, first term"),
        ("renewal-agreement", "2", "", "renewal agreement, renewal 2"),
        ("renewal", "3", "", "renewal, number 3"),
        ("survival-end", "0", "", "survival end"),
        ("audit", "1", "Access rights", "Access rights"),
        ("audit", "3", "Access rights", "Access rights, number 3"),
        ("evidence", "2026-11", "Availability report", "Availability report, 2026-11"),
    ],
)
def test_a_milestone_is_called_as_people_count(kind, cycle, name, said):
    row = milestone(key=MilestoneKey("a1", "n1", MilestoneKind(kind), cycle), name=name)
    assert milestone_words(row) == said


def about(_):
    return "notice, first term"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            happened.StepRaised(
                agreement_id="a",
                milestone_id="m",
                revision=1,
                safe_on=DAY,
                stage="-45d",
                step=0,
                repeat=0,
                deliveries=("d", "e"),
            ),
            "Asked 2 recipients, 45 days before: notice, first term.",
        ),
        (
            happened.MilestonesReplanned(
                agreement_id="a", added=("m", "n", "o"), moved=(), withdrawn=("p",), reopened=()
            ),
            "4 dates computed: 3 new and 1 withdrawn.",
        ),
        (
            happened.MilestonesReplanned(agreement_id="a", added=("m",), moved=(), withdrawn=(), reopened=()),
            "Notice, first term: new.",
        ),
        (
            happened.EvidenceRequested(agreement_id="a", request_id="r", kind="soc2-type-2", due_on=DAY),
            "Asked the other side for “SOC 2 Type II report”, due by 18 Dec 2026.",
        ),
        (
            happened.EvidenceRequested(agreement_id="a", request_id="r", kind="of-2031", due_on=DAY),
            "Asked the other side for “of-2031”, due by 18 Dec 2026.",
        ),
        (
            happened.DeliveryAccepted(delivery_id="d", agreement_id="a", milestone_id="m", channel="email", ref="1"),
            "A message was taken by e-mail.",
        ),
        (
            happened.DeliveryFailed(delivery_id="d", agreement_id="a", milestone_id="m", channel="slack", why="gone"),
            "A message could not be delivered by Slack.",
        ),
    ],
)
def test_an_event_is_a_sentence_without_keys(event, said):
    assert event_words(event, about) == said
