"""A change of an agreement as it is told: what it is now, and which deadlines it added, moved, withdrew."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine.documents.agreements import agreement_documents
from lifecycle.events import MilestoneDone, MilestonesReplanned, TermRenewed
from lifecycle.events.basics import CLOCK
from lifecycle.words import spoken
from notifiers.wording import late_option_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


def change_document(
    work: Work, agreement: Agreement, result: str, *, is_dry_run: bool, remarks: Sequence[str] = ()
) -> dict[str, Any]:  # fmt: skip
    """All keys of ``agreement-changed``, of a change that is about to be kept or rolled back."""
    counts = outcome(work)
    return {
        **agreement_documents(work, [work.agreements.get(agreement.id)])[0],
        "result": result,
        "is_dry_run": is_dry_run,
        "deadlines": counts,
        "moved": moves(work),
        "remarks": [*remarks, *renewal_remarks(work, agreement)],
    }


def renewal_remarks(work: Work, agreement: Agreement) -> list[str]:
    """What is to be said of a term that began in this transaction: after its last safe day, or one more in a day."""
    begun = [event.number for event in work.recorded if isinstance(event, TermRenewed)]
    if not begun:
        return []
    told = (late_option_words(agreement, work.milestones.of(agreement.id)), _one_more(work, agreement, begun[-1]))
    return [one for one in told if one]


def _one_more(work: Work, agreement: Agreement, number: int) -> str:
    """That somebody has renewed the term before this one within a day: whoever says it twice may mean it once."""
    since = work.now - timedelta(days=1)
    by_hand = [one.event for one in work.log.of_agreement(agreement.id) if one.at > since and one.actor != CLOCK]
    for event in by_hand:
        if isinstance(event, TermRenewed) and event.number == number - 1 and event.last_on:
            return f"It was renewed until {spoken(event.last_on)} within the last day: this is one more term."
    return ""


def outcome(work: Work) -> dict[str, int]:
    """How many deadlines are new, moved, withdrawn, open again and done by what was done in this transaction."""
    work.settle()
    counted: Counter[str] = Counter()
    for event in work.recorded:
        if isinstance(event, MilestonesReplanned):
            counted["new"] += len(event.added)
            counted["moved"] += len(event.moved)
            counted["withdrawn"] += len(event.withdrawn)
            counted["reopened"] += len(event.reopened)
        elif isinstance(event, MilestoneDone):
            counted["done"] += 1
    return {name: counted[name] for name in ("new", "moved", "withdrawn", "reopened", "done")}


def moves(work: Work) -> list[dict[str, Any]]:
    """Which deadlines moved in this transaction, from when to when."""
    work.settle()
    found = []
    for event in work.recorded:
        if isinstance(event, MilestonesReplanned):
            for milestone_id, old_on, new_on in event.moved:
                row = work.milestones.get(milestone_id)
                moved = {"id": row.id, "kind": row.key.kind, "name": row.name, "cycle": row.key.cycle}
                found.append(moved | {"old_on": old_on, "new_on": new_on})
    return found
