"""Milestones and playbooks for tests of ladders."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lifecycle.audience import BACKUP, MANAGER, OWNER, parse_audience
from lifecycle.days.periods import Period
from lifecycle.milestones.milestone import MARKERS, Milestone, MilestoneKey, MilestoneKind, MilestoneState
from lifecycle.playbooks.playbook import Offset, Playbook, Repeat, Require, Stage, Step, Urgency

BERLIN = ZoneInfo("Europe/Berlin")
LEGAL = parse_audience("role:legal")
BORN_ON = date(2026, 1, 5)

#: The stages of DELIVERY.md's example.
NDA = Playbook(
    name="nda",
    buffer=Period(business_days=3),
    stages=(
        Stage(Offset(-90), (Step((OWNER,)),), urgency=Urgency.DIGEST),
        Stage(Offset(-30), (Step((OWNER,), via=("slack", "email")), Step((BACKUP,), 3), Step((MANAGER,), 6))),
        Stage(Offset(-7), (Step((OWNER, BACKUP)), Step((LEGAL,), 2)), require=Require.DECISION),
        Stage(Offset(1), (Step((OWNER, BACKUP, MANAGER), repeat=Repeat(2, 5)),), require=Require.OUTCOME),
    ),
)


def playbook(*stages, **fields):
    return Playbook(name="trial", stages=stages, **fields)


def stage(at, *steps, **fields):
    number, is_business = int(at.rstrip("bd")), at.endswith("bd")
    return Stage(Offset(number, is_business), steps or (Step((OWNER,)),), **fields)


def milestone(safe_on="2026-12-01", target_on="2026-11-26", kind=MilestoneKind.NOTICE, **fields):
    safe_on = date.fromisoformat(safe_on)
    whole = Milestone(
        id="m1",
        key=MilestoneKey("a1", "n1", kind, "2"),
        is_deadline=kind not in MARKERS,
        state=MilestoneState.OPEN,
        safe_on=safe_on,
        target_on=date.fromisoformat(target_on),
        nominal_on=safe_on,
        latest_on=safe_on,
        revision=1,
        generation=1,
        armed_on=BORN_ON,
        playbook="nda",
        playbook_version=1,
        next_step_at=None,
        cursor=None,
    )
    return replace(whole, **fields)


def utc(text):
    return datetime.fromisoformat(f"{text}+00:00")
