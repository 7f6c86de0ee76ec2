"""What became of what was asked: answers per stage, and what had to be escalated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

from lifecycle.errors import LifecycleError
from lifecycle.playbooks.playbook import parse_offset
from notifiers.wording import counted, stage_words
from store.queries.reports import Answered, RaisedStep, answers, escalated, steps_raised, told
from web.frame.words import readable
from web.govern.charts import Bar, bars
from web.govern.report import MOST, Asked, Report
from web.govern.tables import Column, Link, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from web.frame.viewer import Viewer
    from web.govern.tables import Cell


Reply = tuple[str, timedelta]  # how, and after how long
Names = Mapping[tuple[str, str], tuple[str, ...]]  # who was told, by milestone and place
_HOW: Final = {
    "MilestoneAcknowledged": "acknowledged",
    "MilestoneSnoozed": "snoozed",
    "MilestoneDecided": "decided",
    "MilestoneDone": "done",
    "MilestoneWaived": "waived",
}


def answers_per_stage(work: Work, viewer: Viewer, asked: Asked) -> Report:
    span = asked.span(viewer)
    stages = _per_stage(steps_raised(work, viewer.person, span), answers(work, viewer.person, span))
    ordered = sorted(stages.items(), key=lambda pair: _place(pair[0]))
    columns = (Column("stage", "Stage"), Column("asked", "Asked", is_number=True))
    hows = tuple(Column(how, readable(how), is_number=True) for how in _HOW.values())
    rest = (
        Column("unanswered", "No answer", is_number=True),
        Column("hours", "Median hours to answer", is_number=True),
    )
    rows = tuple(_stage_row(stage, found) for stage, found in ordered)
    table = Table(caption=counted(len(rows), "stage"), columns=(*columns, *hows, *rest), rows=rows, total=len(rows))
    drawn = [Bar(stage_words(stage), sum(one is not None for one in found), len(found)) for stage, found in ordered]
    return Report(
        key="answers",
        title="Answers per stage",
        about="Each stage that was raised, and the first answer to it before the next stage came.",
        table=table,
        chart=bars(drawn, title="Stages answered, of those raised"),
        empty="No stage was raised in these days.",
    )


def _per_stage(raised: Iterable[RaisedStep], answered: Iterable[Answered]) -> dict[str, list[Reply | None]]:
    """The first answer to each stage of each deadline; None where none came before the next stage."""
    came: dict[str, dict[tuple[date, str], datetime]] = defaultdict(dict)
    for one in raised:
        came[one.milestone_id].setdefault((one.safe_on, one.stage), one.at)
    said: dict[str, list[Answered]] = defaultdict(list)
    for reply in answered:
        said[reply.milestone_id].append(reply)
    found: dict[str, list[Reply | None]] = defaultdict(list)
    for milestone_id, stages in came.items():
        until: list[datetime | None] = [*list(stages.values())[1:], None]
        for ((_, stage), at), end in zip(stages.items(), until, strict=True):
            found[stage].append(_first(said[milestone_id], at, end))
    return found


def _first(said: Iterable[Answered], at: datetime, until: datetime | None) -> Reply | None:
    for one in said:
        if one.at >= at and (until is None or one.at < until):
            return _HOW[one.how], one.at - at
    return None


def _stage_row(stage: str, found: list[Reply | None]) -> tuple[Cell, ...]:
    replies = [one for one in found if one is not None]
    hows = [how for how, _ in replies]
    hours = round(median(taken.total_seconds() for _, taken in replies) / 3600) if replies else None
    counts = (hows.count(how) for how in _HOW.values())
    return (stage_words(stage), len(found), *counts, len(found) - len(replies), hours)


def _place(stage: str) -> tuple[float, str]:
    """Stages in the order in which they come; those with a name of their own behind them."""
    try:
        return parse_offset(stage).days, stage
    except LifecycleError:
        return float("inf"), stage


def escalations(work: Work, viewer: Viewer, asked: Asked) -> Report:
    found = escalated(work, viewer.person, asked.span(viewer), limit=MOST)
    shown = found[: asked.most]
    names = told(work, shown)
    known = work.agreements.many(one.agreement_id for one in shown)
    table = Table(
        caption=counted(len(found), "escalation"),
        columns=(
            Column("agreement", "Agreement"),
            Column("deadline", "Deadline"),
            Column("safe_on", "Last safe day"),
            Column("stage", "Stage"),
            Column("step", "Step", is_number=True),
            Column("at", "Raised"),
            Column("told", "Told"),
        ),
        rows=tuple(_escalation(one, known[one.agreement_id], names) for one in shown),
        total=len(found),
    )
    return Report(
        key="escalations",
        title="Escalations",
        about="Steps behind the first of their stage, and what is overdue: nobody had ended it. The newest first.",
        table=table,
        empty="Nothing was escalated in these days.",
    )


def _escalation(one: RaisedStep, agreement: Agreement, names: Names) -> tuple[Cell, ...]:
    reached = names.get((one.milestone_id, f"{one.stage}.{one.step}.{one.repeat}"), ())
    return (
        Link(f"{agreement.reference}: {agreement.counterparty}", f"/agreements/{agreement.id}"),
        Link(readable(one.kind), f"/deadlines/{one.milestone_id}"),
        one.safe_on,
        stage_words(one.stage),
        one.step + 1,
        one.at,
        ", ".join(reached) or "nobody",
    )
