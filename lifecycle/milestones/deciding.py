"""Which decisions there are for a deadline, and what is left to do after one.

A decision that leaves no duty closes the deadline. Every other is recorded and the deadline lives on until it is done:
the counterparty hears nothing of a decision (INTERFACE.md C13).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from lifecycle.errors import LifecycleError
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.words import listed, shown, spoken


class Choice(StrEnum):
    """What can be decided."""

    RENEW = "renew"
    LET_LAPSE = "let-lapse"
    STOP_RENEWAL = "stop-renewal"
    RENEGOTIATE = "renegotiate"
    TERMINATE = "terminate"


class DecisionRefused(LifecycleError):
    """A decision that the kind of deadline does not know."""

    code = "decision-refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a decision does: *is_closing* ends the deadline; *next_step* is the sentence that says what is left."""

    choice: Choice
    is_closing: bool
    next_step: str


_K, _C = MilestoneKind, Choice
_UNTOLD: Final = "The counterparty has not been told."
_TERMINATE: Final = f"{_UNTOLD} Serve the notice of termination, record it with its proof, and then say done."

#: The deadlines at which the question is whether the agreement goes on, and what each answer leaves to do.
_VERDICTS: Final[Mapping[MilestoneKind, Mapping[Choice, tuple[bool, str]]]] = {
    _K.NOTICE: {
        _C.RENEW: (True, "Nothing is left to do: it renews by itself."),
        _C.STOP_RENEWAL: (
            False,
            f"{_UNTOLD} Serve the notice of non-renewal, record it with its proof, then say done.",
        ),
        _C.RENEGOTIATE: (
            False,
            f"{_UNTOLD} It renews by itself unless notice is served or a new text is signed by the last safe day.",
        ),
        _C.TERMINATE: (False, _TERMINATE),
    },
    _K.LEAVING: {
        _C.RENEW: (True, "Nothing is left to do: it goes on."),
        _C.RENEGOTIATE: (False, f"{_UNTOLD} It goes on unless notice is served or a new text is signed."),
        _C.TERMINATE: (False, _TERMINATE),
    },
    _K.OPTION: {
        _C.RENEW: (False, f"{_UNTOLD} Serve the notice that exercises the option, record it, then say done."),
        _C.LET_LAPSE: (True, "Nothing is left to do: it ends by itself."),
        _C.RENEGOTIATE: (
            False,
            f"{_UNTOLD} It ends by itself unless the option is exercised or a new text is signed by the last safe day.",
        ),
        _C.TERMINATE: (False, _TERMINATE),
    },
    _K.RENEWAL_AGREEMENT: {
        _C.RENEW: (False, f"{_UNTOLD} Have the renewal signed by both sides, record it, then say done."),
        _C.LET_LAPSE: (True, "Nothing is left to do: it ends by itself."),
        _C.RENEGOTIATE: (False, f"{_UNTOLD} It ends by itself unless both sides sign by the last safe day."),
        _C.TERMINATE: (False, _TERMINATE),
    },
}

#: At any other deadline a decision tells where the matter goes; the duty itself stays.
_ELSEWHERE: Final[Mapping[Choice, tuple[bool, str]]] = {
    _C.RENEW: (False, f"{_UNTOLD} The duty stays: say done, with the evidence, when it is met."),
    _C.RENEGOTIATE: (False, f"{_UNTOLD} The duty stays until it is met or waived with a reason."),
    _C.TERMINATE: (False, f"{_TERMINATE[:-1]}; until then the duty stays."),
}

#: What is left to do once the last day of any reading is over; ``{ended}`` is that day, ``{then}`` what follows it.
_LATE: Final[Mapping[tuple[MilestoneKind, Choice], str]] = {
    (_K.NOTICE, _C.STOP_RENEWAL): (
        f"{_UNTOLD} This renewal can no longer be stopped: the time for its notice ended on {{ended}}{{then}}. "
        "A notice served now ends the term after: serve it and record it with its proof, or agree on another end. "
        "Where nothing is left to do, waive this deadline with the reason."
    ),
    (_K.OPTION, _C.RENEW): (
        f"{_UNTOLD} The option can no longer be exercised alone: its time ended on {{ended}}. Agree on a renewal with "
        "them and record it. Where nothing is left to do, waive this deadline with the reason."
    ),
}

#: The word for the same thing where the other one would mislead.
_SAY_INSTEAD: Final[Mapping[tuple[MilestoneKind, Choice], tuple[str, Choice]]] = {
    (_K.NOTICE, _C.LET_LAPSE): ("it does not lapse, it renews by itself unless notice is served", _C.STOP_RENEWAL),
    (_K.LEAVING, _C.STOP_RENEWAL): ("it does not renew, it goes on unless notice ends it", _C.TERMINATE),
    (_K.LEAVING, _C.LET_LAPSE): ("it does not lapse, it goes on unless notice ends it", _C.TERMINATE),
    (_K.OPTION, _C.STOP_RENEWAL): ("it does not renew by itself, so there is nothing to stop", _C.LET_LAPSE),
    (_K.RENEWAL_AGREEMENT, _C.STOP_RENEWAL): ("it does not renew by itself, so there is nothing to stop", _C.LET_LAPSE),
}


def choices(kind: MilestoneKind, *, is_deadline: bool = True) -> tuple[Choice, ...]:
    """What can be decided of a milestone of this kind; nothing of a marker."""
    return tuple(_VERDICTS.get(kind, _ELSEWHERE)) if is_deadline else ()


def late_step(kind: MilestoneKind, choice: Choice, *, ended_on: date, then_on: date | None) -> str:
    """What a decision leaves to do whose act came too late on *ended_on*, the last day of any reading; "": the same."""
    then = f", and it renews on {spoken(then_on)}" if then_on else ""
    return _LATE.get((kind, choice), "").format(ended=spoken(ended_on), then=then)


def verdict(kind: MilestoneKind, choice: str, *, is_deadline: bool = True) -> Verdict:
    """What deciding *choice* does to a milestone of this kind.

    Raises DecisionRefused for a marker, for a word that is no choice, and where another word must be said.
    """
    if not is_deadline:
        raise DecisionRefused(
            f"{kind.value} is a marker: nobody has to decide anything.", remedy="Decide the deadline before it."
        )
    allowed = choices(kind)
    try:
        wanted = Choice(choice)
    except ValueError:
        raise DecisionRefused(f"{shown(choice)} is no decision.", remedy=f"Say {listed(allowed)}.") from None
    if misled := _SAY_INSTEAD.get((kind, wanted)):
        because, word = misled
        raise DecisionRefused(f"{wanted.value} is refused: {because}.", remedy=f"Say {word.value}.")
    if wanted not in allowed:
        raise DecisionRefused(
            f"{wanted.value} is refused: {kind.value} is not about a renewal.", remedy=f"Say {listed(allowed)}."
        )
    is_closing, next_step = _VERDICTS.get(kind, _ELSEWHERE)[wanted]
    return Verdict(wanted, is_closing, next_step)
