"""``events``: what has happened, in its order, as far as whoever asks may read the log.

Of one's own agreements a contributor reads it; legal, auditors and admins read what they see; what concerns no
agreement is read by admins alone, and what may name something of an agreement only by those who see every agreement.
Sentences of incidents stay out: they may name what somebody else may not see.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Query, Response
from pydantic import Field

from engine.documents.agreements import history_document
from lifecycle.rights import Act, Standing, may
from store.queries import hidden, visible
from store.queries.log import NAMING
from web.api.answers import Paged, items
from web.api.caller import Caller, Reads
from web.api.routing import get

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import APIRouter

    from engine.monitor import Work
    from store.events import Recorded

_AT_ONCE: Final = 500
_KEPT_BACK: Final = frozenset({"text"})


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/events", _listed, "Event", many=True)


class Listing(Paged):
    """From where."""

    after: Annotated[int, Field(ge=0, le=2**53, description="The position of the last one that is known.")] = 0
    cursor: Annotated[str, Field(pattern="^[0-9]{0,15}$", description="As `after`, where a list goes on.")] = ""


def _listed(caller: Reads, asked: Annotated[Listing, Query()]) -> Response:
    """Oldest first, behind a position."""
    caller.require(Act.READ_LOG, Standing(is_own=True))
    found: list[dict[str, Any]] = []
    with caller.look() as work:
        for one in _read(work, caller, int(asked.cursor or asked.after)):
            if len(found) == asked.limit:
                return items(caller, "events", found, str(found[-1]["position"]))
            found.append(_document(one))
    return items(caller, "events", found)


def _read(work: Work, caller: Caller, position: int) -> Iterator[Recorded]:
    sees, sees_all = visible(caller.person), not hidden(work.session, caller.person)
    while some := work.log.after(position, _AT_ONCE):
        position = some[-1].position
        about = work.agreements.many({found for one in some if (found := _agreement_id(one))})
        for one in some:
            agreement = about.get(_agreement_id(one) or "")
            if agreement is None:
                is_read = _agreement_id(one) is None and may(caller.person.role, Act.ADMINISTER)
                is_read = is_read and (sees_all or type(one.event).__name__ not in NAMING)
            else:
                is_own = caller.person.id in {agreement.owner_id, agreement.backup_id}
                is_read = sees(agreement) and may(caller.person.role, Act.READ_LOG, Standing(is_own=is_own))
            if is_read:
                yield one


def _agreement_id(one: Recorded) -> str | None:
    found: str | None = getattr(one.event, "agreement_id", None)
    return found or None


def _document(one: Recorded) -> dict[str, Any]:
    said = {name: value for name, value in asdict(one.event).items() if name not in _KEPT_BACK}
    return {
        **history_document(one),
        "agreement_id": said.get("agreement_id") or None,
        "milestone_id": said.get("milestone_id") or None,
        "payload": said,
    }
