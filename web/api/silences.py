"""``silences``: for a while nothing but what is critical is told of some deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Response

from engine import operations as ops
from engine.documents.silences import silence_row
from engine.operations.silencing import ends_after
from lifecycle.playbooks.quiet import Silence, SilenceMode
from lifecycle.rights import Act
from web.api.answers import Pages, changed, item, items, some
from web.api.bodies import Because, Day, Nothing, Said
from web.api.caller import Acts, Reads
from web.api.routing import get, post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work


class Create(Because):
    search: Said
    until_on: Day
    mode: SilenceMode = SilenceMode.HOLD


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/silences", _listed, "Silence", many=True)
    get(made, "/silences/{silence_id}", _one, "Silence")
    post(made, "/silences", _create, "Silence", status=201)
    post(made, "/silences/{silence_id}/end", _end, "Silence")


def _listed(caller: Reads, asked: Pages) -> Response:
    """By their beginning."""
    caller.require(Act.GOVERN)
    with caller.look() as work:
        page, following = some(work.silences.all(), lambda one: f"{one.starts_at.isoformat()} {one.id}", asked)
        return items(caller, "silences", [silence_row(work, one) for one in page], following)


def _one(caller: Reads, silence_id: str) -> Response:
    """One of them."""
    caller.require(Act.GOVERN)
    with caller.look() as work:
        return item(caller, "silences", silence_row(work, work.silences.get(silence_id)))


def _create(caller: Acts, said: Create) -> Response:
    """Say nothing but what is critical up to a day, that day included; it ends at the sending hour of the next."""

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.GOVERN)
        wanted = Silence(
            id="",
            mode=said.mode,
            search=said.search,
            reason=said.because,
            author_id=caller.person.id,
            starts_at=work.now,
            ends_at=ends_after(work, said.until_on),
        )
        return silence_row(work, ops.silence(work, wanted))

    return changed(caller, "silences", change, status=201)


def _end(caller: Acts, silence_id: str, said: Nothing | None = None) -> Response:
    """Call it off: what it holds leaves now."""
    del said

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.GOVERN)
        return silence_row(work, ops.end_silence(work, silence_id))

    return changed(caller, "silences", change)
