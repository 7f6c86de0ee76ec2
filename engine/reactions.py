"""What follows from an event, in the transaction that records it.

``react`` is one ``match`` that ends in ``assert_never``: an event without a decision is a type error. Reactions do no
I/O; what must leave the process becomes a row in the outbox. Deriving anew is asked for here and done once per
agreement at the end (``replan_touched``), however many events asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from engine import counterparty_duties, exits, licences, returning
from engine.delivery import inviting, posted
from engine.delivery.announcing import tell_access, tell_exit, tell_incident
from engine.delivery.asking import tell_received
from engine.delivery.changes import (
    tell_another_day,
    tell_assigned,
    tell_moved,
    tell_open_again,
    tell_owner,
    tell_withdrawn,
)
from engine.delivery.contact_points import owner_changed, owner_left, person_changed
from engine.delivery.told import is_outwards
from engine.feeds import revoke_feeds
from engine.incidents import close_of_ended
from engine.looking import look_anew
from engine.replanning import replan
from lifecycle import events as happened
from lifecycle.delivery import UNSENT, DeliveryKind
from lifecycle.milestones.reconciling import Cause

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.events import Event

_WHEN = frozenset({"time_zone", "calendar"})  # at which instants the steps of its ladders stand
_OF_DEADLINES = frozenset({DeliveryKind.STEP, DeliveryKind.CHANGED})
_WHO_MAY_SEE = frozenset({"owner_id", "backup_id", "is_restricted", "restricted_to"})


def react(event: Event, work: Work) -> None:  # noqa: C901, PLR0912, PLR0915 - one table of decisions
    """Decide what follows from *event*."""
    match event:
        case happened.StepRaised():  # first, for none is as frequent
            inviting.touch(work, [event.milestone_id], begins=True)
        case happened.AgreementRegistered():
            _touch(work, event.agreement_id, "registered")
        case happened.AgreementAmended():
            _amended(work, event)
        case happened.SignatureRequested():
            _touch(work, event.agreement_id, "sent for signature")
        case happened.AgreementSigned():
            _touch(work, event.agreement_id, "signed")
        case happened.AgreementAbandoned():
            _touch(work, event.agreement_id, "abandoned")
            returning.follow_abandonment(work, event.agreement_id)
            licences.follow_end(work, event.agreement_id)
            counterparty_duties.follow_end(work, event.agreement_id)
        case happened.NoticeGiven():
            _touch(work, event.agreement_id, "notice was given")
            exits.follow_end(work, event.agreement_id, exits.NOTICE)
            returning.follow_end(work, event.agreement_id)
        case happened.NoticeRevoked():
            _touch(work, event.agreement_id, "notice was revoked")
            exits.follow_revocation(work, event.agreement_id)
            returning.follow_revocation(work, event.agreement_id)
        case happened.AgreementTerminated():
            _touch(work, event.agreement_id, "terminated")
            exits.follow_end(work, event.agreement_id, exits.TERMINATION)
            returning.follow_end(work, event.agreement_id)
            licences.follow_end(work, event.agreement_id)
            counterparty_duties.follow_end(work, event.agreement_id)
        case happened.AgreementArchived() | happened.AgreementRestored():
            _touch(work, event.agreement_id, "archived or restored")
            licences.follow_end(work, event.agreement_id)
            counterparty_duties.follow_end(work, event.agreement_id)
        case happened.ObligationAdded() | happened.ObligationAmended() | happened.ObligationEnded():
            _touch(work, event.agreement_id, "its obligations changed")
        case happened.DisclosureRecorded():
            _touch(work, event.agreement_id, "its disclosures changed")
            returning.follow_disclosure(work, event.agreement_id, event.disclosure_id)
        case happened.DisclosureWithdrawn() | happened.ReturnRequested():
            _touch(work, event.agreement_id, "its disclosures changed")
        case happened.AuditRightAdded() | happened.AuditRightEnded():
            _touch(work, event.agreement_id, "its audit rights changed")
        case happened.AuditFindingRecorded() | happened.AuditFindingRetested():
            _touch(work, event.agreement_id, "what audits found changed")
        case happened.EvidenceReceived():
            tell_received(work, event)
        case happened.EvidenceAccepted() | happened.EvidenceWithdrawn():
            _touch(work, event.agreement_id, "the evidence that is owed changed")
        case happened.ExitStarted():
            _touch(work, event.agreement_id, "its exit started")
            tell_exit(work, event)
        case happened.ExitStopped():
            _touch(work, event.agreement_id, "its exit plan changed")
            returning.follow_stop(work, event.agreement_id)
        case happened.ExitPlanned() | happened.ExitTestPlanned():
            _touch(work, event.agreement_id, "its exit plan changed")
        case happened.AccessTaken():
            tell_access(work, event)
        case happened.MoveAccepted():
            _touch(work, event.agreement_id, "a day was set by hand")
            tell_another_day(work, event.milestone_id, event.old_on)
            _shown_anew(work, [event.milestone_id])
        case happened.MilestonePinned():
            _touch(work, event.agreement_id, "a day was set by hand")
            inviting.touch(work, [event.milestone_id])
        case happened.TermExpired():
            _touch(work, event.agreement_id, "time", Cause.TIME)
            exits.follow_end(work, event.agreement_id, exits.EXPIRY)
            returning.follow_end(work, event.agreement_id)
            licences.follow_end(work, event.agreement_id)
            counterparty_duties.follow_end(work, event.agreement_id)
        case happened.CameIntoForce() | happened.TermRenewed() | happened.SurvivalEnded():
            _touch(work, event.agreement_id, "time", Cause.TIME)
        case happened.MilestonesReplanned():
            tell_moved(work, event)
            tell_withdrawn(work, event)
            _shown_anew(work, [*(one for one, _, _ in event.moved), *event.withdrawn, *event.reopened])
            close_of_ended(work, event.withdrawn)
        case happened.MilestoneAssigned():
            tell_assigned(work, event)
            _shown_anew(work, [event.milestone_id])
        case happened.PersonChanged():
            person_changed(work, event.person_id)
            inviting.touch_person(work, event.person_id)
        case happened.PersonDisabled():
            work.entering.end_all(event.person_id)
            owner_left(work, event.person_id)
            revoke_feeds(work, event.person_id, because="disabled")
        case happened.IncidentOpened():
            tell_incident(work, event)
        case (
            happened.MilestoneAcknowledged()
            | happened.MilestoneSnoozed()
            | happened.MilestoneUndone()
            | happened.MilestoneVerified()
            | happened.MilestoneMissed()
        ):
            _shown_anew(work, [event.milestone_id])
        case (
            happened.MilestoneDone()
            | happened.MilestoneDecided()
            | happened.MilestoneWaived()
            | happened.MilestoneMooted()
        ):
            _shown_anew(work, [event.milestone_id])
            close_of_ended(work, [event.milestone_id])
        case happened.MilestoneReopened():
            _touch(work, event.agreement_id, "a deadline was reopened", Cause.TIME)  # time may have passed it meanwhile
            tell_open_again(work, event.milestone_id)
            _shown_anew(work, [event.milestone_id])
        case (
            happened.DeliveryAccepted()
            | happened.DeliveryDelivered()
            | happened.DeliveryFailed()
            | happened.DeliveryExpired()
            | happened.PlaybookProposed()
            | happened.PlaybookApplied()
            | happened.CalendarChanged()
            | happened.ImportApplied()
            | happened.ImportUndone()
            | happened.PersonAdded()
            | happened.PasswordSet()
            | happened.TokenCreated()
            | happened.TokenRevoked()
            | happened.AbsenceSet()
            | happened.AbsenceEnded()
            | happened.SilenceSet()
            | happened.SilenceEnded()
            | happened.AssetAdded()
            | happened.AssetChanged()
            | happened.ContactChanged()
            | happened.DocumentAdded()
            | happened.ExitTested()
            | happened.EvidenceRequested()
            | happened.EvidenceReviewed()
            | happened.FeedCreated()
            | happened.FeedChanged()
            | happened.FeedRotated()
            | happened.FeedRevoked()
            | happened.IncidentClosed()
            | happened.EvidencePackMade()
            | happened.FindingAccepted()
            | happened.FindingReopened()
        ):
            pass  # the operation that recorded it changed its own rows; nothing else follows
        case _:
            assert_never(event)


def replan_touched(work: Work) -> None:
    """Derive anew what events have touched, once per agreement."""
    touched, work.to_replan = work.to_replan, {}
    for agreement_id, (because, cause) in touched.items():
        is_new = agreement_id in work.new_agreements
        replan(work, work.agreements.get(agreement_id), because=because, cause=cause, is_new=is_new)
        work.new_agreements.discard(agreement_id)


def _amended(work: Work, event: happened.AgreementAmended) -> None:
    _touch(work, event.agreement_id, f"amended: {event.because}")
    exits.follow_day(work, event.agreement_id)
    changed = {change.field for change in event.changes}
    if "owner_id" in changed:
        owner_changed(work, event.agreement_id)
        tell_owner(work, event.agreement_id)
    if not changed.isdisjoint(_WHEN):
        look_anew(work, work.agreements.get(event.agreement_id))
    if not changed.isdisjoint(_WHO_MAY_SEE):
        ids = [row.id for row in work.milestones.of(event.agreement_id)]
        _shown_anew(work, ids)
        _composed_anew(work, ids)


def _composed_anew(work: Work, milestone_ids: list[str]) -> None:
    """What waits, or was tried in vain, so that nobody has it, may hold more than its reader may see by now."""
    for messages in work.deliveries.of_milestones(milestone_ids).values():
        for one in messages:
            has_nobody = one.state in UNSENT and one.in_doubt_since is None
            if one.kind in _OF_DEADLINES and has_nobody and not is_outwards(one):
                work.deliveries.forget_body(one.id)


def _shown_anew(work: Work, milestone_ids: list[str]) -> None:
    """What was posted about these, and what calendars hold of them, may not say how it is any more."""
    posted.want(work, milestone_ids)
    inviting.touch(work, milestone_ids)


def _touch(work: Work, agreement_id: str, because: str, cause: Cause = Cause.FACTS) -> None:
    """Ask for a derivation; facts weigh more than time."""
    known = work.to_replan.get(agreement_id)
    if known is None or known[1] is not Cause.FACTS:
        work.to_replan[agreement_id] = (because, cause)
