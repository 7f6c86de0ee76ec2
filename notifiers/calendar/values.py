"""What a feed is made of: the feed's own settings, and milestones as facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid5

from lifecycle.feeds import COLOURS
from lifecycle.milestones.milestone import has_document
from notifiers import wording

if TYPE_CHECKING:
    from datetime import date, datetime, time, timedelta

    from lifecycle.milestones.milestone import MilestoneKind
    from notifiers.sheet import Deadline


class FeedWindow(NamedTuple):
    """The first and the last day that the feed shows."""

    first_on: date
    last_on: date


class CutOff(NamedTuple):
    """The time of day until which the last safe day counts, in the agreement's zone."""

    at: time
    zone: str


@dataclass(frozen=True, slots=True)
class Closed:
    """How a milestone ended: ``done``, ``decided`` (with the choice), ``waived`` or ``withdrawn``."""

    how: str
    at: datetime
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """A feed's own settings.

    *refresh* is how often apps are asked to look again, *colour* a CSS name, *max_bytes* the cap of F15. *timed* shows
    a deadline that has a cut-off as the half hour before it. *instance* is this installation's own random name.
    """

    instance: UUID
    feed_id: str
    name: str
    base_url: str
    window: FeedWindow
    refresh: timedelta
    created_on: date
    changed_at: datetime
    colour: str = COLOURS[0]
    language: str = "en"
    timed: bool = False
    reminder_days: tuple[int, ...] = (30, 7)
    max_bytes: int = 921_600

    def uid(self, name: str) -> str:
        """The stable name of an entry: opaque, the same in every feed and after every restore (F2)."""
        return str(uuid5(self.instance, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """A milestone as facts, before it is a VEVENT. Texts are plain; the renderer cleans and escapes them."""

    holder: str
    subject: str
    kind: MilestoneKind
    cycle: str
    milestone_id: str
    is_deadline: bool
    safe_on: date
    revision: int
    changed_at: datetime
    reference: str
    title: str
    counterparty: str
    action: str
    consequence: str = ""
    why: tuple[str, ...] = ()
    readings: str = ""
    owner: str = ""
    backup: str = ""
    cut_off: CutOff | None = None
    closed: Closed | None = None
    is_verified: bool = False
    is_restricted: bool = False
    holder_page: str = "agreements"  # or counterparties

    @property
    def name(self) -> str:
        """What the entry's UIDs are made from: its key, never its day, title or feed."""
        return f"milestone/{self.holder}/{self.subject}/{self.kind}/{self.cycle}"

    @property
    def is_unverified(self) -> bool:
        """Whether nobody has compared its day with the document, where there is one."""
        return not self.is_verified and has_document(self.kind, self.subject)

    @property
    def is_open(self) -> bool:
        """An open deadline: it has reminders and stands in the list of things to do."""
        return self.is_deadline and self.closed is None


def entry_of(deadline: Deadline, subject: str, *, changed_at: datetime, closed: Closed | None = None) -> FeedEntry:
    """*deadline* as an entry; *subject* is its key's, *changed_at* the newest event of its holder that feeds show."""
    return FeedEntry(
        holder=deadline.agreement_id,
        subject=subject,
        kind=deadline.kind,
        cycle=deadline.cycle,
        milestone_id=deadline.milestone_id,
        is_deadline=not wording.is_marker(deadline),
        safe_on=deadline.safe_on,
        revision=deadline.revision,
        changed_at=changed_at,
        reference=deadline.reference,
        title=deadline.title,
        counterparty=deadline.counterparty,
        action=wording.action(deadline),
        consequence=wording.consequence(deadline),
        why=wording.why_lines(deadline),
        readings=wording.readings_line(deadline),
        owner=deadline.owner,
        backup=deadline.backup,
        cut_off=CutOff(deadline.cutoff, deadline.time_zone) if deadline.cutoff else None,
        closed=closed,
        is_verified=deadline.is_verified,
        is_restricted=deadline.is_restricted,
    )
