"""What does not fit together, told once to whoever answers for it.

Its owner gets one message at their hour of a business day, which says what stands then. Where a digest of theirs leaves
within a day, that one says it (``engine.delivery.late``). What nobody owns, or somebody who has left, is told to legal.
A finding that was told or accepted is told no more; one in an agreement that its import keeps quiet is told when that
is over.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.delivery import quiet, recipients
from engine.delivery.composing import digest_sheet, frozen
from engine.delivery.enqueueing import plain_delivery, put
from lifecycle.delivery import DeliveryKind, Held
from lifecycle.people import Role
from lifecycle.playbooks.ladder import SOON
from notifiers.wording import counted, some
from store.queries import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.people import Person
    from store.findings import KeptFinding

_MOST_NAMED: Final = 3  # agreements in a heading
_SOON: Final = timedelta(days=1)
_LATE: Final = timedelta(hours=4)
_MOST: Final = 24  # in one message, and a line that says how many more there are


class Telling(NamedTuple):
    """How many people got a message, and when the hour of the next one comes; None: nobody waits for theirs."""

    told: int
    next_at: datetime | None


def tell_findings(work: Work, *, since_at: datetime) -> Telling:
    """Tell what was told to nobody yet to those whose hour has come since *since_at*, when this was asked before.

    Whose hour is over by more than ``_LATE`` is told at the next one: it can wait, and nobody wants it in the evening.
    """
    untold = _untold(work)
    soon = _readers_of_digests(work) if untold else set()
    since_at, told = max(since_at, work.now - _LATE), 0
    hours: list[datetime] = []
    for reader, owners in untold:
        owner_ids = [owner for owner in owners if owner != reader.id or reader.id not in soon]
        if quiet.next_hour(work, reader, since_at) <= work.now:
            told += _told(work, reader, owner_ids)
        elif owner_ids:
            hours.append(quiet.next_hour(work, reader, work.now))
    return Telling(told, min(hours, default=None))


def new_findings(work: Work, person: Person) -> tuple[str, ...]:
    """What is new in somebody's own agreements, as far as they may see it; told from now on."""
    return lines(_taken(work, person, [person.id]))


def lines(found: Sequence[KeptFinding]) -> tuple[str, ...]:
    """What was found, as many as can be read, and how many more there are."""
    left = len(found) - _MOST
    return (*(one.text for one in found[:_MOST]), *([f"And {left} more: see the page of gaps."] if left > 0 else []))


def _untold(work: Work) -> list[tuple[Person, list[str | None]]]:
    """Who is to be told, and whose agreements they answer for here: their own, and those of nobody."""
    owners: defaultdict[str, list[str | None]] = defaultdict(list)
    readers: dict[str, Person] = {}
    for owner_id in work.findings.untold_owners():
        reader = recipients.enabled(work, owner_id) or next(iter(work.people.with_role(Role.LEGAL)), None)
        if reader is not None and reader.digests:
            readers[reader.id] = reader
            owners[reader.id].append(owner_id)
    return [(readers[one], owners[one]) for one in readers]


def _taken(work: Work, person: Person, owner_ids: Iterable[str | None]) -> list[KeptFinding]:
    """What is new in the agreements of these owners, as far as *person* may see it; told from now on."""
    found = [one for owner_id in owner_ids for one in work.findings.untold_of(owner_id)]
    known, may_see = work.agreements.many(each for one in found for each in one.about), visible(person)
    seen = [
        one
        for one in found
        if all(may_see(known[each]) for each in one.about) and not _waits(work, known[one.about[0]], one)
    ]
    work.findings.tell([one.id for one in seen], work.now)
    return seen


def _waits(work: Work, agreement: Agreement, one: KeptFinding) -> bool:
    """Whether the quiet days that its import asked for are not over; what matters soon does not wait for them."""
    today, until_on = work.today(agreement), agreement.quiet_until_on
    is_soon = one.matters_on is not None and one.matters_on - today <= SOON
    return until_on is not None and today < until_on and not is_soon


def _told(work: Work, person: Person, owner_ids: list[str | None]) -> int:
    found = _taken(work, person, owner_ids)
    if not found:
        return 0
    names = sorted(one.reference for one in work.agreements.many(one.about[0] for one in found).values())
    heading = f"{counted(len(found), 'thing')} to mend: {some(names, _MOST_NAMED)}"
    for told in recipients.addresses(work, person, "best"):
        key = f"findings:{work.now.isoformat()}:{found[0].id}"
        one = plain_delivery(work, DeliveryKind.DIGEST, told, key=key)
        sheet = digest_sheet(work, told, one, (), heading=heading)
        text = "What does not fit together in your agreements. Mend it, or accept it with a reason: it is told once."
        put(work, [(one, frozen(work, told.channel, replace(sheet, text=text, gaps=lines(found))))])
    return 1


def _readers_of_digests(work: Work) -> set[str]:
    """To whom a digest of deadlines ahead leaves within a day."""
    held = work.deliveries.held_until(work.now + _SOON)
    return {one.recipient_id for one in held if one.why == Held.DIGEST and one.recipient_id}
