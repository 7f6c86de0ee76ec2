"""Deadlines as a list shows them: facts worked out, sentences from ``notifiers.wording``, no logic for a template.

All that the rows need beside themselves is asked once for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.delivery.composing import facts_of, standing_of
from engine.incoming.as_shown import asks_of
from engine.incoming.links import Operation
from engine.incoming.showing import possible, snooze_days
from engine.looking import reminds_nobody
from lifecycle.delivery import DeliveryKind, DeliveryState
from lifecycle.milestones.milestone import OUTCOMES, MilestoneKind, MilestoneState
from lifecycle.rights import Act
from lifecycle.words import MONTHS
from notifiers.wording import (
    NOBODY,
    brief_action,
    day,
    decision_line,
    label,
    one_line,
    relative,
    row_lead,
    short_day,
    standing_line,
    why_lines,
)
from web.deadlines.acting import stood

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from notifiers.sheet import Deadline
    from store.queries import DeadlineRow
    from web.frame.viewer import Viewer

_WEEK: Final = timedelta(days=7)
_OVERDUE: Final = "Overdue"
_ENDED: Final = "Ended"  # with its outcome, whatever its day
_D = DeliveryState
_SENT: Final = frozenset({MilestoneKind.NOTICE, MilestoneKind.OPTION})
#: What became of a message, in a word; what is not here was never on its way.
TOLD: Final = {
    _D.PENDING: "on its way",
    _D.SENDING: "on its way",
    _D.IN_DOUBT: "not certain",
    _D.HELD: "waits",
    _D.BUNDLED: "in a digest",
    _D.ACCEPTED: "sent",
    _D.DELIVERED: "delivered",
    _D.FAILED: "not delivered",
}


class Choice(NamedTuple):
    """A day to which a deadline may be snoozed."""

    on: date
    said: str


class Reached(NamedTuple):
    """How far a recipient was told: sent, delivered, acknowledged."""

    name: str
    state: str
    is_bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list."""

    id: str
    agreement_id: str
    revision: int
    stood: str  # for what is answered from the list
    on: date
    day: str
    near: str  # in 10 days
    tone: str  # overdue, now, ahead
    what: str
    brief: str
    otherwise: str
    label: str
    reference: str
    kind: str
    way: str  # how a notice has to be sent, where that is said
    why: str
    owner: str
    backup: str
    reached: tuple[Reached, ...]
    standing: str
    decided: str
    state: str
    can: frozenset[str]
    snoozes: tuple[Choice, ...]
    marks: tuple[str, ...]  # what is not known, or set by hand: Not verified, Pinned, Restricted

    @property
    def is_over(self) -> bool:
        """Whether it has its outcome."""
        return MilestoneState(self.state) in OUTCOMES

    @property
    def about(self) -> str:
        """What makes the names of its buttons unique, and is short enough to be said."""
        return f"{self.reference}, {self.brief}, {self.day}"


class Group(NamedTuple):
    """Rows that belong together: overdue, this week, the next two, a month."""

    title: str
    rows: tuple[Row, ...]
    is_overdue: bool
    number: str  # ``50+`` where it goes on beyond the page, ``12 more`` where it has begun before


def groups(
    rows: Iterable[Row], today: date, *, before_on: date | None = None, goes_on: bool = False
) -> tuple[Group, ...]:
    """Rows by how near they are, in the order in which they come.

    *before_on*: the day with which the page before ended; *goes_on*: another one follows.
    """
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[_ENDED if row.is_over else _title(row.on, today)].append(row)
    begun, last = _title(before_on, today) if before_on else "", next(reversed(found), "")
    return tuple(
        Group(
            title,
            tuple(members),
            title == _OVERDUE,
            f"{len(members)}{'+' * (goes_on and title == last)}{' more' * (title == begun)}",
        )
        for title, members in found.items()
    )


def rows_of(work: Work, viewer: Viewer, found: Sequence[DeadlineRow]) -> Iterator[Row]:
    """The lines of a list, as *viewer* may see and answer them."""
    messages = work.deliveries.of_milestones(one.milestone.id for one in found)
    work.people.read(_people(found))
    for milestone, agreement in found:
        about = messages.get(milestone.id, [])
        yield _row(work, viewer, milestone, agreement, about)


def _row(work: Work, viewer: Viewer, milestone: Milestone, agreement: Agreement, about: list[Delivery]) -> Row:
    facts, today = facts_of(work, agreement, milestone), work.today(agreement)
    what, otherwise = row_lead(facts, today)
    can = answers(work, viewer, milestone, agreement, about)
    return Row(
        id=milestone.id,
        agreement_id=agreement.id,
        revision=milestone.revision,
        stood=stood(milestone, asks_of(work, agreement, milestone)),
        on=milestone.safe_on,
        day=day(milestone.safe_on),
        near=relative(milestone.safe_on, today),
        tone=tone(milestone, today),
        what=what,
        brief=f"{brief_action(facts.kind)} {one_line(milestone.name, 40)}".strip(),
        otherwise=otherwise,
        label=label(facts),
        reference=agreement.reference,
        kind=milestone.key.kind.value,
        way=way_of(milestone, agreement) or "",
        why=" ".join(why_lines(facts, 1)),
        owner=facts.owner,
        backup=facts.backup,
        reached=reached(milestone, about),
        standing=standing_line(standing_of(milestone), agreement.time_zone),
        decided=decision_line(facts),
        state=milestone.state.value,
        can=can,
        snoozes=snoozes(work, milestone, agreement) if Operation.SNOOZE in can else (),
        marks=marks(facts, milestone),
    )


def answers(
    work: Work, viewer: Viewer, milestone: Milestone, agreement: Agreement, about: Iterable[Delivery]
) -> frozenset[str]:
    """The operations by which *viewer* may answer as it stands now."""
    can = {one.value for one in possible(work, viewer.person, agreement, milestone, messages=about)}
    if milestone.is_live and milestone.is_deadline and viewer.may(Act.GOVERN):
        can.add("waive")
    return frozenset(can)


def tone(milestone: Milestone, today: date) -> str:
    """How a day is coloured: it is over, it is time to act, or it lies ahead."""
    if not milestone.is_live or not milestone.is_deadline:
        return "ahead"
    if milestone.safe_on < today:
        return "overdue"
    return "now" if today >= milestone.target_on else "ahead"


def marks(facts: Deadline, milestone: Milestone) -> tuple[str, ...]:
    """What is not known of a day, or was set by hand (G8); and that nobody hears of it."""
    said = (
        (NOBODY, reminds_nobody(milestone)),
        ("Not verified", facts.is_unverified),
        ("Assumed", bool(facts.assumptions)),
        ("Pinned", facts.is_pinned),
        ("Restricted", facts.is_restricted),
    )
    return tuple(word for word, holds in said if holds)


def way_of(milestone: Milestone, agreement: Agreement) -> str | None:
    """How the notice has to be sent: ``by courier``; "" where none is recorded, None for what is no notice."""
    if milestone.key.kind not in _SENT:
        return None
    notices = {f"n{number}": one for number, one in enumerate(agreement.provisions.notices, 1)}
    notice = notices.get(milestone.key.subject)
    if notice is None:
        return None
    return f"by {one_line(notice.method.name, 40)}" if notice.method else ""


def reached(milestone: Milestone, messages: Iterable[Delivery]) -> tuple[Reached, ...]:
    """How far each recipient was told, by name, by the newest message to them; who acknowledged comes as that."""
    newest: dict[str, Delivery] = {}
    for one in messages:
        if one.state in TOLD and one.kind in {DeliveryKind.STEP, DeliveryKind.CHANGED}:
            newest[one.recipient_id or one.address] = one
    had = milestone.acknowledged.by.casefold() if milestone.acknowledged else ""
    found = (
        Reached(one.recipient_name or one.address, "acknowledged", is_bad=False)
        if one.address.casefold() == had
        else Reached(one.recipient_name or one.address, TOLD[one.state], one.state in {_D.FAILED, _D.IN_DOUBT})
        for one in newest.values()
    )
    return tuple(sorted(found))


def snoozes(work: Work, milestone: Milestone, agreement: Agreement) -> tuple[Choice, ...]:
    """Of the days that are allowed the nearest to in a week; the page of the deadline has them all."""
    first_on, last_on = snooze_days(work, milestone, agreement)
    if first_on is None or last_on is None:
        return ()
    today = work.today(agreement)
    on = min(today + _WEEK, last_on)
    return (Choice(on, short_day(on, today)),)


def _title(on: date, today: date) -> str:
    if on < today:
        return _OVERDUE
    sunday = today + timedelta(days=6 - today.weekday())
    if on <= sunday:
        return "This week"
    if on <= sunday + timedelta(days=14):
        return "Next two weeks"
    return f"{MONTHS[on.month - 1]} {on.year}"


def _people(found: Iterable[DeadlineRow]) -> Iterator[str | None]:
    for milestone, agreement in found:
        yield from (milestone.owner_id, milestone.backup_id, agreement.owner_id, agreement.backup_id)


def is_quiet(milestone: Milestone) -> bool:
    """Whether somebody has answered and it is still open."""
    return milestone.state in {MilestoneState.ACKNOWLEDGED, MilestoneState.SNOOZED}
