"""Deadlines as a table to take along: the columns of a file, and a row for each."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from engine.delivery.composing import facts_of
from notifiers.wording import action, consequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from engine.monitor import Work
    from engine.tabling import Cell
    from store.queries import DeadlineRow
    from store.queries.deadlines import Deadlines, Wanted

MOST: Final = 20_000  # rows of one file
HEADERS: Final = (
    "reference", "counterparty", "title", "kind", "cycle", "action", "consequence", "safe_on", "target_on",
    "days_left", "state", "owner", "backup", "value", "currency", "verified", "time_zone", "id",
)  # fmt: skip
_AT_ONCE: Final = 500


def cells(work: Work, lists: Deadlines, wanted: Wanted) -> Iterator[tuple[Cell, ...]]:
    """The rows of a file, in the order of the list."""
    for row in islice(lists.every(wanted, at_once=_AT_ONCE), MOST):
        yield _cells(work, row)


def _cells(work: Work, row: DeadlineRow) -> tuple[Cell, ...]:
    milestone, agreement = row
    facts = facts_of(work, agreement, milestone, with_why=False)
    worth = agreement.value
    return (
        agreement.reference,
        agreement.counterparty,
        agreement.title,
        milestone.key.kind.value,
        milestone.key.cycle,
        action(facts),
        consequence(facts),
        milestone.safe_on,
        milestone.target_on,
        (milestone.safe_on - work.today(agreement)).days,
        milestone.state.value,
        facts.owner,
        facts.backup,
        _number(worth.amount) if worth else None,
        worth.currency if worth else "",
        milestone.verified.by if milestone.verified else "",
        agreement.time_zone,
        milestone.id,
    )


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
