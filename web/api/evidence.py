"""``evidence``: packs of what was known in a span of days; each is a file, and a line of the log with its seal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Response

from engine.documents.evidence_packs import made_document, pack_document
from engine.evidence_pack.asking import Asked
from lifecycle.events import EvidencePackMade
from lifecycle.rights import Act
from store.queries.evidence_log import packs_made
from web.agreements.missing import Missing
from web.api.answers import Pages, item, items, reckoned, some
from web.api.bodies import Body, Day, Text
from web.api.caller import Reads, Tries
from web.api.routing import get, taken
from web.govern import packs

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work
    from web.api.caller import Caller

_MOST = 1000  # the newest: older ones stand in the log


class Export(Body):
    """From the first day to the last, both inside; as they are known on *as_of_on*, or now."""

    from_on: Day
    until_on: Day
    as_of_on: Day | None = None
    search: Text = ""
    counterparty: Text = ""


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/evidence", _listed, "Pack", many=True)
    get(made, "/evidence/{position}", _one, "Pack")
    taken(made, "/evidence", _export, "application/zip", trial="PackMade")


def _listed(caller: Reads, asked: Pages) -> Response:
    """As they were made; what others searched for is told to those who see every agreement."""
    caller.require(Act.EXPORT_EVIDENCE)
    with caller.look() as work:
        page, following = some(_made(work, caller), lambda one: f"{one['position']:020}", asked)
    return items(caller, "packs", page, following)


def _one(caller: Reads, position: int) -> Response:
    """One of them, by its position in the log."""
    caller.require(Act.EXPORT_EVIDENCE)
    with caller.look() as work:
        for one in _made(work, caller):
            if one["position"] == position:
                return item(caller, "packs", one)
    raise Missing("such pack", "List them.")


def _export(caller: Tries, said: Export) -> Response:
    """The pack as a file, with its seal in ``Longstop-Seal``; ``Longstop-Log-Broken-At`` says where its log is broken.

    A dry run tells what would be in it.
    """
    caller.require(Act.EXPORT_EVIDENCE)
    asked = Asked(**said.model_dump())
    if caller.is_dry_run:
        pack = packs.tried(caller, asked)
        return reckoned(caller, "evidence-export", lambda _: pack_document(pack, file=None))
    return packs.sent(caller, asked, is_broken_taken=True)


def _made(work: Work, caller: Caller) -> list[dict[str, Any]]:
    found = packs_made(work, caller.person, limit=_MOST)
    return [made_document(one, one.event) for one in found if isinstance(one.event, EvidencePackMade)]
