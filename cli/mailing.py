"""Messages at the command line: chosen, told, and moved on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.acting import permitted
from cli.errors import UsageRefused
from cli.render import Cell, Column, printable
from engine.documents.messages import delivery_document
from lifecycle.delivery import DeliveryState
from lifecycle.rights import Act
from notifiers.wording import counted
from store.queries.outbox import Messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.delivery import Delivery

_MOST: Final = 10_000
_BAD: Final = frozenset({DeliveryState.FAILED, DeliveryState.IN_DOUBT, DeliveryState.EXPIRED})


def show_delivery(run: Run, work: Work, delivery_id: str) -> None:
    """One message, each try, and what it says; links of its recipient are blotted out. Raises NotFound."""
    from engine.documents.readable import readable

    messages = Messages(work, run.person(work))
    one = messages.one(delivery_id)
    body = work.deliveries.body(one.id) if messages.may_read(one) else None
    text = readable(body).text if body else None
    tries = [_try(row) for row in work.deliveries.attempts_of(one.id)]
    document = delivery_document(work, one) | {"tries": tries, "text": text}
    if run.as_json:
        run.answer("message", item=document)
        return
    delivery_table(run, [document])
    for tried in tries:
        at = f"{run.local(tried['at'])} {run.zone_name}"
        told = f"{at}  {tried['action']}: {tried['result']}  {tried['why'] or ''}"
        run.terminal.line(f"  {printable(told.rstrip())}")
    for line in ("", *(text or "It was not composed yet, or it is not yours to read.").splitlines()):
        run.terminal.line(printable(line))


def _try(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row
    return {"at": row.at, "action": row.action, "result": row.result, "why": row.why or None}


def chosen_deliveries(
    run: Run, work: Work, ids: list[str] | None, *, every: bool, states: Sequence[DeliveryState]
) -> list[str]:  # fmt: skip
    """Those that are named, or all in *states*. Raises UsageRefused, NotFound, Forbidden."""
    permitted(run, work, Act.ADMINISTER)
    if bool(ids) is every:
        raise UsageRefused("Which messages?", remedy="Name their ids, or say --all.")
    if every:
        return [one.id for one in work.deliveries.listed(states, _MOST) if not _waits_for_digest(one)]
    return [work.deliveries.get(one).id for one in ids or ()]


def tell_moved(run: Run, work: Work, ids: list[str], what: str) -> None:
    """Answer which messages were moved."""
    documents = [delivery_document(work, work.deliveries.get(one)) for one in ids]
    if run.as_json:
        run.answer("outbox-changed", items=documents, operation=what, is_dry_run=run.is_dry_run)
        return
    run.terminal.line(f"{what}{run.tried}: {counted(len(documents), 'message')}.")
    for one in documents:
        run.terminal.line(f"  {one['id']}  {one['address']}  {one['state'].value}")


def delivery_table(run: Run, documents: Sequence[dict[str, Any]]) -> None:
    """Messages for people; instants are those of the house."""
    columns = (
        *map(Column, ("Id", "State", "Kind")),
        Column("To", is_fixed=False, share=2),
        Column("Subject", is_fixed=False, share=5),
        Column(f"When ({run.zone_name})"),
        Column("Why", is_fixed=False, share=3),
    )
    run.terminal.table(columns, [_row(run, one) for one in documents])


def _row(run: Run, one: dict[str, Any]) -> list[Cell]:
    at = one["accepted_at"] or one["next_attempt_at"] or one["created_at"]
    return [
        Cell(one["id"], "quiet"),
        Cell(one["state"].value, "overdue" if one["state"] in _BAD else "plain"),
        Cell(one["kind"].value),
        Cell(one["address"]),
        Cell(one["subject"] or "(waits for its digest)"),
        Cell(run.local(at), "quiet"),
        Cell(one["why"] or "", "quiet"),
    ]


def _waits_for_digest(one: Delivery) -> bool:
    return one.state is DeliveryState.HELD and not one.why
