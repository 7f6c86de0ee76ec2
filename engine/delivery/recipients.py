"""From an audience to people, and from people to addresses.

An audience is resolved at the moment of raising: whoever is owner then is asked then. Whoever is away is asked through
the delegate: ``instead``, or ``also``; from the target day on both. A chain of delegates has three members at most and
never ends at somebody who is absent or cannot be reached anywhere; where it leads nowhere the manager is asked. Instead
of an owner who has left, or cannot be reached anywhere, backup and manager are asked, and the agreement's owner of what
was assigned to them; anybody else who has left is nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.delivery.told import Told, told_by
from engine.zones import zone
from lifecycle.audience import AudienceKind
from lifecycle.contacts import contact_for
from lifecycle.people import AbsenceMode, Person, Role
from lifecycle.playbooks.playbook import Urgency
from notifiers.base import MAIL

__all__ = [
    "Told",
    "absence_of",
    "addresses",
    "backup_of",
    "enabled",
    "is_critical",
    "is_gone",
    "manager_of",
    "owner_of",
    "present",
    "resolve",
    "told_before",
    "words",
]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.audience import Audience
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.glance import Glance
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Absence
    from lifecycle.playbooks.playbook import Via

_LONGEST_CHAIN: Final = 3  # of delegates


def resolve(
    work: Work, audience: Iterable[Audience], via: Via, *, agreement: Agreement, milestone: Milestone
) -> tuple[Told, ...]:
    """Everybody whom an audience means, each once, in the audience's order; delegates of those who are away."""
    found: dict[tuple[str, str], Told] = {}
    is_urgent = is_critical(work, agreement, milestone)
    for one in audience:
        for told in _told(work, one, via, agreement, milestone, is_urgent=is_urgent):
            found.setdefault((told.key, told.channel), told)
    return tuple(found.values())


def is_critical(
    work: Work, agreement: Agreement | Glance, milestone: Milestone | Glance, urgency: Urgency = Urgency.INTERRUPT
) -> bool:
    """Whether nothing holds a message back: it is said so, or today is in the days from target to last safe day."""
    if urgency is Urgency.CRITICAL:
        return True
    return milestone.is_deadline and milestone.target_on <= work.today(agreement) <= milestone.safe_on


def owner_of(work: Work, agreement: Agreement, milestone: Milestone) -> Person | None:
    """Assigned to the milestone, else the agreement's owner; None if nobody is, or has left."""
    return enabled(work, milestone.owner_id or agreement.owner_id)


def backup_of(work: Work, agreement: Agreement, milestone: Milestone) -> Person | None:
    """Who stands in: where it was assigned to the backup, the agreement's owner (ADR 44)."""
    backup_id = milestone.backup_id or agreement.backup_id
    is_theirs = backup_id is not None and backup_id == milestone.owner_id
    return enabled(work, agreement.owner_id if is_theirs else backup_id)


def manager_of(work: Work, agreement: Agreement, milestone: Milestone) -> Person | None:
    """The owner's manager, also of an owner who has left; of one it was assigned to and who has none, the agreement's
    owner's (ADR 44).
    """  # noqa: D205 - one sentence
    for owner_id in (milestone.owner_id, agreement.owner_id):
        owner = work.people.find(owner_id)
        manager = enabled(work, owner.manager_id) if owner else None
        if manager is not None and manager.id != milestone.owner_id:
            return manager
    return None


def enabled(work: Work, person_id: str | None) -> Person | None:
    """The person with this id, unless there is none or they have left."""
    person = work.people.find(person_id)
    return None if person is None or person.is_disabled else person


def is_gone(work: Work, person: Person) -> bool:
    """Whether somebody has left, or every address of theirs is dead."""
    return person.is_disabled or (bool(work.contact_points.bad()) and not addresses(work, person, "all"))


def present(work: Work, person: Person, *, is_urgent: bool) -> list[tuple[Person, str | None]]:
    """Who is asked for *person*, and for whom they stand in; nobody where they are away and nobody can be asked."""
    absence = absence_of(work, person)
    if absence is None:
        return [(person, None)]
    found: list[tuple[Person, str | None]] = []
    if is_urgent or absence.mode is AbsenceMode.ALSO:
        found.append((person, None))
    delegate = _delegate(work, person, absence)
    return [*found, (delegate, person.id)] if delegate else found


def absence_of(work: Work, person: Person) -> Absence | None:
    """The absence of somebody who is away today, by their own calendar day."""
    open_ones = work.absences.open()
    if not open_ones:
        return None
    today = work.now.astimezone(zone(person.time_zone or work.house.time_zone)).date()
    return next((one for one in open_ones if one.person_id == person.id and one.covers(today)), None)


def addresses(work: Work, person: Person, via: Via) -> tuple[Told, ...]:
    """Where a person is reached: the first channel in their order, all of them, or those that are named.

    A channel in which their address is dead is passed over.
    """
    channels = [name for name in person.channels or work.house.channels if _is_open(work, person, name)]
    if isinstance(via, tuple):
        wanted = [name for name in via if _is_open(work, person, name)]
        channels = wanted or channels[:1]
    elif via == "best":
        channels = channels[:1]
    return tuple([Told(person, name, person.email) for name in channels])


def words(work: Work, audience: Iterable[Audience], agreement: Agreement, milestone: Milestone) -> tuple[str, ...]:
    """An audience as people read it: names where they are few, else the group."""
    said: list[str] = []
    for one in audience:
        if one.kind in {AudienceKind.TEAM, AudienceKind.ROLE, AudienceKind.ADDRESS}:
            said.append(one.name)
        elif one.kind is AudienceKind.COUNTERPARTY:
            contact = contact_for(one.name, work.contacts.of(agreement.counterparty_id), agreement.counterparty_id)
            said.append(f"{(contact and contact.person) or one.name} ({agreement.counterparty})")
        else:
            said.extend(person.label for person in _people(work, one, agreement, milestone))
    return tuple(dict.fromkeys(said))


def _told(  # noqa: PLR0913 - whom, how, about what
    work: Work, one: Audience, via: Via, agreement: Agreement, milestone: Milestone, *, is_urgent: bool
) -> Iterator[Told]:
    if one.kind is AudienceKind.ADDRESS:
        if one.channel in work.monitor.notifiers and not _is_for_people_alone(work, one.channel, agreement):
            yield Told(None, one.channel, one.name)
    elif one.kind is AudienceKind.COUNTERPARTY:
        yield from _outside(work, one.name, agreement, milestone)
    else:
        for named in _people(work, one, agreement, milestone):
            for person, away_id in present(work, named, is_urgent=is_urgent):
                for told in addresses(work, person, via):
                    yield told if away_id is None else told._replace(stands_in_for=away_id)


def _outside(work: Work, name: str, agreement: Agreement, milestone: Milestone) -> Iterator[Told]:
    """The contact of the other side, by mail; or the owner, who is asked to pass it on.

    By ourselves we write only where the house wants it, to an address that is known, and never about an agreement that
    is restricted: there the owner decides what leaves.
    """
    contact = contact_for(name, work.contacts.of(agreement.counterparty_id), agreement.counterparty_id)
    is_sent = work.house.external_mail == "send" and not agreement.is_restricted
    if contact is not None and is_sent and MAIL in work.monitor.notifiers:
        yield Told(None, MAIL, contact.email, is_external=True)
        return
    owner = owner_of(work, agreement, milestone)
    for told in addresses(work, owner, (MAIL,)) if owner else ():
        yield told._replace(forward_to=contact.email if contact else name)


def told_before(work: Work, one: Delivery) -> Told:
    """The destination of a message as it was when it was written."""
    return told_by(one, enabled(work, one.recipient_id))


def is_kept_from(work: Work, one: Delivery) -> bool:
    """Whether a message goes to a room, and is about an agreement that was restricted since."""
    if one.recipient_id is not None or one.agreement_id is None:
        return False
    return _is_for_people_alone(work, one.channel, work.agreements.get(one.agreement_id))


def _is_for_people_alone(work: Work, channel: str, agreement: Agreement) -> bool:
    """What is restricted goes to people, never to a room (INTERFACE.md R4)."""
    notifier = work.monitor.notifiers.get(channel)
    return notifier is not None and notifier.has_rooms and agreement.is_restricted


def _is_open(work: Work, person: Person, channel: str) -> bool:
    if channel not in work.monitor.notifiers:
        return False
    return not work.contact_points.is_dead(person.id, channel, person.email)


def _delegate(work: Work, person: Person, absence: Absence) -> Person | None:
    """The end of the chain of delegates; where it is too long, a circle, or leads to nobody, the manager."""
    seen, following = {person.id}, absence
    for _ in range(_LONGEST_CHAIN):
        delegate = enabled(work, following.delegate_id)
        if delegate is None or delegate.id in seen:
            break
        away = _is_away(work, delegate)
        if away is None and is_gone(work, delegate):
            break
        if away is None:
            return delegate
        seen.add(delegate.id)
        following = away
    manager = enabled(work, person.manager_id)
    can_be_asked = manager and manager.id not in seen and _is_away(work, manager) is None
    return manager if manager and can_be_asked and not is_gone(work, manager) else None


def _is_away(work: Work, person: Person) -> Absence | None:
    """As ``absence_of``, unless they read along."""
    absence = absence_of(work, person)
    return absence if absence and absence.mode is AbsenceMode.INSTEAD else None


def _owners(work: Work, agreement: Agreement, milestone: Milestone) -> list[Person | None]:
    """The owner, beside them who had it until they acknowledge; backup and manager where the owner is gone.

    Where it was assigned to somebody who is gone, the agreement's owner is asked again.
    """
    owner = work.people.find(milestone.owner_id or agreement.owner_id)
    before = enabled(work, milestone.handed_over_by_id)
    if owner is None or not is_gone(work, owner):
        return [owner, before]
    again = enabled(work, agreement.owner_id) if milestone.owner_id else None
    return [again, backup_of(work, agreement, milestone), manager_of(work, agreement, milestone), before]


def _people(work: Work, one: Audience, agreement: Agreement, milestone: Milestone) -> list[Person]:
    match one.kind:
        case AudienceKind.OWNER:
            found = _owners(work, agreement, milestone)
        case AudienceKind.BACKUP:
            found = [backup_of(work, agreement, milestone)]
        case AudienceKind.MANAGER:
            found = [manager_of(work, agreement, milestone)]
        case AudienceKind.TEAM:
            return work.people.in_team(one.name)
        case AudienceKind.ROLE:
            return work.people.with_role(Role(one.name))
        case _:
            return []
    return [person for person in found if person is not None]
