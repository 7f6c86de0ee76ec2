"""Checklists as their pages show them, and what one would bring to an agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.operations import holder_of, lay_checklist, new_side
from lifecycle.errors import LifecycleError
from lifecycle.obligations.checklist import At, Counted, Every
from lifecycle.rights import Act, Standing
from notifiers.wording import counted
from web.agreements.acts import standing_of
from web.frame.words import readable
from web.govern.ladders import audience_words
from web.govern.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.obligations.checklist import Checklist
    from web.frame.viewer import Viewer
    from web.govern.rules import Rules
    from web.govern.tables import Cell

_ANCHORS = {
    Counted.EFFECTIVE: "the effective day",
    Counted.SIGNED: "the signing day",
    Counted.LAST_DAY: "the last day in force",
    Counted.EXIT: "the exit day",
    Counted.APPLICATION: "the day of application",
}
_DAYS = (
    Column("what", "What"),
    Column("kind", "Kind"),
    Column("safe_on", "Last safe day"),
    Column("target_on", "Target day"),
)


class NoSuchChecklist(LifecycleError):
    """A name that no checklist has."""

    code = "not-found"

    def __init__(self) -> None:
        super().__init__("There is no such checklist here.", remedy="Look for it among the checklists.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What applying it brings: new obligations with their first days, and what waits for a day that is not known."""

    agreement: Agreement
    days: Table
    new: int
    waiting: tuple[str, ...]
    remark: str  # why nothing is new, or that a new round begins, or that nobody knows the counterparty


def named(rules: Rules, name: str) -> Checklist:
    """Raises NoSuchChecklist."""
    for one in rules.checklists():
        if one.name == name:
            return one
    raise NoSuchChecklist


def when(timing: At | Every) -> str:
    """``10 business days after the effective day``, ``every 1 year from the signing day``."""
    anchor = _ANCHORS[timing.anchor]
    if isinstance(timing, Every):
        first = f", first after {timing.first}" if timing.first else ""
        return f"every {timing.period} from {anchor}{first}"
    return f"on {anchor}" if timing.period.is_zero else f"{timing.period} {timing.direction.value} {anchor}"


def items(checklist: Checklist) -> Table:
    """What it asks for, when, of whom, with what proof."""
    names = {one.key: one.name for one in checklist.templates}
    return Table(
        caption=counted(len(checklist.templates), "item"),
        columns=(
            Column("item", "What"),
            Column("kind", "Kind"),
            Column("due", "Due"),
            Column("owner", "Of whom"),
            Column("evidence", "Evidence"),
            Column("needs", "After"),
        ),
        rows=tuple(
            (
                one.name,
                readable(one.kind.value),
                when(one.timing),
                audience_words(one.owner),
                one.evidence,
                ", ".join(names[key] for key in one.needs),
            )
            for one in checklist.templates
        ),
        total=len(checklist.templates),
    )


class NoHolder(LifecycleError):
    """Neither an agreement nor a counterparty, or both."""

    code = "no-holder"

    def __init__(self) -> None:
        super().__init__("It is not said what the checklist is for.", remedy="Name an agreement, or a counterparty.")


def brought(work: Work, viewer: Viewer, checklist: Checklist, typed: Mapping[str, str], on: date) -> Brought:
    """Lay it over the agreement, or the counterparty, that is named, in this transaction.

    Raises NoHolder, NotFound, Forbidden, and what deriving refuses.
    """
    is_new = new_side(work, typed.get("counterparty", ""), viewer.person)
    known = _holder(work, viewer, typed.get("agreement", ""), typed.get("counterparty", ""))
    viewer.require(Act.REGISTER, standing_of(viewer.person, known))
    before = {row.id for row in work.milestones.of(known.id)}
    laid = lay_checklist(work, known, checklist, on)
    work.settle()
    rows = [row for row in work.milestones.of(known.id) if row.id not in before and row.is_live]
    table = Table(caption=counted(len(rows), "day"), columns=_DAYS, rows=tuple(map(_day, rows)), total=len(rows))
    waiting = tuple(one.name for one in laid.waiting)
    remark = " ".join(filter(None, (is_new, laid.remark)))
    return Brought(agreement=known, days=table, new=len(laid.new), waiting=waiting, remark=remark)


def _holder(work: Work, viewer: Viewer, reference: str, counterparty: str) -> Agreement:
    """The agreement, or the draft that holds what concerns a counterparty before there is one."""
    if bool(reference) == bool(counterparty):
        raise NoHolder
    if counterparty:
        viewer.require(Act.REGISTER, Standing(is_own=True))
        reference = holder_of(work, counterparty, owner_id=viewer.person.id).reference
    return viewer.queries(work).agreement(reference)


def _day(row: Milestone) -> tuple[Cell, ...]:
    return (row.name or row.key.cycle, readable(row.key.kind.value), row.safe_on, row.target_on)
