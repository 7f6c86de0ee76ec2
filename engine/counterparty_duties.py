"""What is owed to or by a counterparty alone, whatever agreements there are: it ends with the last of them.

It hangs on a draft of its own (``engine.operations.checklists``). A relationship is over when every agreement of the
counterparty is over or aside: from that day on nothing recurs, and nobody asks for next year's certificate. What is
paid or comes back once is owed all the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lifecycle.agreements.status import OVER
from lifecycle.events import ObligationEnded
from lifecycle.exits.plan import is_owed_after_end
from lifecycle.obligations.duties import Recurrence

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.duties import Obligation

_BECAUSE: Final = "the last agreement with them is over"


def holder_reference(counterparty: str) -> str:
    """The reference of the draft that holds what is owed to or by a counterparty."""
    return f"Counterparty: {' '.join(counterparty.split())}"[:100]


def follow_end(work: Work, agreement_id: str) -> None:
    """An agreement is over or aside: where it was the last one, nothing more is due of what its counterparty owes."""
    over = work.agreements.get(agreement_id)
    holder = work.agreements.find(holder_reference(over.counterparty))
    if holder is None or holder.id == agreement_id or not any(map(_stops, holder.obligations)):
        return
    others = work.agreements.many(work.agreements.with_counterparty(over.counterparty_id))
    if all(_is_over(one) for one in others.values() if one.id != holder.id):
        _end(work, holder)


def _is_over(one: Agreement) -> bool:
    return one.is_archived or one.status in OVER


def _stops(one: Obligation) -> bool:
    return one.ended_on is None and (isinstance(one.due, Recurrence) or not is_owed_after_end(one))


def _end(work: Work, holder: Agreement) -> None:
    today = work.today(holder)
    still = [one for one in holder.obligations if _stops(one)]
    ended = tuple(replace(one, ended_on=today) if _stops(one) else one for one in holder.obligations)
    work.agreements.save(replace(holder, obligations=ended, version=holder.version + 1))
    for one in still:
        work.record(ObligationEnded(agreement_id=holder.id, obligation_id=one.id, on=today, because=_BECAUSE))
