"""Deadlines in the calendars that people own (CALENDAR.md section 7): who has which, and what they get next.

What somebody's calendar holds is known from the invitations in the outbox, and from nothing else:

1. When a stage is raised, owner and backup who may see the deadline are invited; never to a day that is over.
2. When the day has moved, whoever was invited gets the same UID with the next SEQUENCE.
3. When it has ended, or is somebody else's, or they may no longer see it or do not want it, they get a CANCEL, if an
   earlier invitation may have arrived and their address is not dead. What has not left yet is withdrawn.

An invitation is a delivery, but no step and no answer: whether it arrives changes nothing on the ladder.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from engine.delivery import quiet, recipients
from engine.delivery.composing import facts_of, frozen, is_inside, recipient_of
from engine.delivery.enqueueing import plain_delivery, put
from engine.delivery.linking import linked
from lifecycle.delivery import LOST, UNSENT, DeliveryKind, DeliveryState
from notifiers.base import MAIL
from notifiers.sheet import FactSheet, Invite

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.delivery.recipients import Told
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person

_OUT: Final = "cancel"  # stands in ``place``
_IN: Final = "invite"


def touch(work: Work, milestone_ids: Iterable[str], *, begins: bool = False) -> None:
    """Look at who is invited to these before the transaction ends; *begins*: a stage was raised, so people are."""
    if not _is_on(work):
        return
    for one in milestone_ids:
        work.to_invite[one] = work.to_invite.get(one, False) or begins


def touch_person(work: Work, person_id: str) -> None:
    """As ``touch``, for all that somebody has in their calendar."""
    if _is_on(work):
        touch(work, work.deliveries.invited(work.people.get(person_id).email))


def invite_touched(work: Work) -> None:
    """Make calendars say what the rows say; all that was touched is read together."""
    touched, work.to_invite = work.to_invite, {}
    given: dict[str, list[Delivery]] = defaultdict(list)
    for one in work.deliveries.invitations_about(touched):
        given[one.milestone_id or ""].append(one)
    wanted = [one for one, begins in touched.items() if begins or one in given]
    rows = work.milestones.many(wanted)
    agreements = work.agreements.many({row.key.holder for row in rows.values()})
    for row in (rows[one] for one in wanted if one in rows):
        _Invitations(work, agreements[row.key.holder], row, given.get(row.id, ())).renew()


class _Invitations:
    """One deadline in everybody's calendars."""

    def __init__(self, work: Work, agreement: Agreement, row: Milestone, given: Iterable[Delivery]) -> None:
        self._work, self._agreement, self._row = work, agreement, row
        self._given: dict[str, list[Delivery]] = defaultdict(list)
        for one in given:
            self._given[one.recipient_id or ""].append(one)

    def renew(self) -> None:
        wanted = self._wanted()
        for person_id, earlier in self._given.items():
            if person_id not in wanted:
                self._take_out(person_id, earlier)
        for person in wanted.values():
            self._put_in(person, self._given.get(person.id, []))

    def _wanted(self) -> Mapping[str, Person]:
        """Owner and backup, who may see it, want it, and can be reached by mail."""
        work, agreement, row = self._work, self._agreement, self._row
        if not row.is_live or not row.is_deadline:
            return {}
        both = (recipients.owner_of(work, agreement, row), recipients.backup_of(work, agreement, row))
        found = {one.id: one for one in both if one is not None and one.invitations}
        return {one: person for one, person in found.items() if _may_see(person, agreement)}

    def _put_in(self, person: Person, earlier: list[Delivery]) -> None:
        last = earlier[-1] if earlier else None
        is_told = last is not None and last.place == _IN and last.state is not DeliveryState.CANCELLED
        if is_told and last is not None and last.safe_on == self._row.safe_on:
            return
        if self._row.safe_on < self._work.today(self._agreement) or self._is_dead(person):
            return
        self._withdraw(earlier)
        self._send(person, place=_IN, sequence=len(earlier))

    def _take_out(self, person_id: str, earlier: list[Delivery]) -> None:
        unsent = self._withdraw(earlier)
        there = [one for one in earlier if one.id not in unsent and one.state not in LOST]
        person = recipients.enabled(self._work, person_id)
        if person is not None and there and there[-1].place == _IN and not self._is_dead(person):
            self._send(person, place=_OUT, sequence=len(earlier))

    def _is_dead(self, person: Person) -> bool:
        return self._work.contact_points.is_dead(person.id, MAIL, person.email)

    def _withdraw(self, earlier: list[Delivery]) -> set[str]:
        """Take back what has not begun to leave."""
        ids = [one.id for one in earlier]
        values = {"state": DeliveryState.CANCELLED, "next_attempt_at": None, "why": "a later invitation says it"}
        return set(self._work.deliveries.change(ids, UNSENT, **values))

    def _send(self, person: Person, *, place: str, sequence: int) -> None:
        work, row = self._work, self._row
        told = recipients.Told(person, MAIL, person.email)
        at = quiet.their_hour(work, told)
        key = f"{row.id}:{sequence}"
        delivery = replace(
            plain_delivery(work, DeliveryKind.INVITATION, told, key=key, agreement_id=self._agreement.id, at=at),
            milestone_id=row.id,
            generation=row.generation,
            safe_on=row.safe_on,
            place=place,
        )
        put(work, [(delivery, frozen(work, MAIL, self._sheet(told, delivery, sequence)))])

    def _sheet(self, told: Told, delivery: Delivery, sequence: int) -> FactSheet:
        work, row, agreement = self._work, self._row, self._agreement
        invite = Invite(
            is_cancelled=delivery.place == _OUT,
            has_buttons=work.house.mail_calendar == "request",
            sequence=sequence,
            instance=work.keeping.fact("instance") or str(UUID(int=0)),
            subject=row.key.subject,
        )
        return FactSheet(
            delivery_id=delivery.id,
            kind=DeliveryKind.INVITATION,
            recipient=recipient_of(work, told, agreement),
            today=work.today(agreement),
            composed_at=work.now,
            deadlines=(linked(work, facts_of(work, agreement, row), told, agreement),),
            organisation=work.house.organisation,
            base_url=work.house.base_url,
            heading="out of the calendar" if invite.is_cancelled else "into the calendar",
            invite=invite,
        )


def _is_on(work: Work) -> bool:
    """A rehearsal and a forecast tell of ladders; what calendars hold is none of them."""
    return work.house.mail_calendar != "off" and MAIL in work.monitor.notifiers and work.monitor.is_real


def _may_see(person: Person, agreement: Agreement) -> bool:
    return is_inside(recipients.Told(person, MAIL, person.email), agreement)
