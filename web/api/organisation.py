"""``organisation``: whose house this is, its zone, calendar and hour; what is chosen here holds from the next start."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Response
from pydantic import Field

from engine.access import setup
from lifecycle.rights import Act
from web.agreements.said import FormRefused
from web.api.answers import changed, item
from web.api.bodies import Body, Text
from web.api.caller import Administers, Caller, Reads
from web.api.routing import get, post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work


class Amend(Body):
    """What is left out stays as it is; nothing is what the house has without a choice."""

    organisation: Annotated[Text, Field(max_length=200)] | None = None
    time_zone: Text | None = None
    calendar: Text | None = None
    send_at: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/organisation", _one, "Organisation")
    post(made, "/organisation/amend", _amend, "OrganisationChanged")


def _one(caller: Reads) -> Response:
    """What holds, what was chosen, and what the settings say, which cannot be chosen."""
    caller.require(Act.ADMINISTER)
    with caller.look() as work:
        return item(caller, "organisation", _document(work, caller))


def _amend(caller: Administers, said: Amend) -> Response:
    """Choose; it holds from the next start."""
    told = said.model_dump(exclude_none=True)

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        if fixed := sorted(caller.site.fixed & told.keys()):
            raise FormRefused(dict.fromkeys(fixed, "The settings say it: only they change it."))
        setup.choose(work, replace(setup.choices_of(work), **told))
        return {**_document(work, caller), "is_dry_run": caller.is_dry_run}

    return changed(caller, "organisation-changed", change)


def _document(work: Work, caller: Caller) -> dict[str, Any]:
    house, chosen = caller.monitor.house, asdict(setup.choices_of(work))
    return {
        "organisation": house.organisation,
        "time_zone": house.time_zone,
        "calendar": house.calendar,
        "send_at": f"{house.send_at:%H:%M}",
        "chosen": {name: value or None for name, value in chosen.items()},
        "fixed": sorted(caller.site.fixed & chosen.keys()),
    }
