"""What an incoming webhook asks for, done as if a person had asked (INTERFACE.md H11).

What the register knows already is no news. What contradicts it is told to people and overwrites nothing. What cannot be
done waits for a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine import operations as ops
from engine.incidents import open_incident
from engine.incoming.results import Outcome, Result
from lifecycle.errors import LifecycleError
from lifecycle.hooks import HookOperation, Unmapped, day_in, mapped, read
from store.errors import NotFound, StoreError
from store.queries import Queries

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.hooks import Hook


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A call that proved who sent it; enough to do it later. *why* says what keeps it from being done.

    *operation* is None for a call that tells of something else. *body* is kept for whoever looks at what waits.
    """

    hook: str
    operation: HookOperation | None
    values: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    why: str = ""


WAITING: Final = "incoming_waits"  # the kind of incident


class Waits(LifecycleError):
    """Nobody but a person can say what is to be done with it."""

    code = "waits"


def hear(work: Work, heard: Heard) -> Result:
    """Do what a call asks for. Raises Waits; and what is nobody's answer: a full database, our own mistakes."""
    if heard.operation is None:
        return Result(Outcome.ALREADY, "It tells of nothing that is watched.")
    if heard.why:
        raise Waits(heard.why, remedy="Do by hand what it asks for.")
    try:
        return _done(work, heard.operation, heard)
    except NotFound as error:
        raise Waits(error.sentence, remedy=error.remedy) from error
    except StoreError:
        raise
    except LifecycleError as error:
        raise Waits(error.sentence, remedy=error.remedy) from error


def understood(hook: Hook, text: str) -> Heard:
    """What an authentic call asks for, as its hook is described; or why nobody can say."""
    try:
        values = mapped(hook, read(text))
    except Unmapped as error:
        return Heard(hook=hook.name, operation=hook.operation, body=text, why=error.sentence)
    operation = None if values is None else hook.operation
    return Heard(hook=hook.name, operation=operation, values=values or {}, body=text)


def left(work: Work, heard: Heard, why: str) -> Heard:
    """A call that waits for a person from now on; the operators hear of the first one of each hook."""
    told = f"A call by the hook {heard.hook} waits for somebody to look at it: {why}"
    text = f"{told} See Admin, Incoming, or `longstop incoming list`."
    open_incident(work, kind=WAITING, subject=f"hook:{heard.hook}", text=text)
    return replace(heard, why=why)


def _done(work: Work, operation: HookOperation, heard: Heard) -> Result:
    agreement = Queries.of(work).agreement(heard.values.get("reference", ""))
    match operation:
        case HookOperation.SIGN:
            return _signed(work, agreement, heard)
        case HookOperation.AMEND:
            return _amended(work, agreement, heard)
        case HookOperation.DONE:
            return _finished(work, agreement, heard)
        case HookOperation.DISCLOSE:
            return _disclosed(work, agreement, heard)


def _signed(work: Work, agreement: Agreement, heard: Heard) -> Result:
    on = day_in(heard.values.get("signed_on", ""), agreement.time_zone)
    if on > work.today(agreement) + timedelta(days=1):
        raise Unmapped(f"It was signed on {on}, a day that has not come.")
    if agreement.signed_on == on:
        return Result(Outcome.ALREADY, f"{agreement.reference} was signed on {on}, and the register says so.")
    if agreement.signed_on is not None:
        text = (
            f"{agreement.reference}: the register says signed on {agreement.signed_on}, the hook {heard.hook} says "
            f"{on}. Nothing was changed: verify the day."
        )
        open_incident(work, kind="signed_again", subject=f"{agreement.id}:{on}", agreement_id=agreement.id, text=text)
        return Result(Outcome.NOTED, text)
    ops.sign(work, agreement, on=on, document=heard.values.get("document", ""))
    return Result(Outcome.APPLIED, f"{agreement.reference} was signed on {on}.")


def _amended(work: Work, agreement: Agreement, heard: Heard) -> Result:
    from engine.intake.one_row import from_row  # brings the reading of spreadsheets, which few need

    said = {**heard.values, "reference": agreement.reference}
    new, _ = from_row(work, said, existing=agreement)
    if ops.amend(work, new, because=f"told by the hook {heard.hook}") == agreement:
        return Result(Outcome.ALREADY, f"{agreement.reference} says so already.")
    return Result(Outcome.APPLIED, f"{agreement.reference} was amended.")


def _finished(work: Work, agreement: Agreement, heard: Heard) -> Result:
    said = heard.values
    row = Queries.of(work).deadline(agreement.reference, said.get("kind", ""), cycle=said.get("cycle", "")).milestone
    on = day_in(said["on"], agreement.time_zone) if said.get("on") else None
    evidence = said.get("evidence") or f"told by the hook {heard.hook}"
    answered = ops.done(work, row.id, evidence=evidence, on=on)
    return Result(Outcome(answered.result.value), answered.said)


def _disclosed(work: Work, agreement: Agreement, heard: Heard) -> Result:
    said = heard.values
    on = day_in(said["given_on"], agreement.time_zone) if said.get("given_on") else work.today(agreement)
    found = ops.disclose(work, agreement, given_on=on, what=said.get("what", ""), to=said.get("to", ""))
    if found.is_known:
        return Result(Outcome.ALREADY, f"{agreement.reference} has this disclosure already.")
    return Result(
        Outcome.APPLIED, f"{agreement.reference}: a disclosure of {on} was recorded. {found.warning}".rstrip()
    )
