"""Lists for people: deadlines by how near they are, agreements, people, messages."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from cli.render import Cell, Column
from engine.delivery.composing import facts_of
from engine.looking import reminds_nobody
from lifecycle.milestones.milestone import MilestoneState
from notifiers.wording import NOBODY, day, group_title, is_marker, label, relative, row_lead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.render import Terminal
    from engine.monitor import Work
    from notifiers.sheet import Deadline
    from store.queries import DeadlineRow

_DEADLINES: Final = (
    Column("Last safe day"),
    Column("What to do", is_fixed=False, share=5),
    Column("Agreement", is_fixed=False, share=3),
    Column("Owner", is_fixed=False, share=2),
)
_SOON: Final = 14  # days
_QUIET: Final = {
    MilestoneState.ACKNOWLEDGED: "acknowledged, still open",
    MilestoneState.SNOOZED: "snoozed, still open",
}


def deadline_table(terminal: Terminal, work: Work, rows: Sequence[DeadlineRow]) -> None:
    """Deadlines in groups: overdue, 14, 30, 90 days, later."""
    told = [(row, facts_of(work, row.agreement, row.milestone, with_why=False)) for row in rows]
    grouped = groupby(told, key=lambda one: group_title(one[1], work.today(one[0].agreement)))
    for number, (title, members) in enumerate(grouped):
        listed = list(members)
        if number:
            terminal.line()
        terminal.heading(f"{title} ({len(listed)})", "overdue" if title == "Overdue" else "strong")
        terminal.table(_DEADLINES, [_deadline(work, row, facts) for row, facts in listed])


def _deadline(work: Work, row: DeadlineRow, facts: Deadline) -> list[Cell]:
    today = work.today(row.agreement)
    days = (facts.safe_on - today).days
    style = "plain" if is_marker(facts) else "overdue" if days < 0 else "soon" if days <= _SOON else "plain"
    what, otherwise = row_lead(facts, today)
    return [
        Cell(f"{day(facts.safe_on)}, {relative(facts.safe_on, today)}", style),
        Cell(what + otherwise + _standing(row)),
        Cell(f"{facts.reference}  {label(facts)}"),
        Cell(facts.owner or "nobody", "plain" if facts.owner else "overdue"),
    ]


def _standing(row: DeadlineRow) -> str:
    milestone = row.milestone
    if milestone.state in _QUIET:
        return f" [{_QUIET[milestone.state]}]"
    if milestone.decision is not None and milestone.is_live:
        return f" [decided: {milestone.decision.choice}, still open]"
    if reminds_nobody(milestone):
        return f" [{NOBODY.lower()}]"
    return "" if milestone.is_live else f" [{milestone.state.value}]"
