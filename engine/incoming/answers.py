"""What people answer to a deadline from outside: by a link in a mail, by a button in Slack.

The same rules whatever the way: who may not see the agreement finds nothing, rights are looked at now and not when the
message was sent, a day that has moved changes nothing, and twice is once (DELIVERY.md M2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from engine import operations as ops
from engine.delivery.posted import want
from engine.incidents import open_incident
from engine.incoming.as_shown import AGAIN, AsShown, changed_since
from engine.incoming.links import Operation
from engine.incoming.results import Outcome, Result
from engine.operations.answering import AnswerRefused, judged
from engine.standing import present, standing, visible
from lifecycle.days.dates import parse_day
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act, Forbidden, may, require
from store.errors import NotFound, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.monitor import Work
    from engine.operations import Answered
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person


class FieldRefused(AnswerRefused):
    """Something that was typed beside the answer itself is not possible."""

    def __init__(self, at_field: str, sentence: str, *, remedy: str) -> None:
        super().__init__(sentence, remedy=remedy)
        self.at_field = at_field


#: What each answer needs the right to.
ACTS: Final[Mapping[Operation, Act]] = {
    Operation.ACKNOWLEDGE: Act.ANSWER,
    Operation.SNOOZE: Act.ANSWER,
    Operation.DONE: Act.ANSWER,
    Operation.DECIDE: Act.DECIDE,
    Operation.ASSIGN: Act.DECIDE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks for; enough to do it later, also in another process.

    *generation* and *asks* (``asks_of``) are those of the page on which it was asked, where it says them. *values* are
    what was typed: ``until`` and ``on`` as ISO days, ``evidence``, ``choice``, ``note``, ``to`` (an address).
    """

    operation: Operation
    milestone_id: str
    revision: int
    person_id: str | None = None  # None: somebody whom the register does not know, who may acknowledge and no more
    stage: str = ""
    generation: int | None = None
    asks: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def answer(work: Work, asked: Asked) -> Result:
    """Do what is asked, or say why not.

    Refusals are results. Raises what is nobody's answer: a database that is full or busy, and our own mistakes.
    """
    try:
        result = _answered(work, asked)
    except Forbidden as error:
        return Result(Outcome.FORBIDDEN, error.sentence, error.remedy)
    except NotFound as error:
        return Result(Outcome.UNKNOWN, error.sentence, error.remedy)
    except StoreError:
        raise
    except LifecycleError as error:
        at_field = error.at_field if isinstance(error, FieldRefused) else ""
        return Result(Outcome.REFUSED, error.sentence, error.remedy, at_field=at_field)
    if result.outcome in {Outcome.STALE, Outcome.ALREADY}:
        want(work, [asked.milestone_id])  # they read a message that no longer holds
    return result


def known_person(work: Work, email: str) -> Person | None:
    """Whom the register knows by an address, also somebody who has left; None where it knows nobody."""
    try:
        return work.people.by_email(email)
    except NotFound:
        return None


def allowed(
    work: Work,
    person: Person | None,
    agreement: Agreement,
    milestone: Milestone,
    *,
    messages: Iterable[Delivery] | None = None,
) -> frozenset[Operation]:
    """What somebody may answer here."""
    if person is None:
        return frozenset({Operation.ACKNOWLEDGE})
    how = standing(work, person, agreement, milestone, messages=messages)
    return frozenset(one for one, act in ACTS.items() if may(person.role, act, how))


def _answered(work: Work, asked: Asked) -> Result:
    person = present(work, asked.person_id) if asked.person_id else None
    row, agreement = visible(work, asked.milestone_id, person)
    if asked.operation is Operation.NOT_ME:
        return _somebody_else(work, agreement, row, person)
    if person is not None:
        require(person, ACTS[asked.operation], standing(work, person, agreement, row))
    elif asked.operation is not Operation.ACKNOWLEDGE:
        raise Forbidden(
            "Longstop does not know whose account this is: it can only acknowledge.",
            remedy="Ask an admin to add you with the address of this account.",
        )
    if (changed := _changed_meanwhile(work, agreement, row, asked)) is not None:
        return changed
    answered = _operate(work, row, asked)
    return Result(Outcome(answered.result.value), answered.said)


def _changed_meanwhile(work: Work, agreement: Agreement, row: Milestone, asked: Asked) -> Result | None:
    """Somebody has answered, or another stage has begun, since the page was shown: it may no longer be meant.

    An acknowledgement takes nothing away from anybody, and what was done was done whatever a stage asks for.
    """
    if asked.operation is Operation.ACKNOWLEDGE:
        return None
    shown = AsShown(asked.generation, asked.asks)
    said = changed_since(work, agreement, row, shown, is_done=asked.operation is Operation.DONE)
    if not said:
        return None
    if (early := judged(row, asked.revision)) is not None:
        return Result(Outcome(early.result.value), early.said)
    return Result(Outcome.STALE, said, AGAIN)


def _operate(work: Work, row: Milestone, asked: Asked) -> Answered:
    said, revision = asked.values, asked.revision
    match asked.operation:
        case Operation.ACKNOWLEDGE:
            return ops.acknowledge(work, row.id, revision=revision)
        case Operation.SNOOZE:
            return ops.snooze(work, row.id, until=_day(said, "until"), revision=revision)
        case Operation.DONE:
            on = _past(work, row, said) if said.get("on") else None
            return ops.done(work, row.id, evidence=said.get("evidence", ""), on=on, revision=revision)
        case Operation.DECIDE:
            note = said.get("note", "").strip()
            if not note and judged(row, revision) is None:
                raise FieldRefused("note", "A decision needs a note.", remedy="Write why, in a sentence.")
            return ops.decide(work, row.id, choice=said.get("choice", ""), note=note, revision=revision)
        case Operation.ASSIGN:
            return _assigned(work, row, asked)
        case Operation.NOT_ME:
            raise AssertionError(asked.operation)


def _assigned(work: Work, row: Milestone, asked: Asked) -> Answered:
    if (early := judged(row, asked.revision)) is not None:
        return early
    email = asked.values.get("to", "").strip()
    if not email:
        raise AnswerRefused("Nobody is named.", remedy="Name somebody whose e-mail address is known here.")
    owner = known_person(work, email)
    if owner is None:
        raise AnswerRefused(f"Nobody here has the address {email}.", remedy="Check it, or ask an admin to add them.")
    if owner.is_disabled:
        raise AnswerRefused(f"{owner.label} has left.", remedy="Name somebody who is there.")
    return ops.assign(work, row.id, owner_id=owner.id)


def _somebody_else(work: Work, agreement: Agreement, row: Milestone, person: Person | None) -> Result:
    who = person.label if person else "somebody"
    text = (
        f"Somebody who is not {who} has opened the link that was sent to {who} about {row.key.kind.value} of "
        f"{agreement.reference}. Nothing was changed. Look where the mail of {who} goes."
    )
    open_incident(work, kind="link_elsewhere", subject=f"{row.id}:{asked_by(person)}", text=text)
    return Result(Outcome.NOTED, "Thank you: the operators are told. Nothing was changed, please close this page.")


def asked_by(person: Person | None) -> str:
    """The id of a person, for names under which something exists once."""
    return person.id if person else "nobody"


def _past(work: Work, row: Milestone, said: Mapping[str, str]) -> date:
    on = _day(said, "on")
    if on > work.today(work.agreements.get(row.key.holder)):
        raise FieldRefused("on", f"{on} has not come yet.", remedy="Say when it was done.")
    return on


def _day(said: Mapping[str, str], name: str) -> date:
    try:
        return parse_day(said.get(name, "").strip())
    except ValueError:
        raise AnswerRefused("That is no day.", remedy="Write it as 2026-12-01.") from None
