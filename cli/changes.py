"""What a change of an agreement is answered with: what it is now, and which deadlines it added, moved, withdrew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.acting import told_outcome
from cli.render import one_line
from engine.documents.changes import change_document
from lifecycle.words import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


_SHOWN_MOVES: Final = 12  # what goes on from month to month has sixty of each


def tell_change(  # noqa: PLR0913 - an answer has these parts
    run: Run, work: Work, agreement: Agreement, done: str, *, remarks: Sequence[str] = (), beside: str = ""
) -> None:
    """Answer a change that is about to be kept, or to be rolled back."""
    document = change_document(work, agreement, done, is_dry_run=run.is_dry_run, remarks=remarks)
    if run.as_json:
        run.answer("agreement-changed", item=document)
    else:
        _tell(run, document, told_outcome(document["deadlines"]), beside)


def _tell(run: Run, document: dict[str, Any], told: str, beside: str) -> None:
    status = document["status"].value.replace("_", " ")
    run.terminal.line(f"{document['reference']} {document['result']}{run.tried}: {status}. {told}")
    if beside:
        run.terminal.line(f"  {beside}")
    moved = document["moved"]
    for move in moved[:_SHOWN_MOVES]:
        which = one_line(f"{move['kind'].value} {move['name']}").rstrip()
        run.terminal.line(f"  {which} moves from {spoken(move['old_on'])} to {spoken(move['new_on'])}")
    if further := moved[_SHOWN_MOVES:]:
        run.terminal.line(f"  and {len(further)} more, the last to {spoken(further[-1]['new_on'])}; --json lists them.")
    for remark in document["remarks"]:
        run.terminal.line(f"  {one_line(remark)}")
