"""``obligations``: the duties of the agreements that whoever asks may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Response

from engine.documents.agreements import obligation_document
from lifecycle.obligations.duties import ObligationKind
from store.queries.agreement_lists import agreement_by_id
from web.agreements.missing import Missing
from web.api.agreement_acts import operated
from web.api.answers import item, items, some
from web.api.bodies import Because, Body, Day, Said, Text, texts
from web.api.caller import Reads, Registers
from web.api.holders import OnAgreements
from web.api.routing import get, post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.duties import Obligation


class Create(Body):
    """*due_on*, with *every* where it comes back; or *due* in words: `30 days after last-day`, `after each quarter`."""

    agreement_id: Said
    name: Said
    kind: ObligationKind = ObligationKind.DUTY
    due_on: Day | None = None
    every: Text = ""
    due: Text = ""
    owner: Text = ""


class AmendDuty(Because):
    """What is left out stays as it is; `none` as *every*: once, as *owner*: the agreement's owner."""

    agreement_id: Said
    name: Text = ""
    due_on: Day | None = None
    every: Text = ""
    owner: Text = ""


class End(Because):
    agreement_id: Said
    on: Day


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/obligations", _listed, "Obligation", many=True)
    get(made, "/obligations/{agreement_id}/{obligation_id}", _one, "Obligation")
    post(made, "/obligations", _create, "AgreementChanged", status=201)
    post(made, "/obligations/{obligation_id}/amend", _amend, "AgreementChanged")
    post(made, "/obligations/{obligation_id}/end", _end, "AgreementChanged")


def _listed(caller: Reads, asked: Annotated[OnAgreements, Query()]) -> Response:
    """By agreement."""
    with caller.look() as work:
        found = [(holder, one) for holder in asked.holders(caller, work) for one in holder.obligations]
        page, following = some(found, lambda each: f"{each[0].id} {each[1].id}", asked)
        return items(caller, "obligations", [_document(work, *each) for each in page], following)


def _one(caller: Reads, agreement_id: str, obligation_id: str) -> Response:
    """One duty; its id is its agreement's own."""
    with caller.look() as work:
        holder = agreement_by_id(work, agreement_id, caller.person)
        for one in holder.obligations:
            if one.id == obligation_id:
                return item(caller, "obligations", _document(work, holder, one))
    raise Missing("such obligation", "List them by their agreement.")


def _create(caller: Registers, said: Create) -> Response:
    """Add a duty to an agreement."""
    fields = texts(said)
    return operated(caller, fields.pop("agreement_id"), "add-obligation", fields, status=201)


def _amend(caller: Registers, obligation_id: str, said: AmendDuty) -> Response:
    """Another name, day, rhythm or owner. Where something of it is over already, other days begin a new one."""
    fields = texts(said) | {"obligation": obligation_id}
    return operated(caller, fields.pop("agreement_id"), "amend-obligation", fields)


def _end(caller: Registers, obligation_id: str, said: End) -> Response:
    """Nothing of it is due after a day."""
    fields = texts(said) | {"obligation": obligation_id}
    return operated(caller, fields.pop("agreement_id"), "end-obligation", fields)


def _document(work: Work, holder: Agreement, one: Obligation) -> dict[str, Any]:
    return {**obligation_document(work, one), "agreement_id": holder.id, "reference": holder.reference}
