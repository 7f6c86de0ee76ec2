"""Between milestones and their rows: what is asked for stands in columns, the rest in a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Period
from lifecycle.milestones.milestone import (
    Answer,
    Cursor,
    Decision,
    Milestone,
    MilestoneKey,
    MilestoneKind,
    MilestoneState,
    Outcome,
    Proposed,
)
from store.codec import dumps, loads

if TYPE_CHECKING:
    from sqlalchemy import Row


@dataclass(slots=True)
class _Doc:
    """What no column holds; not frozen, because a frozen one takes three times as long to make."""

    name: str = ""
    side: str = "ours"
    opens_on: date | None = None
    cutoff: time | None = None
    then: Period | None = None
    then_on: date | None = None
    over_on: date | None = None
    backup_id: str | None = None
    handed_over_by_id: str | None = None
    clause: Clause | None = None
    outcome: Outcome | None = None
    decision: Decision | None = None
    acknowledged: Answer | None = None
    snoozed: Answer | None = None
    verified: Answer | None = None
    proposed: Proposed | None = None
    is_pinned: bool = False


_DOC_NAMES: Final = tuple(_Doc.__slots__)
_doc_of: Final = attrgetter(*_DOC_NAMES)
_COLUMNS: Final = (
    "id", "is_deadline", "state", "safe_on", "target_on", "nominal_on", "latest_on", "revision", "generation",
    "armed_on", "playbook", "playbook_version", "is_final", "next_step_at", "acknowledged_until_at", "snoozed_until_at",
    "snooze_limit_at", "missed_at", "owner_id",
)  # fmt: skip
_columns_of: Final = attrgetter(*_COLUMNS)
_NAMES: Final = (*_COLUMNS, *_DOC_NAMES)
_KEY: Final = ("agreement_id", "subject", "kind", "cycle")
_CURSOR: Final = ("stage", "step", "repeat")
NO_CURSOR: Final = (None, None, None)


def row_of(milestone: Milestone) -> dict[str, Any]:
    """The row of a milestone."""
    row = dict(zip(_COLUMNS, _columns_of(milestone), strict=True))
    row.update(zip(_KEY, milestone.key, strict=True))
    row.update(zip(_CURSOR, milestone.cursor or NO_CURSOR, strict=True))
    row["doc"] = dumps(_Doc(*_doc_of(milestone)), sparse=True)
    row["is_verified"] = not milestone.is_unverified
    return row


def change_of(milestone: Milestone) -> dict[str, Any]:
    """The row without what never changes: to set a key to itself makes SQLite look for all that refers to it."""
    change = row_of(milestone)
    for name in _KEY:
        del change[name]
    return change | {"b_id": change.pop("id")}


def milestone_of(row: Row[Any]) -> Milestone:
    """The milestone of a row. Raises ValueError where its document makes no sense."""
    doc = loads(row.doc, _Doc)
    values = dict(zip(_NAMES, (*_columns_of(row), *_doc_of(doc)), strict=True))
    values["state"] = MilestoneState(row.state)
    values["key"] = MilestoneKey(row.agreement_id, row.subject, MilestoneKind(row.kind), row.cycle)
    values["cursor"] = None if row.stage is None else Cursor(row.stage, row.step, row.repeat)
    return Milestone(**values)
