"""Events as sentences: the history of an agreement as people read it.

What an event says stands in the log; nothing is looked up but the names of milestones, which the caller hands in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lifecycle import events as happened
from lifecycle.obligations.evidence import NAMES, EvidenceKind
from lifecycle.words import spoken
from notifiers.words.days import stage_words
from notifiers.words.text import capital, channel_words, counted, joined, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lifecycle.events import Event

_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIDES: Final = {"us": "We gave notice", "them": "They gave notice"}


def event_words(event: Event, about: Callable[[str], str]) -> str:  # noqa: C901, PLR0911, PLR0912 - a table of sentences
    """What has happened, in a sentence. *about* names a milestone by its id: ``notice, renewal 2``."""
    match event:
        case happened.AgreementRegistered():
            return "Taken into the register."
        case happened.AgreementAmended():
            return f"Amended: {_because(event.because)}"
        case happened.SignatureRequested():
            by = f", to be signed by {spoken(event.sign_by_on)}" if event.sign_by_on else ""
            return f"Sent for signature on {spoken(event.requested_on)}{by}."
        case happened.AgreementSigned():
            return f"Signed on {spoken(event.signed_on)}."
        case happened.AgreementAbandoned():
            return f"It will never be signed: {_because(event.because)}"
        case happened.CameIntoForce():
            return "It came into force."
        case happened.NoticeGiven():
            via = f" by {one_line(event.method, 60)}" if event.method else ""
            who = _SIDES.get(event.by, "Notice was given")
            return f"{who}{via} on {spoken(event.sent_on)}: the last day in force is {spoken(event.last_on)}."
        case happened.NoticeRevoked():
            return f"The notice was taken back: {_because(event.because)}"
        case happened.TermRenewed():
            until = f" and runs until {spoken(event.last_on)}" if event.last_on else ""
            return f"It renewed: term {event.number} begins on {spoken(event.first_on)}{until}."
        case happened.TermExpired():
            return f"It ended with {spoken(event.last_on)}."
        case happened.AgreementTerminated():
            return f"It was terminated with {spoken(event.last_on)}: {_because(event.because)}"
        case happened.SurvivalEnded():
            return "The last duty that outlived it has ended."
        case happened.AgreementArchived():
            return f"Archived{_why(event.because)}"
        case happened.AgreementRestored():
            return f"Taken back from the archive{_why(event.because)}"
        case happened.AccessTaken():
            return f"An admin let themself see it: {_because(event.because)}"
        case happened.AuditRightAdded():
            return f"An audit right was added, first due by {spoken(event.due_on)}."
        case happened.AuditRightEnded():
            return f"An audit right ended with {spoken(event.on)}: {_because(event.because)}"
        case happened.FindingAccepted():
            return f"What does not fit ({event.code}) was accepted: {_because(event.because)}"
        case happened.FindingReopened():
            return f"What was accepted ({event.code}) is to be mended again: {_because(event.because)}"
        case happened.EvidenceRequested():
            again = " once more" if event.is_again else ""
            return f"Asked the other side{again} for “{_evidence(event.kind)}”, due by {spoken(event.due_on)}."
        case happened.EvidenceReceived():
            return f"Evidence came{f', version {event.number}' if event.number > 1 else ''}."
        case happened.EvidenceAccepted():
            return f"Evidence was accepted{f' until {spoken(event.until_on)}' if event.until_on else ''}."
        case happened.EvidenceWithdrawn():
            return f"Evidence is not wanted any more: {_because(event.because)}"
        case happened.AuditFindingRecorded():
            return f"A {event.severity} finding was recorded, to be remedied by {spoken(event.remedy_by_on)}."
        case happened.AuditFindingRetested():
            verdict = "passed" if event.is_passed else "did not pass"
            return f"A finding was tested again on {spoken(event.on)} and {verdict}."
        case happened.ExitTested():
            verdict = "held" if event.is_passed else "did not hold"
            return f"The exit plan was tested on {spoken(event.held_on)} and {verdict}: {_because(event.result)}"
        case happened.ObligationAdded():
            return f"An obligation was added: {one_line(event.name)} ({event.kind})."
        case happened.ObligationEnded():
            return f"An obligation ended with {spoken(event.on)}: {_because(event.because)}"
        case happened.MilestonesReplanned():
            return _replanned(event, about)
        case happened.DeliveryEvent():
            return f"{_of_delivery(event)}."
        case happened.MilestoneEvent():
            return f"{_of_milestone(event)}: {about(event.milestone_id)}."
        case _:
            return f"{_name(event)}."


def event_details(event: Event, about: Callable[[str], str]) -> tuple[str, ...]:
    """What changed, line by line: fields of an amendment, days that moved."""
    match event:
        case happened.AgreementAmended():
            return tuple(f"{one.field}: {one.before or 'nothing'} → {one.after or 'nothing'}" for one in event.changes)
        case happened.MilestonesReplanned():
            return tuple(f"{about(id_)}: {spoken(old)} → {spoken(new)}" for id_, old, new in event.moved)
        case happened.MilestoneDone():
            return (one_line(event.evidence),) if event.evidence else ()
        case happened.MilestoneDecided():
            return tuple(filter(None, (one_line(event.choice), one_line(event.note))))
        case happened.MilestoneWaived() | happened.MilestoneReopened() | happened.MilestonePinned():
            return (one_line(event.because),)
        case _:
            return ()


def _replanned(event: happened.MilestonesReplanned, about: Callable[[str], str]) -> str:
    parts: Mapping[str, int] = {
        "new": len(event.added),
        "moved": len(event.moved),
        "withdrawn": len(event.withdrawn),
        "open again": len(event.reopened),
    }
    told = joined(tuple(f"{number} {name}" for name, number in parts.items() if number))
    only = event.added or event.withdrawn or event.reopened or tuple(one[0] for one in event.moved)
    total = sum(parts.values())
    if total == 1:
        return f"{capital(about(only[0]))}: {told.partition(' ')[2]}."
    return f"{counted(total, 'date')} computed: {told}."


def _of_milestone(event: happened.MilestoneEvent) -> str:
    match event:
        case happened.StepRaised():
            return f"Asked {counted(len(event.deliveries), 'recipient')}, {stage_words(event.stage)}"
        case happened.MilestoneMissed():
            return f"The last safe day, {spoken(event.safe_on)}, has passed"
        case happened.MilestonePinned():
            return f"Pinned to {spoken(event.on)}"
        case happened.MoveAccepted():
            return f"The later day was accepted, {spoken(event.old_on)} to {spoken(event.new_on)}"
        case happened.MilestoneMooted():
            return f"Missed: what it was about was over on {spoken(event.over_on)}"
        case _:
            return _name(event).removeprefix("Milestone ").capitalize()


def _of_delivery(event: happened.DeliveryEvent) -> str:
    match event:
        case happened.DeliveryAccepted():
            return f"A message was taken by {channel_words(event.channel)}"
        case happened.DeliveryDelivered():
            return f"A message has arrived by {channel_words(event.channel)}"
        case happened.DeliveryFailed():
            return f"A message could not be delivered by {channel_words(event.channel)}"
        case happened.DeliveryExpired():
            return f"A message came too late to be sent by {channel_words(event.channel)}"
        case _:
            return f"A message: {_name(event)}"


def _evidence(kind: str) -> str:
    """How people say it; a kind that a newer version has written stands as it is."""
    return NAMES[EvidenceKind(kind)] if kind in set(EvidenceKind) else kind


def _name(event: object) -> str:
    return _WORD.sub(" ", type(event).__name__).capitalize()


def _because(text: str) -> str:
    said = one_line(text, 400)
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _why(text: str) -> str:
    return f": {_because(text)}" if text else "."
