"""Words to the other side: a mail that asks for a report, and what our people hear when it has come.

Whether such a mail leaves by itself is a setting: ``send``, or ``draft``, where the owner gets it to pass on, as always
for an agreement that is restricted. A contact is written to once a day, and what cannot reach them is told to nobody
else instead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.delivery import quiet, recipients
from engine.delivery.composing import frozen, plain_sheet
from engine.delivery.enqueueing import plain_delivery, put
from engine.delivery.outwards import free_at
from engine.delivery.told import Told
from engine.delivery.upload_links import asked_for
from lifecycle.delivery import DeliveryKind
from lifecycle.obligations.evidence import EvidenceState
from notifiers.base import MAIL
from notifiers.wording import one_line, received_heading, size_words, span_words

if TYPE_CHECKING:
    from datetime import datetime

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.events import EvidenceReceived
    from lifecycle.obligations.evidence import EvidenceRequest
    from lifecycle.people import Person
    from notifiers.wording import AskedFor

_SEND: Final = "send"


def ask_contact(work: Work, agreement: Agreement, request: EvidenceRequest, url: str) -> datetime | None:
    """Write to the contact of a request, or to the owner who passes it on; when the mail to the contact leaves.

    None: no mail leaves to anybody outside.
    """
    contact = request.contact
    if contact is None or MAIL not in work.monitor.notifiers:
        return None
    asked = asked_for(agreement, request, url)
    key = f"evidence:{request.id}:{(request.link_sha256 or '')[:16]}"
    if work.house.external_mail == _SEND and not agreement.is_restricted:
        at = free_at(work, agreement, work.deliveries.last_outwards(contact.email), work.now)
        told = Told(None, MAIL, contact.email, is_external=True)
        _write(work, told, asked, agreement, key=key, at=at)
        return at
    for told in _who_passes_it_on(work, agreement, contact.email):
        _write(work, told, asked, agreement, key=key, at=work.now)
    return None


def no_longer_asked(work: Work, one: Delivery) -> str:
    """Why a request that waits to leave is wanted by nobody any more; "" while it is wanted."""
    _, _, request_id, link, *_ = one.dedupe_key.split(":")
    request = work.evidence.get(request_id)
    if not request.is_open:
        return f"the request is {request.state.value}"
    return "" if (request.link_sha256 or "").startswith(link) else "it was asked for again"


def reviewed_already(work: Work, request_id: str) -> str:
    """Why nobody need look any more at what has come; "" while somebody has to."""
    state = work.evidence.get(request_id).state
    return "" if state in {EvidenceState.RECEIVED, EvidenceState.UNDER_REVIEW} else f"the request is {state.value}"


def tell_received(work: Work, event: EvidenceReceived) -> None:
    """Those who answer for the agreement hear, each at their hour, that a report is there to be looked at."""
    agreement, request = work.agreements.get(event.agreement_id), work.evidence.get(event.request_id)
    document = work.documents.get(event.document_id)
    if document.added_by in {one.email for one in _answerable(work, agreement)}:
        return  # they have handed it in themselves
    size = f", {size_words(document.size)}" if document.size is not None else ""
    version = f" It is version {event.number}." if event.number > 1 else ""
    span = span_words(request.covers_from, request.covers_until)
    covers = f" It covers {span}." if span else ""
    text = (
        f"Arrived for {agreement.reference}: {one_line(document.name, 120)}{size}.{version}{covers}\n"
        f"Look at it, then accept it or record what you found: "
        f"{work.house.base_url.rstrip('/')}/audits/{agreement.id}"
    )
    for person in _answerable(work, agreement):
        for one in recipients.addresses(work, person, "best"):
            key = f"evidence:{request.id}:received:{event.number}"
            at = quiet.their_hour(work, one)
            delivery = plain_delivery(work, DeliveryKind.INCIDENT, one, key=key, agreement_id=agreement.id, at=at)
            heading = received_heading(agreement.counterparty, request.what)
            put(
                work,
                [(delivery, frozen(work, one.channel, plain_sheet(work, one, delivery, heading=heading, text=text)))],
            )


def _write(  # noqa: PLR0913 - the parts of a message
    work: Work, told: Told, asked: AskedFor, agreement: Agreement, *, key: str, at: datetime
) -> None:
    delivery = plain_delivery(work, DeliveryKind.REQUEST, told, key=key, agreement_id=agreement.id, at=at)
    sheet = plain_sheet(work, told, delivery, heading=asked.what, text="")
    recipient = sheet.recipient
    if told.is_external:
        recipient = replace(recipient, name=asked.contact_name, is_external=True)
    put(work, [(delivery, frozen(work, told.channel, replace(sheet, recipient=recipient, asked=asked)))])


def _who_passes_it_on(work: Work, agreement: Agreement, email: str) -> list[Told]:
    """The owner, else the backup, by mail: that is what is passed on."""
    for person in _answerable(work, agreement):
        found = [told for told in recipients.addresses(work, person, (MAIL,)) if told.channel == MAIL]
        if found:
            return [found[0]._replace(forward_to=email)]
    return []


def _answerable(work: Work, agreement: Agreement) -> list[Person]:
    asked = (recipients.enabled(work, one) for one in dict.fromkeys((agreement.owner_id, agreement.backup_id)))
    return [person for person in asked if person is not None]
