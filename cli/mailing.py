"""Messages at the command line: chosen, told, and moved on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.acting import permitted
from cli.errors import UsageRefused
from cli.render import Cell, Column
from engine.delivery import holding
from lifecycle.delivery import DeliveryState
from lifecycle.rights import Act, Standing, may
from store.queries import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.render import Terminal
    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.delivery import Delivery

_MOST: Final = 10_000
_BAD: Final = frozenset({DeliveryState.FAILED, DeliveryState.IN_DOUBT, DeliveryState.EXPIRED})
_COLUMNS: Final = (
    Column("Id"),
    Column("State"),
    Column("Kind"),
    Column("To", is_fixed=False, share=2),
    Column("Subject", is_fixed=False, share=5),
    Column("When"),
    Column("Why", is_fixed=False, share=3),
)


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


def seen_deliveries(run: Run, work: Work, states: Sequence[DeliveryState], most: int) -> list[Delivery]:
    """Messages in *states* as far as whoever asks may read them: their own, those about their own agreements, or all.

    Nobody reads what is about an agreement that they do not see.
    """
    found = work.deliveries.listed(states, most)
    person = run.person(work)
    if person is None:
        return found
    about = work.agreements.many({one.agreement_id for one in found if one.agreement_id})
    may_see = visible(person)
    unseen = {each.id for each in about.values() if not may_see(each)}
    found = [one for one in found if one.agreement_id not in unseen]
    if may(person.role, Act.READ_LOG):
        return found
    has_own = may(person.role, Act.READ_LOG, Standing(is_own=True))
    own = {each.id for each in about.values() if has_own and person.id in {each.owner_id, each.backup_id}}
    return [one for one in found if one.recipient_id == person.id or one.agreement_id in own]


def retried(work: Work, ids: list[str]) -> list[str]:
    """Pending ones are due now; those in doubt keep their time of rest. Raises NotWaiting for any other."""
    holding.retry(work, ids)
    return ids


def tell_moved(run: Run, work: Work, ids: list[str], what: str) -> None:
    """Answer which messages were moved."""
    documents = [delivery_document(work, work.deliveries.get(one)) for one in ids]
    if run.as_json:
        run.answer("outbox-changed", items=documents, operation=what, is_dry_run=run.is_dry_run)
        return
    tried = " (a trial: nothing is kept)" if run.is_dry_run else ""
    run.terminal.line(f"{what}{tried}: {len(documents)} messages.")
    for one in documents:
        run.terminal.line(f"  {one['id']}  {one['address']}  {one['state'].value}")


def delivery_document(work: Work, one: Delivery) -> dict[str, Any]:
    """A message as scripts read it; its text is not in it."""
    body = work.deliveries.body(one.id)
    return {
        "id": one.id,
        "kind": one.kind,
        "state": one.state,
        "channel": one.channel,
        "address": one.address,
        "recipient_id": one.recipient_id,
        "recipient_name": one.recipient_name,
        "agreement_id": one.agreement_id,
        "milestone_id": one.milestone_id,
        "place": one.place or None,
        "urgency": one.urgency,
        "subject": body.subject if body else None,
        "created_at": one.created_at,
        "next_attempt_at": one.next_attempt_at,
        "accepted_at": one.accepted_at,
        "expires_at": one.expires_at,
        "attempts": one.attempts,
        "fallback_of": one.fallback_of,
        "why": one.why or None,
    }


def delivery_table(terminal: Terminal, documents: Sequence[dict[str, Any]]) -> None:
    """Messages for people; instants are in UTC."""
    terminal.table(_COLUMNS, [_row(one) for one in documents])


def _row(one: dict[str, Any]) -> list[Cell]:
    at = one["accepted_at"] or one["next_attempt_at"] or one["created_at"]
    return [
        Cell(one["id"], "quiet"),
        Cell(one["state"].value, "overdue" if one["state"] in _BAD else "plain"),
        Cell(one["kind"].value),
        Cell(one["address"]),
        Cell(one["subject"] or "(waits for its digest)"),
        Cell(f"{at:%Y-%m-%d %H:%MZ}", "quiet"),
        Cell(one["why"] or "", "quiet"),
    ]


def _waits_for_digest(one: Delivery) -> bool:
    return one.state is DeliveryState.HELD and not one.why
