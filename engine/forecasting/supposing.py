"""What would be: the days and messages of one agreement as they are, and as they would be after a change.

``suppose`` works on paper (``engine.forecasting``): the operation itself runs there, the same derivation follows it,
the same jobs send what then would be sent, and nothing is written. ``picture`` looks at rows as they stand, so that a
trial of the real operation, which is rolled back, is told the same way.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING

from engine.forecasting.forecast import forecast, forecast_if
from engine.playbooks.versions import take_over
from lifecycle.errors import LifecycleError
from lifecycle.terms.term_steps import BUFFER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from engine.forecasting.items import Item
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.counting.derivation import DerivationStep
    from lifecycle.milestones.milestone import Milestone


class What(StrEnum):
    """What became of a day or a message."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An agreement at one moment: its live milestones by last safe day, and the messages to come."""

    agreement: Agreement
    rows: tuple[Milestone, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange:
    """A milestone before and after; *because* is the step of its derivation that makes the difference."""

    what: What
    before: Milestone | None
    after: Milestone | None
    because: str = ""

    @property
    def row(self) -> Milestone:
        """It as it would be; where it would be gone, as it was."""
        found = self.after or self.before
        if found is None:
            raise AssertionError(self)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChange:
    """A message before and after."""

    what: What
    before: Item | None
    after: Item | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a change comes to."""

    before: Picture
    after: Picture
    days: tuple[DayChange, ...]
    messages: tuple[MessageChange, ...]

    def days_that(self, *what: What) -> tuple[DayChange, ...]:
        """Some of the days."""
        return tuple(one for one in self.days if one.what in what)

    def messages_that(self, *what: What) -> tuple[MessageChange, ...]:
        """Some of the messages."""
        return tuple(one for one in self.messages if one.what in what)


def picture(work: Work, agreement: Agreement, until_on: date) -> Picture:
    """It as it stands in this transaction, with its messages until a day."""
    rows = tuple(row for row in work.milestones.of(agreement.id) if row.is_live)
    return Picture(agreement=agreement, rows=rows, items=_told(work, agreement, until_on))


def suppose(
    work: Work, agreement: Agreement, change: Callable[[Work, Agreement], Agreement], until_on: date
) -> Difference:
    """What *change* would come to, until a day. Raises what the operation raises."""
    seen: list[Picture] = []

    def done(paper: Work) -> None:
        after = change(paper, agreement)
        paper.settle()
        rows = tuple(row for row in paper.milestones.of(after.id) if row.is_live)
        seen.append(Picture(agreement=paper.agreements.get(after.id), rows=rows, items=()))

    found = forecast_if(work, until_on, agreement.id, done)
    after = Picture(agreement=seen[0].agreement, rows=seen[0].rows, items=found.items)
    return compare(work, picture(work, agreement, until_on), after)


def under_playbook(paper: Work, agreement: Agreement, name: str, version: int) -> None:
    """On paper: one version of a playbook holds, instead of its newest. Raises NotFound."""
    others = {place: book for place, book in paper.playbooks.items() if place[0] != name}
    planner = type(paper.planner)(paper, {**others, (name, version): paper.playbook(name, version)})
    paper.__dict__["planner"] = planner  # kept once made, like the one that it replaces
    take_over(paper, agreement, [row for row in paper.milestones.of(agreement.id) if row.is_live], name=name)


def compare(work: Work, before: Picture, after: Picture) -> Difference:
    """One picture beside the other."""
    days = sorted(_days(work, before, after), key=lambda one: (one.row.safe_on, one.row.key))
    messages = sorted(_messages(before.items, after.items), key=_leaves)
    return Difference(before=before, after=after, days=tuple(days), messages=tuple(messages))


def _told(work: Work, agreement: Agreement, until_on: date) -> tuple[Item, ...]:
    return forecast(work, until_on, reference=agreement.reference).items


def _days(work: Work, before: Picture, after: Picture) -> Iterator[DayChange]:
    was, now = ({row.key: row for row in each.rows} for each in (before, after))
    for key in was.keys() | now.keys():
        old, new = was.get(key), now.get(key)
        if old is None or new is None:
            yield DayChange(what=What.ADDED if old is None else What.REMOVED, before=old, after=new)
        elif old.safe_on == new.safe_on:
            yield DayChange(what=What.SAME, before=old, after=new)
        else:
            because = _because(_steps(work, before.agreement, old), _steps(work, after.agreement, new))
            yield DayChange(what=What.MOVED, before=old, after=new, because=because)


def _steps(work: Work, agreement: Agreement, row: Milestone) -> tuple[DerivationStep, ...]:
    try:
        derived = work.planner.explained(agreement, row)
    except LifecycleError:
        return ()
    return tuple(derived.reading.steps) if derived else ()


def _because(was: Iterable[DerivationStep], now: Iterable[DerivationStep]) -> str:
    """The first step that is another one, in its own words; or the one that is no longer taken.

    A step that another reading has already taken counts where it has become the ordinary one.
    """
    before, after = _leading(was), _leading(now)
    for old, new in zip_longest(before, after):
        if _told_alike(old, new):
            continue
        gone = old is not None and old.rule not in {step.rule for step in after}
        if new is None or (gone and new.rule in {step.rule for step in before}):
            return f"no longer: {old.text}" if old is not None else ""
        return new.text
    return ""


def _leading(steps: Iterable[DerivationStep]) -> list[DerivationStep]:
    """The steps that may move a last safe day: our own target, behind it, never does."""
    return [step for step in steps if step.text and step.rule != BUFFER]


def _told_alike(one: DerivationStep | None, other: DerivationStep | None) -> bool:
    return one is not None and other is not None and (one.on, one.text) == (other.on, other.text)


def _messages(was: Iterable[Item], now: Iterable[Item]) -> Iterator[MessageChange]:
    """Messages by what they are: the how-manieth step about which milestone, to whom, through what."""
    before, after = _named(was), _named(now)
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield MessageChange(what=What.ADDED if old is None else What.REMOVED, before=old, after=new)
        else:
            is_same = old.send_at == new.send_at
            yield MessageChange(what=What.SAME if is_same else What.MOVED, before=old, after=new)


def _named(items: Iterable[Item]) -> dict[tuple[object, ...], Item]:
    counted: dict[tuple[object, ...], int] = defaultdict(int)
    found: dict[tuple[object, ...], Item] = {}
    for item in items:
        about = tuple((one.reference, one.kind, one.cycle) for one in item.about)
        place = (item.message, about, item.stage, item.step, item.repeat)
        name = (*place, item.recipient.address, item.channel)
        counted[name] += 1
        found[*name, counted[name]] = item
    return found


def _leaves(one: MessageChange) -> tuple[object, ...]:
    item = one.after or one.before
    if item is None:
        raise AssertionError(one)
    return item.send_at, item.recipient.address, item.subject
