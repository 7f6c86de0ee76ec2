"""One agreement as its page shows it: where it stands, its key dates, who answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.delivery.composing import facts_of
from engine.intake.ends import ASSUMED_END
from engine.looking import reminds_nobody
from lifecycle.agreements.agreement import terms_of
from lifecycle.agreements.passage import running_number
from lifecycle.agreements.running import last_day_of
from lifecycle.agreements.status import RUNNING, Status
from lifecycle.milestones.milestone import MilestoneKind, MilestoneState
from lifecycle.terms.leaving import earliest_end
from lifecycle.terms.provisions import OpenEnded, RenewalKind, Side
from lifecycle.terms.renewals import term_on
from lifecycle.terms.windows import windows_from, windows_of
from lifecycle.words import spoken
from notifiers.wording import (
    NOBODY,
    amount,
    capital,
    day,
    lead_line,
    relative,
)
from web.agreements.lines import TONES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person

_K = MilestoneKind
_SOON: Final = 14  # days
_STATES: Final[Mapping[MilestoneState, tuple[str, str, str]]] = {
    MilestoneState.OPEN: ("Open", "blue", "open"),
    MilestoneState.ACKNOWLEDGED: ("Acknowledged, still open", "blue", "hand"),
    MilestoneState.SNOOZED: ("Snoozed, still open", "blue", "quiet"),
    MilestoneState.DONE: ("Done", "green", "good"),
    MilestoneState.DECIDED: ("Decided", "green", "good"),
    MilestoneState.WAIVED: ("Waived", "grey", "good"),
    MilestoneState.WITHDRAWN: ("Withdrawn", "grey", "open"),
    MilestoneState.PASSED: ("Passed", "grey", "open"),
    MilestoneState.MOOTED: ("Missed, and over", "red", "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDate:
    """A milestone in the list of key dates."""

    id: str
    kind: str
    name: str
    cycle: str
    is_deadline: bool
    is_live: bool
    on: date
    beside: str
    tone: str
    state: str
    state_tone: str
    shape: str
    next_at: datetime | None
    is_verified: bool
    is_pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands on top of every part of an agreement's page."""

    id: str
    reference: str
    title: str
    counterparty: str
    counterparty_id: str
    kind: str
    status: str
    tone: str
    shape: str
    is_archived: bool
    is_restricted: bool
    near: KeyDate | None
    lead: str
    left: str


def head(work: Work, agreement: Agreement, rows: Iterable[Milestone]) -> Head:
    """The reference, where it stands, and its nearest last safe day."""
    today = work.today(agreement)
    live = [row for row in rows if row.is_live and row.is_deadline]
    near = min(live, key=lambda row: (row.safe_on, row.id), default=None)
    tone, shape = TONES[agreement.status]
    return Head(
        id=agreement.id,
        reference=agreement.reference,
        title=agreement.title or agreement.reference,
        counterparty=agreement.counterparty,
        counterparty_id=agreement.counterparty_id,
        kind=agreement.kind.value,
        status=agreement.status.value,
        tone=tone,
        shape=shape,
        is_archived=agreement.is_archived,
        is_restricted=agreement.is_restricted,
        near=key_date(near, today) if near else None,
        lead=lead_line(facts_of(work, agreement, near, with_why=False), today) if near else "",
        left=_left(work, agreement, near, today) if near else "",
    )


def key_dates(rows: Iterable[Milestone], today: date) -> list[KeyDate]:
    """Milestones by day."""
    return [key_date(row, today) for row in sorted(rows, key=lambda row: (row.safe_on, row.id))]


def key_date(row: Milestone, today: date) -> KeyDate:
    """One milestone."""
    is_overdue = row.is_live and row.is_deadline and row.safe_on < today
    state, state_tone, shape = _STATES[row.state]
    if not row.is_deadline and row.is_live:
        state, state_tone, shape = "Passes by itself", "grey", "clock"
    is_soon = row.is_live and row.is_deadline and (row.safe_on - today).days <= _SOON
    return KeyDate(
        id=row.id,
        kind=row.key.kind.value,
        name=capital(row.name),
        cycle=row.key.cycle,
        is_deadline=row.is_deadline,
        is_live=row.is_live,
        on=row.safe_on,
        beside=relative(row.safe_on, today),
        tone="red" if is_overdue else "amber" if is_soon else "",
        state=_overdue(row) if is_overdue else state,
        state_tone="red" if is_overdue else state_tone,
        shape="bad" if is_overdue else shape,
        next_at=None if reminds_nobody(row) else row.next_step_at,
        is_verified=not row.is_unverified,
        is_pinned=row.is_pinned,
    )


def _overdue(row: Milestone) -> str:
    return f"Overdue. {NOBODY}" if reminds_nobody(row) else "Overdue"


def who(agreement: Agreement, people: Mapping[str, Person]) -> list[tuple[str, str]]:
    """Who answers for it, by name."""
    owner, backup = (people.get(one or "") for one in (agreement.owner_id, agreement.backup_id))
    manager = people.get(owner.manager_id or "") if owner else None
    return [
        ("Owner", _named(owner) if owner else "Nobody"),
        ("Backup", _named(backup) if backup else "Nobody"),
        ("Manager of the owner", _named(manager) if manager else ""),
    ]


def about(work: Work, agreement: Agreement) -> list[tuple[str, str]]:
    """What else the register says of it."""
    last_on = last_day_of(agreement, work.today(agreement))
    without = "none: it goes on until somebody ends it" if _goes_on(agreement) else "none known"
    return [
        ("Last day in force", day(last_on) if last_on else without),
        ("If our notice left today", _if_we_left(work, agreement)),
        ("Running term", _running(running_number(agreement, work.today(agreement)))),
        ("Value", amount(agreement.value) if agreement.value else ""),
        ("Tags", ", ".join(agreement.tags)),
        ("Team", agreement.team),
        ("Master agreement", agreement.parent),
        ("Note", agreement.note),
    ]


def why_no_dates(agreement: Agreement) -> str:
    """Why no day of an agreement is ahead; "" where facts are missing."""
    if agreement.is_archived:
        return "Nothing is followed: it is archived."
    if agreement.status is Status.ENDED:
        return "Nothing is ahead: it has ended."
    return "No day is ahead: it goes on until somebody ends it." if _goes_on(agreement) else ""


def missed_window(work: Work, agreement: Agreement) -> str:
    """``It renews on 1 Feb 2027; the earliest end is now 31 Jan 2028.`` where its notice window has been missed."""
    terms = terms_of(agreement)
    if terms is None or terms.ended is not None or terms.renewal.kind is not RenewalKind.AUTOMATIC:
        return ""
    today = work.today(agreement)
    running = term_on(terms, max(today, terms.effective_on))
    if running is None or running.expires_on is None:
        return ""
    by = work.planner.basis(agreement).reckoning(_K.NOTICE)
    own = windows_of(terms, running.number, Side.OURS, by)
    if not own or any(window.reading.latest_on >= today for window in own):
        return ""
    later = next(windows_from(terms, Side.OURS, today, by), None)
    renews = f"The notice window is over: it renews on {spoken(running.expires_on)}"
    if later is None or later.term.last_on is None:
        return f"{renews}."
    return f"{renews}; the earliest end is now {spoken(later.term.last_on)}."


def _goes_on(agreement: Agreement) -> bool:
    """It runs, no last day was agreed, and somebody has said so."""
    terms = terms_of(agreement)
    is_open = terms is not None and isinstance(terms.end, OpenEnded) and terms.ended is None
    return is_open and agreement.status in RUNNING and ASSUMED_END not in agreement.assumed


def _if_we_left(work: Work, agreement: Agreement) -> str:
    """The first last day that we may still bring about, where we may leave without waiting for the end of a term."""
    terms = terms_of(agreement)
    if terms is None or agreement.status is not Status.IN_FORCE or agreement.is_archived:
        return ""
    if not any(leave.side is not Side.THEIRS for leave in terms.for_convenience):
        return ""
    basis = work.planner.basis(agreement)
    last_on = earliest_end(terms, Side.OURS, work.today(agreement), rules=basis.rules, calendar=basis.calendar)
    return f"it would end with {day(last_on)}" if last_on else ""


def _left(work: Work, agreement: Agreement, near: Milestone, today: date) -> str:
    """``5 business days left``; nothing of a day that is over."""
    if near.safe_on < today:
        return ""
    number = work.calendar(agreement.calendar).business_days(today, near.safe_on)
    return f"{number} business day{'' if number == 1 else 's'} left"


def _running(number: int | None) -> str:
    if number is None:
        return ""
    return f"renewal {number}" if number else "the first"


def _named(person: Person) -> str:
    return f"{person.label} (has left)" if person.is_disabled else person.label
