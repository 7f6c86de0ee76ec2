"""Messages that no ladder planned: somebody let themself in, an exit has started, something went wrong.

Each exists once under its own name.
"""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Any, Final

from engine.delivery import quiet, recipients
from engine.delivery.asking import reviewed_already
from engine.delivery.composing import frozen, is_inside, plain_sheet
from engine.delivery.enqueueing import plain_delivery, put
from engine.incidents import CHANNEL_DOWN
from lifecycle.delivery import DeliveryKind
from lifecycle.people import Role
from lifecycle.playbooks.playbook import Urgency
from notifiers.wording import counted, day, some
from store.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from engine.delivery.recipients import Told
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.events import AccessTaken, ExitStarted, IncidentOpened
    from lifecycle.people import Person
    from notifiers.sheet import FactSheet

CHANNEL_REFUSED: Final = "channel_refused"
#: An agreement's owner is gone; said at once, and every week until somebody else answers for it.
OWNER_LEFT: Final = "owner_left"
_SAYS_LEFT: Final = f"{DeliveryKind.INCIDENT.value}:{OWNER_LEFT}:"  # how the name of such a message begins
_TO: Final = "/"  # between the instants of the first and the last incident that it tells
#: Incidents about an agreement, for which nobody need be woken; the others say that the house itself is in trouble.
_GONE_BY: Final = frozenset(
    {"renewed_without_decision", "lapsed_without_decision", "renewed_against_decision", "lapsed_against_decision"}
)
_CAN_WAIT: Final = _GONE_BY | {"no_recipient", "request_failed"}
_MOST_NAMED: Final = 3  # agreements in a heading
_MOST_LISTED: Final = 50  # in a text
#: Incidents of which those hear who answer for the agreement, beside the operators.
_CONCERN_OWNERS: Final = _GONE_BY | {"request_failed", OWNER_LEFT}


def tell_access(work: Work, event: AccessTaken) -> None:
    """The owner and the backup hear at once that an admin has let themself see their restricted agreement, and why."""
    agreement, person = work.agreements.get(event.agreement_id), work.people.get(event.person_id)
    text = (
        f"{person.label} has let themself see {agreement.reference}, which is restricted. The reason: {event.because}"
    )
    key = f"access:{agreement.id}:{person.id}:{agreement.version}"
    heading = _heading(work, "access_taken", [agreement.id])
    for asked in (agreement.owner_id, agreement.backup_id):
        known = recipients.enabled(work, asked)
        for one in recipients.addresses(work, known, "best") if known else ():
            _write(work, one, heading, text, key=key, agreement_id=agreement.id, at=work.now)


def tell_exit(work: Work, event: ExitStarted) -> None:
    """Owner, backup and all who own a step hear, each at their hour, that the exit has started and by when it ends."""
    agreement = work.agreements.get(event.agreement_id)
    plan = agreement.exit
    if plan is None:
        return
    names = [step.name for step in plan.steps if step.id in event.late]
    heading = _heading(work, "exit_started", [agreement.id])
    text = (
        f"The exit from {agreement.reference} has started: {event.because}. It ends on {day(event.exit_on)}. "
        f"Its {counted(event.steps, 'step')} are deadlines now."
    )
    if names:
        text += f"\n\nCannot be in time any more: {'; '.join(names)}."
    asked = (agreement.owner_id, agreement.backup_id, *(step.owner_id for step in plan.steps))
    for known in dict.fromkeys(recipients.enabled(work, one) for one in asked if one):
        for one in recipients.addresses(work, known, "best") if known else ():
            key = f"exit:{agreement.id}:{agreement.version}"
            at = quiet.their_hour(work, one)
            _write(work, one, heading, text, key=key, agreement_id=agreement.id, at=at)


def tell_incident(work: Work, event: IncidentOpened) -> None:
    """The operators hear of every incident; of one about an agreement also those who answer for it.

    Each at their hour, unless the house itself is in trouble. What is about no agreement goes before all that waits
    for its turn: it may be why that waits. An owner who has left is told of once for all that they owned
    (``tell_owner_left``).
    """
    if event.kind == OWNER_LEFT:
        return
    row = work.keeping.incident(event.incident_id)
    urgency = Urgency.CRITICAL if row.agreement_id is None else Urgency.INTERRUPT  # of agreements there are thousands
    for one in _concerned(work, row):
        at = quiet.their_hour(work, one) if row.kind in _CAN_WAIT else work.now
        heading, text = _as_they_may_see(work, one, row)
        _write(work, one, heading, text, key=row.id, agreement_id=row.agreement_id, at=at, urgency=urgency)


def _as_they_may_see(work: Work, told: Told, row: Any) -> tuple[str, str]:  # noqa: ANN401 - a row of the store
    """Heading and text; of what went by under a restricted agreement outsiders read its name and the day (R4)."""
    heading = _heading(work, row.kind, [row.agreement_id])
    if row.kind not in _GONE_BY:
        return heading, row.text
    agreement = work.agreements.get(row.agreement_id)
    if agreement.is_restricted and not is_inside(told, agreement):
        on = work.milestones.get(row.subject).safe_on
        return f"{agreement.reference}: {day(on)}", "Ask the owner for access."
    return heading, row.text + (_what_it_is(work, agreement) if is_inside(told, agreement) else "")


def _what_it_is(work: Work, agreement: Agreement) -> str:
    """Which agreement it is and whose: not everybody knows it by its reference."""
    owner = work.people.find(agreement.owner_id)
    whose = f" Its owner is {owner.label}." if owner else ""
    what = f"“{agreement.title}”" if agreement.title else f"the {agreement.kind}"
    return f"\n\n{agreement.reference} is {what} with {agreement.counterparty}.{whose}"


def tell_owner_left(work: Work, rows: Iterable[Any]) -> None:
    """One message to each who is concerned, about all of these incidents; composed when it leaves (``left_sheet``)."""
    concerned: dict[Told, list[Any]] = {}
    for row in rows:
        for one in _concerned(work, row):
            concerned.setdefault(one, []).append(row)
    for one, said in concerned.items():
        opened = sorted(row.opened_at for row in said)
        key = f"{OWNER_LEFT}:{_stamp(opened[0])}{_TO}{_stamp(opened[-1])}:{work.now.isoformat()}"
        at = quiet.their_hour(work, one)
        put(work, [(plain_delivery(work, DeliveryKind.INCIDENT, one, key=key, at=at), None)])


def says_left(one: Delivery) -> bool:
    """Whether a message says that owners have left."""
    return one.dedupe_key.startswith(_SAYS_LEFT)


def left_sheet(work: Work, told: Told, one: Delivery) -> FactSheet:
    """The facts of such a message: what nobody answers for yet, in the order of the agreements' names."""
    agreement_ids = [row.agreement_id for row in _unanswered(work, one)]
    text = _left(work, agreement_ids)
    return plain_sheet(work, told, one, heading=_heading(work, OWNER_LEFT, agreement_ids), text=text)


def no_longer_so(work: Work, one: Delivery) -> str:
    """Why what was to be said of an agreement is over; trouble of the house is told also when it is over."""
    about, _, subject = one.dedupe_key.partition(":")[2].partition(":")
    if says_left(one):
        return "" if _unanswered(work, one) else "somebody answers for it again"
    if one.agreement_id is None:
        return ""
    match about:
        case "access":
            return ""
        case "evidence":
            return reviewed_already(work, subject.partition(":")[0])
        case "exit":
            plan = work.agreements.get(one.agreement_id).exit
            return "" if plan is not None and plan.is_started else "the exit was stopped"
        case _:
            is_open = any(row.id == about for row in work.keeping.incidents())
            return "" if is_open else "the incident is closed"


def _unanswered(work: Work, one: Delivery) -> list[Any]:
    """Which of the incidents that a message was to tell are still open, and concern its reader.

    A name without their first and last instant is of an older version: it was to tell all that had been opened.
    """
    first, _, last = one.dedupe_key.removeprefix(_SAYS_LEFT).partition(":")[0].partition(_TO)
    gone = [row for row in work.keeping.incidents() if row.kind == OWNER_LEFT and row.opened_at <= one.created_at]
    meant = [row for row in gone if not last or first <= _stamp(row.opened_at) <= last]
    who = (one.channel, one.address)
    return [row for row in meant if any((told.channel, told.address) == who for told in _concerned(work, row))]


def _stamp(at: datetime) -> str:
    """An instant as part of a name; in the order of time."""
    return f"{at:%Y%m%dT%H%M%S.%f}"


def left_line(person: Person | None, references: Sequence[str]) -> str:
    """``Olga, the owner of MSA-9 and SOW-9B, has left.``; None: since then nobody owns them."""
    owned = some(sorted(references, key=str.casefold), _MOST_LISTED)
    if person is None:
        return f"Nobody owns {owned} any more."
    why = "has left" if person.is_disabled else "cannot be reached at any address"
    return f"{person.label}, the owner of {owned}, {why}."


def left_remedy(references: Sequence[str]) -> str:
    """What is done meanwhile, and what there is to do."""
    each, meant = ("", quote(references[0])) if len(references) == 1 else (" of each", "REFERENCE")
    return (
        f"The backup and the manager are asked instead. Name another owner{each} on its page, or with "
        f"`longstop agreement amend {meant} --set owner=ADDRESS --because TEXT`."
    )


def _left(work: Work, agreement_ids: Iterable[str]) -> str:
    """Each who has left once, with all that they owned; once what there is to do."""
    owned: dict[str | None, list[str]] = {}
    for one in work.agreements.many(set(agreement_ids)).values():
        owned.setdefault(one.owner_id, []).append(one.reference)
    lines = [left_line(work.people.get(person) if person else None, names) for person, names in owned.items()]
    return "\n".join([*sorted(lines), left_remedy([name for names in owned.values() for name in names])])


def _concerned(work: Work, row: Any) -> Iterable[Told]:  # noqa: ANN401 - a row of the store
    is_of_channel = row.kind in {CHANNEL_REFUSED, CHANNEL_DOWN}
    told = dict.fromkeys(_operators(work, not_through=row.subject if is_of_channel else ""))
    if row.agreement_id is not None and row.kind in _CONCERN_OWNERS:
        told |= dict.fromkeys(_answerable(work, work.agreements.get(row.agreement_id)))
    return told


def _write(  # noqa: PLR0913 - the parts of a message
    work: Work, told: Told, heading: str, text: str, *, key: str, agreement_id: str | None, at: datetime,
    urgency: Urgency = Urgency.INTERRUPT,
) -> None:  # fmt: skip
    kind = DeliveryKind.INCIDENT
    delivery = plain_delivery(work, kind, told, key=key, agreement_id=agreement_id, at=at, urgency=urgency)
    sheet = plain_sheet(work, told, delivery, heading=heading, text=text)
    put(work, [(delivery, frozen(work, told.channel, sheet))])


def _heading(work: Work, kind: str, agreement_ids: Iterable[str | None]) -> str:
    """``MSA-9, SOW-9B: owner left``: which agreements it is about, as far as it is about any, and what has happened."""
    what = kind.replace("_", " ")
    about = sorted(name for one in set(agreement_ids) if one and (name := _reference(work, one)))
    if not about:
        return what.capitalize()
    return f"{some(about, _MOST_NAMED)}: {what}"


def _reference(work: Work, agreement_id: str) -> str:
    """What it is called; "" where its row cannot be read, which may be what is told."""
    try:
        return work.agreements.get(agreement_id).reference
    except ValueError:
        return ""


def _operators(work: Work, *, not_through: str = "") -> list[Told]:
    """Each through their first channel, but not through the one that is in trouble, if they have another."""
    found: list[Told] = []
    for person in work.people.with_role(Role.ADMIN):
        ways = recipients.addresses(work, person, "all")
        found += [one for one in ways if one.channel != not_through][:1] or ways[:1]
    return found


def _answerable(work: Work, agreement: Agreement) -> list[Told]:
    """Owner, backup, the owner's manager, and legal."""
    people = [recipients.enabled(work, one) for one in (agreement.owner_id, agreement.backup_id)]
    try:
        owner = work.people.get(agreement.owner_id) if agreement.owner_id else None
    except NotFound:
        owner = None
    people.append(recipients.enabled(work, owner.manager_id) if owner else None)
    people.extend(work.people.with_role(Role.LEGAL))
    return [told for person in people if person for told in recipients.addresses(work, person, "best")]
