"""The programming interface, ``/api/v1``: what people can do here, programs can do too, by the same rights.

One module per resource; each puts its routes on one router (``routes(made)``) and has its line in ``RESOURCES``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter

from web.api import (
    agreements,
    assets,
    audits,
    backups,
    calculating,
    channels,
    checklists,
    counterparties,
    deadlines,
    deadlines_together,
    disclosures,
    documentation,
    documents,
    events,
    evidence,
    exit_plans,
    feeds,
    findings,
    forecast,
    imports,
    incidents,
    incoming,
    log,
    me,
    messages,
    obligations,
    organisation,
    people,
    playbooks,
    previews,
    silences,
    tokens,
    views,
    webhooks,
)
from web.api.missing import no_such_place

if TYPE_CHECKING:
    from web.frame.site import Site

RESOURCES: Final = (
    deadlines,
    deadlines_together,
    previews,
    agreements,
    obligations,
    assets,
    disclosures,
    documents,
    audits,
    findings,
    people,
    me,
    counterparties,
    playbooks,
    checklists,
    exit_plans,
    imports,
    calculating,
    feeds,
    tokens,
    webhooks,
    incoming,
    incidents,
    forecast,
    events,
    log,
    evidence,
    messages,
    silences,
    views,
    backups,
    channels,
    organisation,
)


def routers(site: Site) -> tuple[APIRouter, ...]:
    """The resources, what documents them, and an answer for addresses that lead nowhere."""
    made = _resources()
    documented = documentation.router(site, tuple(made.routes))
    return (made, documented, no_such_place())


@cache
def _resources() -> APIRouter:
    """The same for every house in this process: to make them takes longer than all else of an application."""
    made = APIRouter(prefix="/api/v1")
    for one in RESOURCES:
        one.routes(made)
    return made
