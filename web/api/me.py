"""``me``: who asks, how they are told and how their pages look (INTERFACE.md P22).

Absences, tokens and feeds have addresses of their own. A password is chosen by its person alone, on a page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Response
from pydantic import Field

from engine import operations as ops
from engine.documents.people import person_row
from web.agreements.said import FormRefused
from web.api.answers import changed, item
from web.api.bodies import Body, Said, Text
from web.api.caller import Acts, Caller, Reads
from web.api.people import Zone
from web.api.routing import get, post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work


class Amend(Body):
    """What is left out stays as it is; null for zone and hour is what the house has."""

    name: Annotated[Text, Field(max_length=200)] = ""
    time_zone: Zone | None = None
    send_at: time | None = None
    channels: Annotated[tuple[Said, ...], Field(max_length=10, description="In their order; none: the house's.")] = ()
    digests: bool = True
    invitations: bool = True
    theme: Literal["system", "light", "dark"] = "system"
    with_keys: bool = True


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/me", _one, "Me")
    post(made, "/me/amend", _amend, "MeChanged")


def _one(caller: Reads) -> Response:
    """Whoever asks, with what their token is for."""
    with caller.look() as work:
        return item(caller, "me", _document(work, caller))


def _amend(caller: Acts, said: Amend) -> Response:
    """Say how you are told, and how your pages look."""

    def change(work: Work) -> dict[str, Any]:
        told = said.model_dump(exclude_unset=True)
        looks = {name: told.pop(name) for name in ("theme", "with_keys") if name in told}
        ops.change_person(work, replace(work.people.get(caller.person.id), **_of_person(caller, told)))
        if looks:
            work.entering.prefer(caller.person.id, replace(work.entering.preferences(caller.person.id), **looks))
        return {**_document(work, caller), "result": "changed", "is_dry_run": caller.is_dry_run}

    return changed(caller, "me-changed", change)


def _of_person(caller: Caller, told: dict[str, Any]) -> dict[str, Any]:
    """Raises FormRefused for a channel that this house does not have."""
    there = caller.monitor.house.channels
    if unknown := [one for one in told.get("channels", ()) if one not in there]:
        raise FormRefused({"channels": f"There is no channel {unknown[0]!r} here: choose from {', '.join(there)}."})
    found = dict(told)
    if "channels" in told:
        found["channels"] = tuple(dict.fromkeys(told["channels"]))
    if "time_zone" in told:
        found["time_zone"] = told["time_zone"] or ""
    if told.get("send_at") is not None:
        found["send_at"] = told["send_at"].replace(tzinfo=None)
    return found


def _document(work: Work, caller: Caller) -> dict[str, Any]:
    person, looks = work.people.get(caller.person.id), work.entering.preferences(caller.person.id)
    return {
        **person_row(work, person),
        "channels": person.channels,
        "digests": person.digests,
        "invitations": person.invitations,
        "theme": looks.theme,
        "with_keys": looks.with_keys,
        "has_password": work.entering.password(person.id) is not None,
        "scopes": sorted(caller.scopes),
    }
