"""Links by which somebody outside uploads what was asked for: one for a request, a new one ends the one before.

The register keeps only the SHA-256 of a link's token. The token itself can be made again by whoever has the key of the
house: so a reminder brings the same link as the mail that asked.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.digests import digest_of
from engine.file_types import ACCEPTED
from engine.zones import midnight, zone
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.obligations.evidence import EvidenceState
from notifiers.wording import AskedFor

if TYPE_CHECKING:
    from engine.delivery.told import Told
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.obligations.evidence import EvidenceRequest
    from notifiers.sheet import FactSheet

_BYTES: Final = 32  # of a token: 43 characters in an address
_OF_EVIDENCE: Final = frozenset({MilestoneKind.AUDIT, MilestoneKind.EVIDENCE})
_HERE: Final = frozenset({EvidenceState.RECEIVED, EvidenceState.UNDER_REVIEW})
_STILL_OPEN: Final = timedelta(days=14)  # a link goes on so long after the day due


def newly_linked(work: Work, agreement: Agreement, request: EvidenceRequest) -> tuple[EvidenceRequest, str]:
    """The request as it is asked today, to be saved by the caller, and the address of its new link."""
    today = work.today(agreement)
    token = _token(work, replace(request, asked_on=today)) or secrets.token_urlsafe(_BYTES)
    ends_on = max(request.due_on, today) + _STILL_OPEN
    request = replace(
        request,
        asked_on=today,
        link_sha256=digest_of(token),
        link_until=midnight(ends_on + timedelta(days=1), agreement.time_zone),
    )
    return request, _url(work, token)


def asked_for(agreement: Agreement, request: EvidenceRequest, url: str) -> AskedFor:
    """What a contact is asked for, as the notifiers say it."""
    contact, until = request.contact, request.link_until
    home = zone(agreement.time_zone)
    ends_on = (until - timedelta(seconds=1)).astimezone(home).date() if until else request.due_on
    return AskedFor(
        what=request.what,
        due_on=request.due_on,
        reference=agreement.reference,
        title=agreement.title,
        counterparty=agreement.counterparty,
        contact=contact.label if contact else "",
        contact_name=contact.name if contact else "",
        covers_from=request.covers_from,
        covers_until=request.covers_until,
        note=request.note,
        upload_url=url,
        link_until_on=ends_on,
        takes=ACCEPTED,
    )


def reminding(work: Work, sheet: FactSheet, told: Told, milestone: Milestone) -> FactSheet:
    """What a contact is told of a deadline; with the link where it waits for what they were asked for."""
    request = _awaited(work, told.address, milestone) if told.is_external else None
    url = _known_url(work, request) if request else ""
    if request is None or not url:
        return sheet
    asked = asked_for(work.agreements.get(request.agreement_id), request, url)
    name = asked.contact_name or sheet.recipient.name
    return replace(
        sheet,
        asked=replace(asked, asked_before_on=request.asked_on),
        recipient=replace(sheet.recipient, name=name),
    )


def upload_to_pass_on(work: Work, told: Told, milestone: Milestone) -> str:
    """The link of what somebody is asked for to whom our reader passes a reminder on; "" where there is none."""
    request = _awaited(work, told.forward_to, milestone)
    url = _known_url(work, request) if request else ""
    return f"\nUpload: {url}" if url else ""


def lies_here(work: Work, milestone: Milestone) -> EvidenceRequest | None:
    """What has come of what was asked for, and waits to be accepted; None where a deadline waits for none."""
    if milestone.key.kind not in _OF_EVIDENCE:
        return None
    for one in work.evidence.of(milestone.key.holder):
        is_of_it = (one.subject, one.cycle) == (milestone.key.subject, milestone.key.cycle)
        if is_of_it and one.state in _HERE:
            return one
    return None


def has_sent(work: Work, address: str, milestone: Milestone) -> bool:
    """Whether somebody outside has sent already what a deadline waits for: they are not reminded of it."""
    sent = lies_here(work, milestone)
    return sent is not None and sent.contact is not None and sent.contact.email == address


def _awaited(work: Work, address: str, milestone: Milestone) -> EvidenceRequest | None:
    for one in work.evidence.of(milestone.key.holder):
        is_of_it = (one.subject, one.cycle) == (milestone.key.subject, milestone.key.cycle)
        if is_of_it and one.state is EvidenceState.ASKED and one.contact and one.contact.email == address:
            return one
    return None


def _known_url(work: Work, request: EvidenceRequest) -> str:
    """The address that was given out already; "" where it works no more, or was made with another key."""
    token = _token(work, request)
    if not token or not request.is_reachable(work.now) or digest_of(token) != request.link_sha256:
        return ""
    return _url(work, token)


def _token(work: Work, request: EvidenceRequest) -> str:
    """A request is asked once a day: its day tells a link from the one before. "" in a house without a key."""
    links = work.monitor.links
    return links.upload_token(request.id, str(request.asked_on)) if links else ""


def _url(work: Work, token: str) -> str:
    return f"{work.house.base_url.rstrip('/')}/evidence-upload/{token}"
