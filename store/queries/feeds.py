"""What a calendar feed shows: the milestones in its window that its reader may see (CALENDAR.md F6, F12, F14, F15).

Time alone changes the answer once a month: the window and what is still shown of closed milestones both begin with the
month. What is open comes from the rows; when something was withdrawn, only the permanent log knows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from sqlalchemy import func, or_, select

from lifecycle.days.dates import Period, after, before
from lifecycle.events import Event
from lifecycle.milestones.milestone import OUTCOMES, MilestoneKind, MilestoneState
from store.prepared import Prepared
from store.queries import visible
from store.queries.narrowing import conditions, owned
from store.queries.search import NOTHING, Search, fits, with_owners
from store.schema import agreements, chain, events, milestones

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from sqlalchemy.sql import Select

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

MONTHS_BACK: Final = 3
STILL_SHOWN: Final = timedelta(days=14)  # at least so long a closed milestone stays, until its month is over
MARKERS_SHOWN: Final = frozenset({MilestoneKind.TERM_END})  # beside all deadlines, where no kinds are chosen
#: Who has acknowledged what, what was sent, who is away, and how the house does: no feed looks different afterwards.
CHANGES_NO_FEED: Final = frozenset({
    "MilestoneAcknowledged", "MilestoneSnoozed", "MilestoneUndone", "MilestoneMissed", "StepRaised",
    "DeliveryAccepted", "DeliveryDelivered", "DeliveryFailed", "DeliveryExpired", "PlaybookProposed", "AbsenceSet",
    "AbsenceEnded", "SilenceSet", "SilenceEnded", "IncidentOpened", "IncidentClosed", "FeedRotated", "FeedRevoked",
    "EvidencePackMade", "FindingAccepted", "FindingReopened",
})  # fmt: skip
#: Every other event: of one that nobody has thought of, feeds are rendered anew.
CHANGES_FEEDS: Final = frozenset(event.__name__ for event in get_args(Event)) - CHANGES_NO_FEED
#: Of no single agreement, and what they change of agreements has events of its own.
_OF_OTHERS: Final = frozenset({"FeedCreated", "FeedChanged", "ImportApplied", "ImportUndone", "PersonAdded"})
_REPLACED: Final = frozenset({("is", "overdue")})  # the window says it; so do all words with "due"
_HEAD: Final = Prepared(select(chain.c.position))
_ENDED: Final = OUTCOMES | {MilestoneState.WITHDRAWN}
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedScope:
    """Which milestones a feed is about. *person* is its reader, None the operator of this machine."""

    search: Search = NOTHING
    kinds: frozenset[MilestoneKind] = frozenset()  # empty: all deadlines, and the last days in force
    owner_id: str | None = None
    person: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpan:
    """The first and the last day of the window, and the zone in which its months begin."""

    first_on: date
    last_on: date
    zone: ZoneInfo
    closed_since_on: date  # what was closed before this day is no longer shown


class FeedClosing(NamedTuple):
    """How a milestone ended, and when: ``done``, ``decided`` with the choice, ``waived``, ``withdrawn``."""

    how: str
    at: datetime
    choice: str = ""


class FeedRow(NamedTuple):
    """A milestone of a feed; *changed_at* is the newest feed-changing event of its agreement."""

    milestone: Milestone
    agreement: Agreement
    changed_at: datetime
    closing: FeedClosing | None


class Revision(NamedTuple):
    """How far the log is: its *head*, and the newest event in it that changed feeds, with its instant."""

    head: int
    position: int
    at: datetime | None


class Touched(NamedTuple):
    """What events have changed: some agreements, or everything."""

    agreements: frozenset[str]
    is_everything: bool


def revision(work: UnitOfWork, known: Revision | None = None) -> Revision:
    """The register's revision in this view; beside *known*, from an earlier look, only what came since is read."""
    head = work.session.ask(_HEAD).scalar_one()
    if known is not None and known.head == head:
        return known
    statement = select(events.c.position, events.c.at).where(events.c.type.in_(sorted(CHANGES_FEEDS)))
    if known is not None and known.head < head:
        statement = statement.where(events.c.position > known.head)
    statement = statement.where(events.c.position <= head).order_by(events.c.position.desc()).limit(1)
    newest = work.session.ask(statement).one_or_none()
    if newest is not None:
        return Revision(head, newest.position, newest.at)
    return Revision(head, known.position, known.at) if known and known.head < head else Revision(head, 0, None)


def touched(work: UnitOfWork, feed_id: str, since: int, limit: int = 1000) -> Touched:
    """What has changed for a feed behind the position *since*; so much that it cannot pay to look is everything."""
    statement = (
        select(events.c.type, events.c.agreement_id, events.c.payload)
        .where(events.c.position > since, events.c.type.in_(sorted(CHANGES_FEEDS)))
        .order_by(events.c.position)
        .limit(limit + 1)
    )
    rows = work.session.ask(statement).all()
    others = [row for row in rows if row.agreement_id is None]
    is_mine = any(json.loads(row.payload).get("feed_id") == feed_id for row in others)
    is_everything = len(rows) > limit or is_mine or any(row.type not in _OF_OTHERS for row in others)
    return Touched(frozenset(row.agreement_id for row in rows if row.agreement_id is not None), is_everything)


@lru_cache(maxsize=256)  # it is asked for with every fetch, and is another one next month
def span(today: date, zone: ZoneInfo, *, months_ahead: int) -> FeedSpan:
    """The window on a day: three months back to *months_ahead* months on, whole months (F15)."""
    this_month = today.replace(day=1)
    return FeedSpan(
        first_on=before(this_month, Period(months=MONTHS_BACK)),
        last_on=after(this_month, Period(months=months_ahead + 1)) - timedelta(days=1),
        zone=zone,
        closed_since_on=this_month - STILL_SHOWN,
    )


def without_window_words(search: Search) -> Search:
    """*search* without what the window replaces: ``due:`` and ``is:overdue``."""
    kept = tuple(word for word in search.keyed if word[0] != "due" and word not in _REPLACED)
    return replace(search, keyed=kept)


def feed_entries(
    work: UnitOfWork, scope: FeedScope, shown: FeedSpan, *, holders: Collection[str] | None = None
) -> Iterator[FeedRow]:
    """The milestones of a feed by last safe day: what is live or passed, and what was closed not long ago.

    With *holders* those of these agreements alone.
    """
    search, may_see = without_window_words(scope.search), visible(scope.person)
    if search.says("owner"):
        search = with_owners(search, work.people.all(), me=scope.person)
    today = work.now.astimezone(shown.zone).date()
    statement = _listed(scope, shown, holders).where(*conditions(search, today))
    ids = list(work.session.execute(statement).scalars())
    for start in range(0, len(ids), _AT_ONCE):
        chunk = ids[start : start + _AT_ONCE]
        rows = work.milestones.many(chunk)
        known = work.agreements.many(row.key.holder for row in rows.values())
        changed = _changed(work, known)
        withdrawn = _withdrawn(work, rows.values(), shown)
        for row in map(rows.__getitem__, chunk):
            agreement, closing = known[row.key.holder], _closing(row, withdrawn)
            if not may_see(agreement) or not fits(search, row, agreement, today):
                continue
            if row.state in _ENDED and (closing is None or _day(closing.at, shown) < shown.closed_since_on):
                continue
            yield FeedRow(row, agreement, changed[agreement.id], closing)


def _listed(scope: FeedScope, shown: FeedSpan, holders: Collection[str] | None) -> Select[tuple[str]]:
    statement = (
        select(milestones.c.id)
        .join(agreements, agreements.c.id == milestones.c.agreement_id)
        .where(milestones.c.safe_on >= shown.first_on, milestones.c.safe_on <= shown.last_on)
        .where(or_(~agreements.c.is_archived, milestones.c.state.in_(sorted(_ENDED))))
        .order_by(milestones.c.safe_on, agreements.c.reference_key, milestones.c.id)
    )
    if scope.kinds:
        statement = statement.where(milestones.c.kind.in_(sorted(scope.kinds)))
    else:
        statement = statement.where(or_(milestones.c.is_deadline, milestones.c.kind.in_(sorted(MARKERS_SHOWN))))
    if scope.owner_id is not None:
        statement = statement.where(owned(frozenset({scope.owner_id})))
    if holders is not None:
        statement = statement.where(milestones.c.agreement_id.in_(sorted(holders)))
    return statement


def _changed(work: UnitOfWork, ids: Iterable[str]) -> dict[str, datetime]:
    """The newest feed-changing event of each agreement; every one has been registered."""
    statement = (
        select(events.c.agreement_id, func.max(events.c.at).label("at"))
        .where(events.c.agreement_id.in_(list(ids)), events.c.type.in_(sorted(CHANGES_FEEDS)))
        .group_by(events.c.agreement_id)
    )
    return {row.agreement_id: row.at for row in work.session.execute(statement)}


def _withdrawn(work: UnitOfWork, rows: Iterable[Milestone], shown: FeedSpan) -> dict[str, datetime]:
    """When each withdrawn milestone was, as far as that is still shown."""
    holders = {row.key.holder for row in rows if row.state is MilestoneState.WITHDRAWN}
    since_at = datetime.combine(shown.closed_since_on, time.min, shown.zone)
    statement = (
        select(events.c.at, events.c.payload)
        .where(events.c.agreement_id.in_(holders), events.c.type == "MilestonesReplanned", events.c.at >= since_at)
        .order_by(events.c.position)
    )
    found: dict[str, datetime] = {}
    for row in work.session.execute(statement) if holders else ():
        found.update(dict.fromkeys(json.loads(row.payload)["withdrawn"], row.at))
    return found


def _closing(row: Milestone, withdrawn: Mapping[str, datetime]) -> FeedClosing | None:
    if row.outcome is not None and row.state in OUTCOMES:
        choice = row.decision.choice if row.decision and row.state is MilestoneState.DECIDED else ""
        return FeedClosing(row.state.value, row.outcome.at, choice)
    at = withdrawn.get(row.id)
    return FeedClosing(row.state.value, at) if at and row.state is MilestoneState.WITHDRAWN else None


def _day(at: datetime, shown: FeedSpan) -> date:
    return at.astimezone(shown.zone).date()
