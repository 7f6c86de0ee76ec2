"""An option that was exercised after its last safe day: who may dispute that, and by what rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.milestones.milestone import MilestoneKind, MilestoneState
from notifiers.words.days import day
from notifiers.words.provided import notice_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone


def late_option_words(agreement: Agreement, rows: Iterable[Milestone]) -> str:
    """Of the option that made the last renewal certain, by its own row among *rows*; nothing where it was in time."""
    renewed_to = agreement.provisions.renewed_to
    for row in rows:
        is_it = row.key.kind is MilestoneKind.OPTION and row.key.cycle == str(renewed_to - 1)
        if is_it and row.outcome is not None and row.outcome.kind is MilestoneState.DONE:
            return _late(row, _rule(agreement, row.key.subject)) if row.outcome.on > row.safe_on else ""
    return ""


def _late(row: Milestone, rule: str) -> str:
    on = row.outcome.on if row.outcome else row.safe_on
    told = f"The option was exercised on {day(on)}, after its last safe day, {day(row.safe_on)}{rule}."
    if on > row.latest_on:
        return f"{told} By every reading that is too late: they may say that it has lapsed."
    if on > row.nominal_on:
        reading = f"By the ordinary reading it had to count by {day(row.nominal_on)}"
        return f"{told} {reading}: they may say that it came too late."
    return f"{told} They may say that it came too late unless it counted by {day(row.nominal_on)}."


def _rule(agreement: Agreement, subject: str) -> str:
    """The notice that says by when, as everywhere else."""
    notices = dict(enumerate(agreement.provisions.notices, 1))
    notice = notices.get(int(subject[1:])) if subject[1:].isdigit() else None
    return f" ({notice_words(notice)})" if notice else ""
