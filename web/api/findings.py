"""``findings``: what does not fit together about an agreement, what to do, and what somebody lives with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Response

from engine import operations as ops
from engine.documents.findings import judged_document
from engine.findings.standing import judged, judged_about
from lifecycle.rights import Act
from store.queries.agreement_lists import agreement_by_id
from web.agreements.acts import standing_of
from web.agreements.missing import Missing
from web.api.answers import Paged, changed, items, some
from web.api.bodies import Because, Said
from web.api.caller import Reads, Registers
from web.api.routing import get, post

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import APIRouter

    from engine.monitor import Work
    from web.api.caller import Caller


class Accept(Because):
    """The agreement is the one to mend."""

    agreement_id: Said


class Listing(Paged):
    """About one agreement."""

    agreement_id: Said


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/findings", _listed, "Finding", many=True)
    post(made, "/findings/{finding_id}/accept", _accept, "Finding")
    post(made, "/findings/{finding_id}/reopen", _reopen, "Finding")


def _listed(caller: Reads, asked: Annotated[Listing, Query()]) -> Response:
    """What concerns an agreement; what somebody accepted comes last, with the reason."""
    with caller.look() as work:
        holder = agreement_by_id(work, asked.agreement_id, caller.person)
        found = [judged_document(one) for one in judged_about(work, holder, caller.person)]
    page, following = some(found, lambda one: f"{one['accepted'] is not None} {one['id']}", asked)
    return items(caller, "findings", page, following)


def _accept(caller: Registers, finding_id: str, said: Accept) -> Response:
    """Live with it, until its facts change."""
    return _changed(caller, finding_id, said, ops.accept_finding)


def _reopen(caller: Registers, finding_id: str, said: Accept) -> Response:
    """Live with it no longer: its owner is told again."""
    return _changed(caller, finding_id, said, ops.reopen_finding)


def _changed(caller: Caller, finding_id: str, said: Accept, operation: Callable[..., object]) -> Response:
    def change(work: Work) -> dict[str, Any]:
        holder = agreement_by_id(work, said.agreement_id, caller.person)
        caller.require(Act.REGISTER, standing_of(caller.person, holder))
        for one, _ in judged_about(work, holder, caller.person):
            if one.id == finding_id and one.about[0] == holder.reference:
                operation(work, one, because=said.because)
                (told,) = judged(work, [one])
                return judged_document(told)
        raise Missing("such finding", "Its facts may have changed; list them again.")

    return changed(caller, "finding", change)
