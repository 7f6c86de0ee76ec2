"""Somebody is away: what is on its way to them goes to whoever stands in, and on return they hear of it.

A step that is raised meanwhile asks the delegate from the start (``engine.delivery.recipients``); here is what was in
the outbox before. One message on the morning after the last day away lists what others were asked and is still open,
and says of each who has answered it meanwhile, and of what was closed who closed it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.delivery import quiet, recipients
from engine.delivery.composing import digest_sheet, facts_of, frozen, is_inside, standing_of
from engine.delivery.enqueueing import again, depth_of, plain_delivery, put
from engine.delivery.fallback import reached_by
from engine.delivery.late import lines, outside
from lifecycle.delivery import DeliveryKind, DeliveryState
from lifecycle.events import AbsenceEnded
from lifecycle.people import AbsenceMode
from lifecycle.playbooks.playbook import Urgency
from notifiers.wording import meanwhile_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engine.delivery.recipients import Told
    from engine.delivery.settling import Claimed
    from engine.monitor import Monitor, Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Absence, Person
    from notifiers.sheet import Deadline, Standing
    from store.deliveries import Body

AWAY: Final = "While you were away"


def delegated(work: Work, claimed: Claimed) -> bool:
    """At the gate: hand a message of somebody who is away on; False where it goes to themselves."""
    one = claimed.delivery
    stand_ins = [] if one.in_doubt_since is not None else _stand_ins(work, one)
    if not stand_ins:
        return False
    work.deliveries.settle(one.id, claimed.token, state=DeliveryState.CANCELLED, why=_why(stand_ins))
    _hand_on(work, one, stand_ins)
    return True


def handed_on(work: Work, one: Delivery) -> bool:
    """As ``delegated``, for a message that was held for a digest."""
    stand_ins = _stand_ins(work, one)
    if not stand_ins:
        return False
    cancelled = {"state": DeliveryState.CANCELLED, "next_attempt_at": None, "why": _why(stand_ins)}
    work.deliveries.change([one.id], [DeliveryState.HELD], **cancelled)
    _hand_on(work, one, stand_ins)
    return True


def welcome_back(monitor: Monitor) -> int:
    """Tell those who are back what was asked meanwhile; how many are back."""
    at = due_at(monitor)
    if at is None or at > monitor.clock.now():
        return 0
    with monitor.work() as work:
        back = [one for one in work.absences.open() if _back_at(work, one) <= work.now]
        for absence in back:
            end(work, absence)
    return len(back)


def due_at(monitor: Monitor) -> datetime | None:
    """When the next of those who are away is back."""
    with monitor.look() as work:
        return min((_back_at(work, one) for one in work.absences.open()), default=None)


def end(work: Work, absence: Absence) -> None:
    """They are back, or it was called off: they hear what others were asked in their place."""
    work.absences.end(absence.id, work.now)
    work.record(AbsenceEnded(absence_id=absence.id, person_id=absence.person_id))
    person = recipients.enabled(work, absence.person_id)
    since_at = quiet.midnight_of(work, person, absence.from_on)
    rows = list(work.milestones.many(work.deliveries.told_instead_of(absence.person_id, since_at)).values())
    still_open = [row for row in rows if row.is_live]
    for told in recipients.addresses(work, person, "best") if person else ():
        answered = _answered(work, told, rows, since_at)
        if not still_open and not answered:
            continue
        digest = plain_delivery(work, DeliveryKind.DIGEST, told, key=absence.id)
        sheet = digest_sheet(work, told, digest, lines(work, told, still_open), heading=AWAY)
        said = (outside(work, told, still_open), *answered)
        sheet = replace(sheet, text="\n".join(one for one in said if one))
        put(work, [(digest, frozen(work, told.channel, sheet))])


def _answered(work: Work, told: Told, rows: Iterable[Milestone], since_at: datetime) -> list[str]:
    """A line for each that somebody else has answered, decided or closed since an instant, and that they may see."""
    found = (
        meanwhile_line(*_said_since(work, told, agreement, row, since_at))
        for row in sorted(rows, key=lambda one: (one.safe_on, one.id))
        if row.is_live or row.outcome is not None
        if not (agreement := work.agreements.get(row.key.holder)).is_restricted or is_inside(told, agreement)
    )
    return [line for line in found if line]


def _said_since(
    work: Work, told: Told, agreement: Agreement, row: Milestone, since_at: datetime
) -> tuple[Deadline, Standing | None]:
    """The facts of a deadline and who answered it, without what was said earlier or by the reader."""

    def is_news(by: str, at: datetime | None) -> bool:
        return at is not None and at >= since_at and by.casefold() != told.address.casefold()

    facts, standing, decision = facts_of(work, agreement, row, with_why=False), standing_of(row), row.decision
    if decision is None or not row.is_live or not is_news(decision.by, decision.at):
        facts = replace(facts, decision=None)
    return facts, standing if is_news(standing.by, standing.at) else None


def _back_at(work: Work, absence: Absence) -> datetime:
    """The hour of the first day back, in their own zone."""
    person = work.people.get(absence.person_id)
    return quiet.hour_of_person(work, person, absence.until_on + timedelta(days=1))


def _stand_ins(work: Work, one: Delivery) -> list[Told]:
    """Who is told instead of the recipient; nobody where they are here, or are told all the same."""
    person = _away(work, one)
    if person is None or one.kind is not DeliveryKind.STEP:
        return []
    said = quiet.about(work, one)
    if recipients.is_critical(work, said.agreement, said.milestone, Urgency(one.urgency)):
        return []
    return [
        told._replace(stands_in_for=person.id)
        for delegate, _ in recipients.present(work, person, is_urgent=False)
        for told in recipients.addresses(work, delegate, "best")
    ]


def _away(work: Work, one: Delivery) -> Person | None:
    person = recipients.enabled(work, one.recipient_id)
    absence = recipients.absence_of(work, person) if person else None
    return person if absence and absence.mode is AbsenceMode.INSTEAD else None


def _hand_on(work: Work, one: Delivery, stand_ins: list[Told]) -> None:
    """A message of its own for each, composed when it leaves; whoever has the step already is not told again."""
    messages: list[tuple[Delivery, Body | None]] = []
    reached = reached_by(work, one)
    for told in stand_ins:
        if told.person is not None and told.person.id in reached:
            continue
        message = again(work, one, told, depth=depth_of(one))
        messages.append((replace(message, fallback_of=None, priority=one.priority), None))
    put(work, messages)


def _why(stand_ins: list[Told]) -> str:
    names = ", ".join(told.person.label for told in stand_ins if told.person)
    return f"away: {names} is asked instead"
