"""``incidents``: what went wrong and people must know of; an admin closes what is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Response

from engine.incidents import close_incident
from lifecycle.rights import Act
from store.queries import visible
from web.agreements.missing import Missing
from web.api.answers import Pages, changed, item, items, some
from web.api.bodies import Because
from web.api.caller import Administers, Caller, Reads
from web.api.routing import get, post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/incidents", _listed, "Incident", many=True)
    get(made, "/incidents/{incident_id}", _one, "Incident")
    post(made, "/incidents/{incident_id}/close", _close, "Incident")


def _listed(caller: Reads, asked: Pages) -> Response:
    """What is open, oldest first; of agreements only what may be seen."""
    caller.require(Act.ADMINISTER)
    with caller.look() as work:
        found = _seen(work, caller)
    page, following = some(found, lambda one: f"{one['opened_at'].isoformat()} {one['id']}", asked)
    return items(caller, "incidents", page, following)


def _one(caller: Reads, incident_id: str) -> Response:
    """One that is open."""
    caller.require(Act.ADMINISTER)
    with caller.look() as work:
        return item(caller, "incidents", _known(work, caller, incident_id))


def _close(caller: Administers, incident_id: str, said: Because) -> Response:
    """It is over; what is still wrong is found again by whoever found it first."""

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        known = _known(work, caller, incident_id)
        close_incident(work, kind=known["kind"], subject=known["subject"], because=said.because)
        return {**known, "closed_at": work.now}

    return changed(caller, "incidents", change)


def _known(work: Work, caller: Caller, incident_id: str) -> dict[str, Any]:
    for one in _seen(work, caller):
        if one["id"] == incident_id:
            return one
    raise Missing("such incident", "List those that are open.")


def _seen(work: Work, caller: Caller) -> list[dict[str, Any]]:
    rows = work.keeping.incidents()
    about = work.agreements.many({one.agreement_id for one in rows if one.agreement_id})
    may_see = visible(caller.person)
    seen = {one.id: one.reference for one in about.values() if may_see(one)}
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "subject": one.subject,
            "text": one.text,
            "agreement_id": one.agreement_id,
            "reference": seen.get(one.agreement_id),
            "opened_at": one.opened_at,
            "closed_at": one.closed_at,
        }
        for one in rows
        if one.agreement_id is None or one.agreement_id in seen
    ]
