"""What people read in Slack, as blocks that can be pasted into Slack's own Block Kit Builder."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lifecycle.delivery import DeliveryKind
from lifecycle.milestones.milestone import MilestoneKind, MilestoneState
from notifiers.sheet import Standing
from notifiers.slack.notifier import SlackNotifier, SlackSettings
from tests.support.facts import TODAY, away, deadline, digest, facts
from tests.support.golden import assert_golden

LINK = "https://longstop.example/act/a1"
NOTIFIER = SlackNotifier(SlackSettings(token=""))
FIRST = facts(deadline(url=LINK), base_url="https://longstop.example")
ANSWERED = {"by": "Dana Krüger", "at": datetime(2026, 11, 21, 9, 12, tzinfo=UTC)}


def shown(state, **said):
    return replace(FIRST, standing=Standing(state=state, **ANSWERED | said))


SHEETS = {
    "first": FIRST,
    "acknowledged": shown(MilestoneState.ACKNOWLEDGED, until_at=datetime(2026, 11, 24, 7, 30, tzinfo=UTC)),
    "done": shown(MilestoneState.DONE, on=date(2026, 11, 20), note="courier 1Z999, signed for by <R. Roe>"),
    "escalated-overdue": facts(
        deadline(owner="", assumptions=("receipt-assumed",)),
        today=date(2026, 12, 3),
        is_escalation=True,
        is_late=True,
        skipped=1,
        require="decision",
        silent_since_on=date(2026, 11, 24),
        stage="+1d",
        stage_number=4,
    ),
    "moved": facts(
        deadline(is_verified=True), kind=DeliveryKind.CHANGED, moved_from_on=date(2026, 12, 4), next_steps=()
    ),
    "item": facts(
        deadline(
            MilestoneKind.SCREENING,
            name="Screen the counterparty before the first disclosure",
            proof="Search report",
            clause=None,
            subject="nda-onboarding.screening",
            url=LINK,
            assumptions=(),
            why=(),
            value=None,
            cutoff=None,
        ),
        text="Ben is away; you stand in.",
    ),
    "marker": facts(deadline(MilestoneKind.TERM_END, is_deadline=False, value=None, why=()), next_steps=()),
    "digest": digest(
        [
            deadline(safe_on=TODAY - timedelta(days=2), url=LINK),
            *(deadline(MilestoneKind.AUDIT, milestone_id=f"a{n}", name="Annual SOC 2", owner="") for n in range(12)),
            deadline(MilestoneKind.TERM_END, is_deadline=False, safe_on=date(2027, 1, 31)),
        ],
        heading="New in your register",
        gaps=("3 agreements have no owner.",),
        base_url="https://longstop.example",
    ),
    "away": away(LINK),
    "quiet": digest([], ahead=(19, date(2027, 3, 4))),
    "incident": facts(
        kind=DeliveryKind.INCIDENT,
        heading="Renewed without a decision",
        text="The last safe day was Tue 1 Dec 2026.\nIt renewed on Mon 1 Feb 2027.",
    ),
    "test": facts(kind=DeliveryKind.TEST, deadlines=()),
    "outsider": facts(is_outsider=True),
}


@pytest.mark.parametrize("name", SHEETS)
def test_what_people_read_is_the_golden_message(name):
    made = json.loads(NOTIFIER.compose(SHEETS[name]).body)
    assert_golden(f"messages/slack-{name}.json", (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode())
