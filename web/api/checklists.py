"""``checklists``: named sets of obligations, laid over an agreement, or over a counterparty before there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Response

from engine.documents.checklists import document, headed
from engine.operations import holder_of, lay_checklist, new_side
from lifecycle.rights import Act, Standing
from store.queries.agreement_lists import agreement_by_id
from web.agreements.acts import standing_of
from web.agreements.said import FormRefused
from web.api.agreement_acts import told
from web.api.answers import Pages, changed, item, items, some
from web.api.bodies import Body, Day, Text
from web.api.caller import Caller, Reads, Registers
from web.api.routing import get, post
from web.govern.books import rules_of
from web.govern.checklists import named

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


class Apply(Body):
    """To which agreement, or else to which counterparty by its name; counted from *from_on*, or today."""

    agreement_id: Text = ""
    counterparty: Text = ""
    from_on: Day | None = None


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/checklists", _listed, "Checklist", many=True)
    get(made, "/checklists/{name}", _one, "ChecklistShown")
    post(made, "/checklists/{name}/apply", _apply, "AgreementChanged")


def _listed(caller: Reads, asked: Pages) -> Response:
    """By name."""
    page, following = some(rules_of(caller).checklists(), lambda one: one.name, asked)
    return items(caller, "checklists", [headed(one) for one in page], following)


def _one(caller: Reads, name: str) -> Response:
    """One with its items."""
    return item(caller, "checklist", document(named(rules_of(caller), name)))


def _apply(caller: Registers, name: str, said: Apply) -> Response:
    """Give it the obligations that it does not have yet, a new round where nothing is owed. Twice is once."""
    caller.require(Act.REGISTER, Standing(is_own=True))
    if bool(said.agreement_id) == bool(said.counterparty):
        raise FormRefused({"agreement_id": "Name either the agreement, or a counterparty."})

    def change(work: Work) -> dict[str, Any]:
        is_new = new_side(work, said.counterparty, caller.person)
        known = _holder(work, caller, said)
        checklist = named(rules_of(caller), name)
        laid = lay_checklist(work, known, checklist, said.from_on or work.today(known))
        return {
            **told(caller, work, laid.agreement, "checklist-applied"),
            "remarks": [*filter(None, (is_new, *laid.remarks))],
        }

    return changed(caller, "agreement-changed", change)


def _holder(work: Work, caller: Caller, said: Apply) -> Agreement:
    """The agreement, or the draft that holds what concerns a counterparty. Raises NotFound, Forbidden."""
    agreement_id = said.agreement_id or holder_of(work, said.counterparty, owner_id=caller.person.id).id
    known = agreement_by_id(work, agreement_id, caller.person)
    caller.require(Act.REGISTER, standing_of(caller.person, known))
    return known
