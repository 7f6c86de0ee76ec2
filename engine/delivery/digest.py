"""What is held, and what becomes of it when its instant has come.

What waited for a digest is bundled with all that the same recipient waits for in the same channel: one message,
composed at its first offer (``engine.delivery.late``), without what is over by then; an empty one is not sent, nor
the same twice. What a silence held leaves, one message for each deadline, unless a later step asks the same reader.
What a person or shadow mode held, or what is nobody's, goes on alone.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from engine.absences import handed_on
from engine.bulk import LATER
from engine.delivery import quiet, recipients
from engine.delivery.enqueueing import plain_delivery, put
from engine.delivery.gathering import STORM
from engine.delivery.settling import expired
from engine.delivery.still_wanted import wanted
from lifecycle.delivery import LOST, Change, DeliveryKind, DeliveryState, Held
from lifecycle.playbooks.playbook import Urgency
from store.errors import RowRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery

_FOR_A_DIGEST: Final = frozenset({Held.DIGEST, Held.NEW, Held.TOGETHER})
_LATER: Final = "a later message says it"


def bundle(monitor: Monitor) -> int:
    """Look at what was held until now; how many messages.

    In shadow mode too: what is composed then is held at its gate.
    """
    at = due_at(monitor)
    if at is None or at > monitor.clock.now():
        return 0
    try:
        with monitor.work() as work:
            return _looked_at(work, apart=False)
    except RowRefused:
        with monitor.work() as work:
            return _looked_at(work, apart=True)


def due_at(monitor: Monitor) -> datetime | None:
    """When something that is held is looked at next."""
    with monitor.look() as work:
        return work.deliveries.next_at([DeliveryState.HELD])


def _looked_at(work: Work, *, apart: bool) -> int:
    """*apart*: the database has refused it all at once; each digest stands or falls alone."""
    held = work.deliveries.held_until(work.now)
    held += _handed_over_as_well(work, held)
    sorts: defaultdict[str, list[Delivery]] = defaultdict(list)
    for one in held:
        sorts[_sort_of(work, one)].append(one)
    _let_speak(work, sorts[Held.SILENCED])
    _release(work, sorts[""])
    for members in _grouped(sorts[Held.DIGEST], lambda one: (one.channel, one.address)):
        if apart:
            _bundle_alone(work, members)
        else:
            _bundle(work, members)
    return len(held)


def _handed_over_as_well(work: Work, held: list[Delivery]) -> list[Delivery]:
    """What else is its reader's now and could wait for their next hour: all that they are handed is one message."""
    readers = {(one.channel, one.address) for one in held if one.change is Change.OWNER and one.why == Held.NEW}
    if not readers:
        return []
    known = {one.id for one in held}
    waiting = work.deliveries.held_of_owners(address for _, address in readers)
    mine = (one for one in waiting if (one.channel, one.address) in readers and one.why == Held.NEW)
    return [one for one in mine if one.id not in known]


def _bundle_alone(work: Work, members: list[Delivery]) -> None:
    """What the database refuses is looked at again in an hour, and the operator hears of it."""
    try:
        with work.savepoint():
            _bundle(work, members)
            work.settle()
            work.session.flush()
    except RowRefused as error:
        ids = [one.id for one in members]
        work.deliveries.change(ids, [DeliveryState.HELD], next_attempt_at=work.now + LATER)
        about = sorted({one.agreement_id for one in members if one.agreement_id})
        if about:
            work.set_aside(about[0], error.sentence)


def _sort_of(work: Work, one: Delivery) -> str:
    """What to do with a held message: let it speak, bundle it, or let it go."""
    if one.why.startswith(Held.SILENCED):
        return Held.SILENCED
    return Held.DIGEST if one.why in _FOR_A_DIGEST and _has_reader(work, one) else ""


def _bundle(work: Work, members: list[Delivery]) -> None:
    """One message for one recipient; for somebody who is away, to whoever stands in."""
    told = wanted(work, members)
    _cancel(work, _but(members, told), "no longer wanted")
    told = [one for one in told if one.kind is not DeliveryKind.STEP or not handed_on(work, one)]
    untold = [one for one in told if _goes_untold(work, one)]
    _cancel(work, untold, quiet.UNTOLD)
    told = _but(told, untold)
    if not told:
        return
    first = told[0]
    reader = recipients.Told(recipients.enabled(work, first.recipient_id), first.channel, first.address)
    digest = plain_delivery(
        work, DeliveryKind.DIGEST, reader, key=_name_of(told), expires_at=quiet.next_window_of(work, reader)
    )
    if not put(work, [(digest, None)]):
        _cancel(work, told, "the same was told already")
        return
    work.deliveries.change(
        [one.id for one in told],
        [DeliveryState.HELD],
        state=DeliveryState.BUNDLED,
        next_attempt_at=None,
        bundle_id=digest.id,
    )


def _but(members: Iterable[Delivery], others: Iterable[Delivery]) -> list[Delivery]:
    gone = {one.id for one in others}
    return [one for one in members if one.id not in gone]


def _goes_untold(work: Work, one: Delivery) -> bool:
    """Whether its reader has switched digests off while it waited for one."""
    person = recipients.enabled(work, one.recipient_id)
    if person is None or person.digests:
        return False
    if one.change is not None:
        return one.change is Change.WITHDRAWN
    about = quiet.about(work, one)._replace(urgency=Urgency(one.urgency))
    return quiet.goes_untold(work, person, about)


def _name_of(members: Iterable[Delivery]) -> str:
    """The same set is the same digest. What can wait is told once a stage, what interrupts at each repeat."""
    places = (_line_of(one) for one in members)
    return hashlib.sha256("\n".join(sorted(places)).encode()).hexdigest()[:32]


def _line_of(one: Delivery) -> str:
    if one.kind is not DeliveryKind.STEP:
        return one.dedupe_key
    return f"{one.milestone_id}:{one.safe_on}:{_part_of_ladder(one)}"


def _part_of_ladder(one: Delivery) -> str:
    return one.place.rsplit(".", 2)[0] if one.urgency == Urgency.DIGEST else one.place


def _let_speak(work: Work, silenced: list[Delivery]) -> None:
    """A silence is over: of the messages about one deadline only the last is told, if nothing else holds it.

    A step says also what has changed. Where that would be a storm, they leave as one.
    """
    told = []
    for members in _grouped(silenced, lambda one: (one.channel, one.address, one.tells_of or one.id)):
        *earlier, last = sorted(members, key=lambda one: (one.change is None, one.created_at, one.id))
        _cancel(work, earlier, _LATER)
        told.append(last)
    said = _said_later(work, told)
    _cancel(work, said, _LATER)
    for members in _grouped(_but(told, said), lambda one: (one.channel, one.address)):
        free = [one for one in members if quiet.resume(work, one)]
        if len(free) >= STORM:
            ids = [one.id for one in free if one.kind is DeliveryKind.STEP]
            together = {"state": DeliveryState.HELD, "next_attempt_at": work.now, "why": Held.TOGETHER.value}
            work.deliveries.change(ids, [DeliveryState.PENDING], **together)


def _said_later(work: Work, told: Iterable[Delivery]) -> list[Delivery]:
    """Those of these steps after which another has asked the same reader, or asks them now."""
    steps = [one for one in told if one.change is None and one.milestone_id is not None]
    about = work.deliveries.of_milestones({one.milestone_id or "" for one in steps})
    return [one for one in steps if any(_says_more(each, one) for each in about.get(one.milestone_id or "", ()))]


def _says_more(later: Delivery, one: Delivery) -> bool:
    is_same = (later.kind, later.channel, later.address) == (DeliveryKind.STEP, one.channel, one.address)
    is_said = later.state not in LOST and not later.why.startswith(Held.SILENCED)
    return is_same and is_said and later.created_at > one.created_at


def _has_reader(work: Work, one: Delivery) -> bool:
    is_here = one.recipient_id is None or recipients.enabled(work, one.recipient_id) is not None
    return is_here and one.channel in work.monitor.notifiers and not recipients.is_kept_from(work, one)


def _release(work: Work, members: list[Delivery]) -> None:
    """Held by a person or by shadow mode, or nobody's: each goes on alone, or its time is over."""
    over = [one for one in members if one.expires_at <= work.now]
    work.deliveries.change(
        [one.id for one in over],
        [DeliveryState.HELD],
        state=DeliveryState.EXPIRED,
        next_attempt_at=None,
        why="its time was over",
    )
    for one in over:
        expired(work, one)
    ids = [one.id for one in members if one.expires_at > work.now]
    work.deliveries.change(ids, [DeliveryState.HELD], state=DeliveryState.PENDING, next_attempt_at=work.now, why="")
    work.made_due = work.made_due or bool(ids)


def _cancel(work: Work, members: list[Delivery], why: str) -> None:
    ids = [one.id for one in members]
    work.deliveries.change(ids, [DeliveryState.HELD], state=DeliveryState.CANCELLED, next_attempt_at=None, why=why)


def _grouped(members: Iterable[Delivery], key: Callable[[Delivery], object]) -> list[list[Delivery]]:
    groups: dict[object, list[Delivery]] = defaultdict(list)
    for one in members:
        groups[key(one)].append(one)
    return list(groups.values())
