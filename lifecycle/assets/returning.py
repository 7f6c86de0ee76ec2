"""What was disclosed comes back: the other side returns or destroys it, and certifies that it did.

The duty arises when we ask for it, and at the latest when the end of the agreement is known. It is an obligation like
any other, named after its disclosure, and outlives the agreement.
"""

from collections.abc import Iterable
from typing import Final

from lifecycle.agreements.agreement import Agreement, is_leaving
from lifecycle.agreements.disclosures import Disclosure
from lifecycle.days.periods import Period
from lifecycle.obligations.duties import Direction, Due, Obligation, ObligationKind, Offset, OffsetFrom

PREFIX: Final = "return."  # of the ids of the duties
WITHIN: Final = Period(days=30)  # where nobody says another day
CERTIFICATE: Final = "Certificate of return or destruction"
AT_THE_END: Final = Offset(WITHIN, Direction.AFTER, OffsetFrom.LAST_DAY)
_LONGEST_NAME: Final = 200


def subject(disclosure: Disclosure) -> str:
    """The id of the duty to return it."""
    return f"{PREFIX}{disclosure.id}"


def step_of(disclosure: Disclosure) -> str:
    """The id of the step that an exit plan has for it."""
    return f"disclosure-{disclosure.id}"


def asked(disclosure: Disclosure) -> str:
    """What is asked for: ``Have it returned or destroyed by Jane Roe: Source code 4.2``."""
    whom = f" by {disclosure.to}" if disclosure.to else ""
    return f"Have it returned or destroyed{whom}: {disclosure.what}"[:_LONGEST_NAME]


def duty(disclosure: Disclosure, due: Due = AT_THE_END) -> Obligation:
    """The duty to return what was disclosed; so long after the last day unless *due* says otherwise."""
    return Obligation(
        id=subject(disclosure), kind=ObligationKind.RETURN, name=asked(disclosure), due=due, evidence=CERTIFICATE
    )


def has_duty(agreement: Agreement, disclosure: Disclosure) -> bool:
    """Whether its return is owed already."""
    return any(one.id == subject(disclosure) for one in agreement.obligations)


def still_to_ask(agreement: Agreement) -> tuple[Disclosure, ...]:
    """What nobody has to return yet: not by a duty of its own, and not by a step of an exit that has started."""
    steps = {one.id for one in agreement.exit.steps} if agreement.exit and is_leaving(agreement) else set()
    given = (one for one in agreement.disclosures if one.counts)
    return tuple(one for one in given if not has_duty(agreement, one) and step_of(one) not in steps)


def without(obligations: Iterable[Obligation], disclosure: Disclosure) -> tuple[Obligation, ...]:
    """The obligations but for the return of one disclosure."""
    return tuple(one for one in obligations if one.id != subject(disclosure))


def by_the_end(obligations: Iterable[Obligation]) -> tuple[Obligation, ...]:
    """The duties that only the end of the agreement has brought: nobody had asked before."""
    return tuple(one for one in obligations if one.id.startswith(PREFIX) and one.due == AT_THE_END)
