"""What an answer to a deadline is answered with: its result, the sentence, and the deadline as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.errors import REFUSED
from cli.render import printable
from engine.delivery.composing import facts_of
from engine.documents.deadlines import deadline_document
from engine.operations import Verdict
from lifecycle.words import spoken
from notifiers.wording import action, capital, label
from store.queries import DeadlineRow

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work
    from engine.operations import Answered


def tell(run: Run, work: Work, answered: Answered) -> int:
    """Answer; the exit code: *stale* is a refusal."""
    milestone = work.milestones.get(answered.milestone.id)
    row = DeadlineRow(milestone, work.agreements.get(milestone.key.holder))
    facts = facts_of(work, row.agreement, milestone)
    if run.as_json:
        document = deadline_document(work, row, facts)
        run.answer(
            "answered",
            item={"result": answered.result, "said": answered.said, "is_dry_run": run.is_dry_run, "deadline": document},
        )
    else:
        run.terminal.line(f"{answered.result.value}{run.tried}: {printable(answered.said)}")
        what = f"{label(facts)}: {capital(action(facts))}, last safe day {spoken(facts.safe_on)}"
        run.terminal.line(f"  {printable(what)} ({milestone.state.value})")
    return REFUSED if answered.result is Verdict.STALE else 0
