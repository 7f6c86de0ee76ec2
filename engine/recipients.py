"""From an audience to people, and from people to addresses.

An audience is resolved at the moment of raising: whoever is owner then is asked then. A person who has left is
nobody; what would have reached them goes to those who come next (``engine.fallback``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.audience import AudienceKind
from lifecycle.people import Person, Role
from store.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.monitor import Work
    from lifecycle.agreement import Agreement
    from lifecycle.audience import Audience
    from lifecycle.milestones import Milestone
    from lifecycle.playbook import Via


class Told(NamedTuple):
    """One message's destination. *forward_to* is the contact to whom the owner is asked to pass it on."""

    person: Person | None
    channel: str
    address: str
    forward_to: str = ""

    @property
    def key(self) -> str:
        """Who it is, for the name under which a message exists once."""
        who = self.person.id if self.person else self.address
        return f"{who}>{self.forward_to}" if self.forward_to else who


def resolve(
    work: Work, audience: Iterable[Audience], via: Via, *, agreement: Agreement, milestone: Milestone
) -> tuple[Told, ...]:
    """Everybody whom an audience means, each once, in the audience's order."""
    found: dict[tuple[str, str], Told] = {}
    for one in audience:
        for told in _told(work, one, via, agreement, milestone):
            found.setdefault((told.key, told.channel), told)
    return tuple(found.values())


def owner_of(work: Work, agreement: Agreement, milestone: Milestone) -> Person | None:
    """Assigned to the milestone, else the agreement's owner; None if nobody is, or has left."""
    return enabled(work, milestone.owner_id or agreement.owner_id)


def backup_of(work: Work, agreement: Agreement, milestone: Milestone) -> Person | None:
    """Who stands in."""
    return enabled(work, milestone.backup_id or agreement.backup_id)


def manager_of(work: Work, agreement: Agreement, milestone: Milestone) -> Person | None:
    """The owner's manager, also of an owner who has left."""
    owner_id = milestone.owner_id or agreement.owner_id
    owner = _known(work, owner_id)
    return enabled(work, owner.manager_id) if owner else None


def enabled(work: Work, person_id: str | None) -> Person | None:
    """The person with this id, unless there is none or they have left."""
    person = _known(work, person_id)
    return person if person and not person.is_disabled else None


def addresses(work: Work, person: Person, via: Via) -> tuple[Told, ...]:
    """Where a person is reached: the first channel in their order, all of them, or those that are named."""
    channels = [name for name in person.channels or work.house.channels if name in work.monitor.notifiers]
    if isinstance(via, tuple):
        wanted = [name for name in via if name in work.monitor.notifiers]
        channels = wanted or channels[:1]
    elif via == "best":
        channels = channels[:1]
    return tuple(Told(person, name, address_in(person, name)) for name in channels)


def address_in(person: Person, channel: str) -> str:
    """A person's address in a channel; mail and terminal go by their e-mail address."""
    del channel
    return person.email


def words(work: Work, audience: Iterable[Audience], agreement: Agreement, milestone: Milestone) -> tuple[str, ...]:
    """An audience as people read it: names where they are few, else the group."""
    said: list[str] = []
    for one in audience:
        if one.kind in {AudienceKind.TEAM, AudienceKind.ROLE, AudienceKind.ADDRESS, AudienceKind.COUNTERPARTY}:
            said.append(one.name)
        else:
            said.extend(person.label for person in _people(work, one, agreement, milestone))
    return tuple(dict.fromkeys(said))


def _told(work: Work, one: Audience, via: Via, agreement: Agreement, milestone: Milestone) -> Iterator[Told]:
    if one.kind is AudienceKind.ADDRESS:
        if one.channel in work.monitor.notifiers:
            yield Told(None, one.channel, one.name)
    elif one.kind is AudienceKind.COUNTERPARTY:
        owner = owner_of(work, agreement, milestone)
        for told in addresses(work, owner, ("email",)) if owner else ():
            yield told._replace(forward_to=one.name)
    else:
        for person in _people(work, one, agreement, milestone):
            yield from addresses(work, person, via)


def _people(work: Work, one: Audience, agreement: Agreement, milestone: Milestone) -> list[Person]:
    match one.kind:
        case AudienceKind.OWNER:
            found = [owner_of(work, agreement, milestone)]
        case AudienceKind.BACKUP:
            found = [backup_of(work, agreement, milestone)]
        case AudienceKind.MANAGER:
            found = [manager_of(work, agreement, milestone)]
        case AudienceKind.TEAM:
            found = list(work.people.in_team(one.name))
        case AudienceKind.ROLE:
            found = list(work.people.with_role(Role(one.name)))
        case _:
            found = []
    return [person for person in found if person is not None]


def _known(work: Work, person_id: str | None) -> Person | None:
    if person_id is None:
        return None
    try:
        return work.people.get(person_id)
    except NotFound:
        return None
