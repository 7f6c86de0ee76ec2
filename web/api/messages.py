"""``deliveries``: the messages that somebody may read, what became of each, and how an admin moves them on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Response
from pydantic import Field

from engine.delivery import holding
from engine.documents.messages import delivery_document
from engine.documents.readable import readable
from lifecycle.delivery import DeliveryState
from lifecycle.rights import Act
from store.queries import Queries
from store.queries.outbox import MessageFilter, Messages
from web.agreements.missing import Missing
from web.api.answers import Paged, changed, item, items
from web.api.bodies import Because, Nothing
from web.api.caller import Administers, Caller, Reads
from web.api.routing import get, post

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import APIRouter

    from engine.monitor import Work
    from lifecycle.delivery import Delivery


class Listing(Paged):
    """Which, as `longstop outbox list`."""

    reference: Annotated[str, Field(max_length=100, description="Only about this agreement.")] = ""
    to: Annotated[str, Field(max_length=320, description="Only to this address.")] = ""
    state: Annotated[tuple[DeliveryState, ...], Field(description="Several times; else all.")] = ()


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/deliveries", _listed, "Message", many=True)
    get(made, "/deliveries/{delivery_id}", _one, "Message")
    get(made, "/deliveries/{delivery_id}/text", _text, "MessageText")
    post(made, "/deliveries/{delivery_id}/retry", _retry, "Message")
    post(made, "/deliveries/{delivery_id}/hold", _hold, "Message")
    post(made, "/deliveries/{delivery_id}/release", _release, "Message")


def _listed(caller: Reads, asked: Annotated[Listing, Query()]) -> Response:
    """The newest first."""
    with caller.look() as work:
        about = Queries.of(work, person=caller.person).agreement(asked.reference).id if asked.reference else ""
        wanted = MessageFilter(states=frozenset(asked.state), to=asked.to, agreement_id=about)
        page, following = Messages(work, caller.person).page(wanted, cursor=asked.cursor, limit=asked.limit)
        return items(caller, "outbox", [document(work, caller, row.delivery) for row in page], following)


def _one(caller: Reads, delivery_id: str) -> Response:
    """One message; its text is not in it."""
    with caller.look() as work:
        one = Messages(work, caller.person).one(delivery_id)
        return item(caller, "outbox", document(work, caller, one))


def _text(caller: Reads, delivery_id: str) -> Response:
    """How it reads; links that are its recipient's alone are blotted out."""
    with caller.look() as work:
        seen = Messages(work, caller.person)
        one = seen.one(delivery_id)
        body = work.deliveries.body(one.id)
        if body is not None and seen.may_read(one):
            told = readable(body)
            found = {"id": one.id, "subject": told.subject, "text": told.text, "html": told.html or None}
            return item(caller, "message-text", found)
    raise Missing("text of this message", "It was not composed yet, or it is not yours to read.")


def _retry(caller: Administers, delivery_id: str, said: Nothing | None = None) -> Response:
    """Try it at once, instead of after its wait."""
    del said
    return _moved(caller, delivery_id, lambda work: holding.retry(work, [delivery_id]))


def _hold(caller: Administers, delivery_id: str, said: Because) -> Response:
    """Keep it back; at the end of its time it expires."""
    return _moved(caller, delivery_id, lambda work: holding.hold(work, delivery_id, because=said.because))


def _release(caller: Administers, delivery_id: str, said: Nothing | None = None) -> Response:
    """Let it leave now."""
    del said
    return _moved(caller, delivery_id, lambda work: holding.release(work, delivery_id))


def _moved(caller: Caller, delivery_id: str, move: Callable[[Work], object]) -> Response:
    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        Messages(work, caller.person).one(delivery_id)
        move(work)
        return document(work, caller, work.deliveries.get(delivery_id))

    return changed(caller, "outbox", change)


def document(work: Work, caller: Caller, one: Delivery) -> dict[str, Any]:
    """Its subject where it is theirs or about one agreement: a digest may name what they do not see."""
    found = delivery_document(work, one)
    is_told = one.agreement_id is not None or one.recipient_id == caller.person.id
    return found if is_told else {**found, "subject": None}
