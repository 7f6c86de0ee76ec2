"""A message of each kind as it reads, composed for whoever looks and sent to nobody.

Only the ladder's own messages have a day on which they would leave (``engine.delivery.previewing``); the others are
composed as of now, about the agreement that was chosen. None holds a link by which anybody could act.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Final

from engine.delivery.composing import changed_sheet, digest_sheet, facts_of, frozen, plain_sheet
from engine.delivery.enqueueing import plain_delivery
from engine.delivery.late import AHEAD
from engine.delivery.previewing import preview, step_at, without_links
from engine.delivery.probing import HEADING, TEXT
from engine.delivery.weekly import QUIET
from engine.file_types import ACCEPTED
from engine.zones import day_at
from lifecycle.delivery import Change, DeliveryKind
from lifecycle.obligations.evidence import NAMES, EvidenceKind
from lifecycle.playbooks.ladder import steps
from notifiers.wording import AskedFor
from store.queries import hidden

if TYPE_CHECKING:
    from engine.delivery.recipients import Told
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from notifiers.sheet import FactSheet
    from store.deliveries import Body

_MOVED: Final = timedelta(days=7)
_FIRST: Final = 12  # steps of a ladder that are offered
_ROWS: Final = 10


class Specimen(StrEnum):
    """A kind of message; the values are how it is asked for."""

    STEP = "step"
    CHANGED = "changed"
    DIGEST = "digest"
    QUIET = "quiet"
    REQUEST = "request"
    INCIDENT = "incident"
    TEST = "test"


_KINDS: Final = {
    Specimen.CHANGED: DeliveryKind.CHANGED,
    Specimen.DIGEST: DeliveryKind.DIGEST,
    Specimen.QUIET: DeliveryKind.DIGEST,
    Specimen.REQUEST: DeliveryKind.REQUEST,
    Specimen.INCIDENT: DeliveryKind.INCIDENT,
    Specimen.TEST: DeliveryKind.TEST,
}


def places(work: Work, agreement: Agreement, milestone: Milestone) -> list[str]:
    """The first steps of a ladder by their place (``-30d.1.0``)."""
    return [step.place for step in islice(steps(milestone, work.planner.frame(agreement, milestone)), _FIRST)]


def specimen(
    work: Work, kind: Specimen, told: Told, *, about: tuple[Agreement, Milestone], place: str = ""
) -> Body:  # fmt: skip
    """One message as *told* would read it. Raises NotFound for a place that the ladder does not have."""
    agreement, milestone = about
    if kind is Specimen.STEP:
        return preview(work, agreement, milestone, step_at(work, agreement, milestone, place), told)
    return frozen(work, told.channel, without_links(work, _sheet(work, kind, told, about)))


def _asked(agreement: Agreement, milestone: Milestone) -> AskedFor:
    """What a contact would be asked for, if this deadline were about evidence."""
    return AskedFor(
        what=NAMES[EvidenceKind.SOC2_TYPE_2],
        due_on=milestone.safe_on,
        reference=agreement.reference,
        title=agreement.title,
        counterparty=agreement.counterparty,
        contact="their contact",
        upload_url="",
        link_until_on=milestone.safe_on + _MOVED,
        takes=ACCEPTED,
    )


def _sheet(work: Work, kind: Specimen, told: Told, about: tuple[Agreement, Milestone]) -> FactSheet:
    agreement, milestone = about
    delivery = plain_delivery(work, _KINDS[kind], told, key=f"{milestone.id}:{milestone.revision}:{Change.MOVED}")
    match kind:
        case Specimen.CHANGED:
            before_on = milestone.safe_on + _MOVED
            return changed_sheet(work, agreement, milestone, told, delivery, moved_from_on=before_on)
        case Specimen.DIGEST:
            live = [row for row in work.milestones.of(agreement.id) if row.is_live and row.is_deadline]
            rows = [facts_of(work, agreement, row, with_why=False) for row in live[:_ROWS]]
            return digest_sheet(work, told, delivery, rows, heading=AHEAD)
        case Specimen.QUIET:
            unseen = hidden(work.session, told.person)
            number, next_on, _ = work.milestones.ahead(day_at(work.now, work.house.time_zone), unseen=unseen)
            return replace(digest_sheet(work, told, delivery, (), heading=QUIET), ahead=(number, next_on))
        case Specimen.REQUEST:
            return replace(plain_sheet(work, told, delivery, heading="", text=""), asked=_asked(agreement, milestone))
        case Specimen.INCIDENT:
            text = "This is how an incident reads: what is wrong, and what to do about it."
            return plain_sheet(work, told, delivery, heading="Channel refused", text=text)
        case Specimen.TEST | Specimen.STEP:
            return plain_sheet(work, told, delivery, heading=HEADING, text=TEXT)
