"""A message as it would be, before it is: composed as on its day, for whoever would get it, and sent to nobody.

A preview holds no signed links, for whoever looks at it is not whom it goes to. *Send it to me* puts the same message
into the outbox as a test, with the looker's own name on it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from engine.delivery.composing import StepSheets, frozen
from engine.delivery.enqueueing import StepMessage, plain_delivery, put
from engine.delivery.linking import page_of
from engine.delivery.recipients import Told, addresses
from lifecycle.delivery import DeliveryKind
from lifecycle.errors import LifecycleError
from lifecycle.playbooks.ladder import steps
from store.errors import NotFound

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person
    from lifecycle.playbooks.ladder import PlannedStep
    from notifiers.sheet import FactSheet
    from store.deliveries import Body

_FAR: Final = 200  # steps of a ladder that are looked through
_TEST: Final = "This is a test that somebody asked for: it goes to nobody else, and nothing has to be answered."


class NoWayToSend(LifecycleError):
    """Somebody who can be reached through no channel of this house."""

    code = "no-channel"

    def __init__(self, person: Person) -> None:
        super().__init__(f"{person.label} can be reached through no channel.", remedy="Ask an admin to set one up.")


def step_at(work: Work, agreement: Agreement, milestone: Milestone, place: str) -> PlannedStep:
    """The step of a milestone's ladder at *place* (``-30d.1.0``). Raises NotFound."""
    planned = islice(steps(milestone, work.planner.frame(agreement, milestone)), _FAR)
    found = next((step for step in planned if step.place == place), None)
    if found is None:
        raise NotFound("message", place, remedy="The plan has changed: look at the messages again.")
    return found


def preview(work: Work, agreement: Agreement, milestone: Milestone, step: PlannedStep, told: Told) -> Body:
    """What *told* would get at a step, as of that day, without the links that would be theirs. Raises NotFound."""
    if told.channel not in work.monitor.notifiers:
        raise NotFound("channel", told.channel, remedy="Look at the messages again.")
    return frozen(work, told.channel, _as_on_its_day(work, agreement, milestone, step, told))


def send_to(work: Work, agreement: Agreement, milestone: Milestone, step: PlannedStep, person: Person) -> Told:
    """Put the message of a step into the outbox for *person* alone, as a test; where it goes. Raises NoWayToSend."""
    told = next(iter(addresses(work, person, "best")), None)
    if told is None:
        raise NoWayToSend(person)
    delivery = plain_delivery(work, DeliveryKind.TEST, told, key=work.new_id())
    sheet = replace(_as_on_its_day(work, agreement, milestone, step, told), delivery_id=delivery.id)
    sheet = replace(sheet, text=f"{sheet.text} {_TEST}".strip())
    put(work, [(delivery, frozen(work, told.channel, sheet))])
    return told


def _as_on_its_day(work: Work, agreement: Agreement, milestone: Milestone, step: PlannedStep, told: Told) -> FactSheet:
    message = StepMessage(agreement=agreement, milestone=milestone, step=step)
    delivery = plain_delivery(work, DeliveryKind.STEP, told, key="preview")
    sheet = StepSheets(work, message).sheet(told, delivery)
    today = max(step.on, work.today(agreement))
    return replace(without_links(work, sheet), today=today, composed_at=max(step.at, work.now))


def without_links(work: Work, sheet: FactSheet) -> FactSheet:
    """The same facts with the way to their pages alone: nothing by which its reader could act."""
    deadlines = tuple(replace(one, url=page_of(work, one.milestone_id), answers=()) for one in sheet.deadlines)
    asked = sheet.asked and replace(sheet.asked, upload_url=f"{work.house.base_url}/evidence-upload/***")
    return replace(sheet, deadlines=deadlines, asked=asked)
