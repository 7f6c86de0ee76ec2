"""The states of an agreement, and which event leads from where to where.

What is allowed is a table. An event that is not in the table for a state is refused with ``IllegalTransition``
and nothing happens.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Status(StrEnum):
    """Where an agreement stands in its life."""

    DRAFT = "draft"  # neither signed nor effective
    AWAITING_SIGNATURE = "awaiting_signature"  # sent out, somebody has to sign
    PENDING = "pending"  # signed, not yet effective
    IN_FORCE = "in_force"
    UNDER_NOTICE = "under_notice"  # in force, but it will not renew
    SURVIVING = "surviving"  # ended, confidentiality or another duty still binds
    ENDED = "ended"


UNSIGNED: Final = frozenset({Status.DRAFT, Status.AWAITING_SIGNATURE})
RUNNING: Final = frozenset({Status.IN_FORCE, Status.UNDER_NOTICE})
OVER: Final = frozenset({Status.SURVIVING, Status.ENDED})


class Transition(StrEnum):
    """The names of the events that move an agreement; equal to the names of the event classes."""

    SIGNATURE_REQUESTED = "SignatureRequested"
    AGREEMENT_SIGNED = "AgreementSigned"
    AGREEMENT_ABANDONED = "AgreementAbandoned"
    CAME_INTO_FORCE = "CameIntoForce"
    NOTICE_GIVEN = "NoticeGiven"
    NOTICE_REVOKED = "NoticeRevoked"
    TERM_RENEWED = "TermRenewed"
    TERM_EXPIRED = "TermExpired"
    AGREEMENT_TERMINATED = "AgreementTerminated"
    SURVIVAL_ENDED = "SurvivalEnded"


_S, _T = Status, Transition
#: What somebody does about an agreement, in words; what time alone brings about is nobody's to do.
_ACTS: Final[Mapping[str, str]] = {
    _T.SIGNATURE_REQUESTED: "to send it for signature",
    _T.AGREEMENT_SIGNED: "to sign it",
    _T.AGREEMENT_ABANDONED: "to abandon it",
    _T.NOTICE_GIVEN: "to give notice",
    _T.NOTICE_REVOKED: "to revoke the notice",
    _T.TERM_RENEWED: "to renew it",
    _T.AGREEMENT_TERMINATED: "to terminate it",
}

#: Where a signature leads: the days of an agreement that is recorded late may be over already.
_SIGNED: Final = frozenset({_S.PENDING, _S.IN_FORCE, _S.UNDER_NOTICE, _S.SURVIVING, _S.ENDED})

#: (from, event) -> where it may lead. Two targets mean that the facts decide: see ``lifecycle.agreements.passage``.
TRANSITIONS: Final[Mapping[tuple[Status, Transition], frozenset[Status]]] = {
    (_S.DRAFT, _T.SIGNATURE_REQUESTED): frozenset({_S.AWAITING_SIGNATURE}),
    (_S.DRAFT, _T.AGREEMENT_SIGNED): _SIGNED,
    (_S.AWAITING_SIGNATURE, _T.AGREEMENT_SIGNED): _SIGNED,
    (_S.DRAFT, _T.AGREEMENT_ABANDONED): frozenset({_S.ENDED}),
    (_S.AWAITING_SIGNATURE, _T.AGREEMENT_ABANDONED): frozenset({_S.ENDED}),
    (_S.PENDING, _T.CAME_INTO_FORCE): frozenset({_S.IN_FORCE}),
    (_S.IN_FORCE, _T.NOTICE_GIVEN): frozenset({_S.UNDER_NOTICE}),
    (_S.UNDER_NOTICE, _T.NOTICE_REVOKED): frozenset({_S.IN_FORCE}),
    (_S.IN_FORCE, _T.TERM_RENEWED): frozenset({_S.IN_FORCE}),
    (_S.IN_FORCE, _T.TERM_EXPIRED): frozenset({_S.SURVIVING, _S.ENDED}),
    (_S.UNDER_NOTICE, _T.TERM_EXPIRED): frozenset({_S.SURVIVING, _S.ENDED}),
    (_S.IN_FORCE, _T.AGREEMENT_TERMINATED): frozenset({_S.UNDER_NOTICE, _S.SURVIVING, _S.ENDED}),
    (_S.UNDER_NOTICE, _T.AGREEMENT_TERMINATED): frozenset({_S.UNDER_NOTICE, _S.SURVIVING, _S.ENDED}),
    (_S.SURVIVING, _T.SURVIVAL_ENDED): frozenset({_S.ENDED}),
}


class IllegalTransition(LifecycleError):
    """The event is not possible in the agreement's status."""

    code = "illegal-transition"

    def __init__(self, reference: str, status: Status, event: str) -> None:
        """Say what the status allows."""
        meant = f"it is not possible {_ACTS[event]}" if event in _ACTS else f"{event} is not possible"
        allowed = [act for one, act in _ACTS.items() if (status, one) in TRANSITIONS]
        super().__init__(
            f"{reference} is {status.value.replace('_', ' ')}: {meant}.",
            remedy=f"Possible from here: {', '.join(allowed)}." if allowed else "If its facts are wrong, amend them.",
        )
        self.status = status


def landed(reference: str, status: Status, event: str, to: Status) -> Status:
    """*to*, where the facts have led it, if *event* may lead there from *status*. Raises IllegalTransition."""
    if to not in check(reference, status, event):
        raise IllegalTransition(reference, status, event)
    return to


def check(reference: str, status: Status, event: str) -> frozenset[Status]:
    """Return where *event* may lead from *status*.

    Raises IllegalTransition when it leads nowhere.
    """
    try:
        return TRANSITIONS[status, Transition(event)]
    except (KeyError, ValueError):
        raise IllegalTransition(reference, status, event) from None
