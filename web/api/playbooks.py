"""``playbooks``: the rules in force, and each version that there was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fastapi import Response

from engine.documents.playbooks import in_force, one_in_force
from web.agreements.missing import Missing
from web.api.answers import Pages, item, items, some
from web.api.caller import Reads
from web.api.routing import get

if TYPE_CHECKING:
    from fastapi import APIRouter


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/playbooks", _listed, "Playbook", many=True)
    get(made, "/playbooks/{name}", _one, "PlaybookShown")
    get(made, "/playbooks/{name}/versions/{number}", _version, "PlaybookVersion")


def _listed(caller: Reads, asked: Pages) -> Response:
    """By name, each with how many live deadlines follow it."""
    with caller.look() as work:
        page, following = some(in_force(work), lambda one: str(one["name"]), asked)
    return items(caller, "playbooks", page, following)


def _one(caller: Reads, name: str) -> Response:
    """One, as it is in force."""
    with caller.look() as work:
        return item(caller, "playbook-shown", one_in_force(work, name))


def _version(caller: Reads, name: str, number: int) -> Response:
    """A version, as it was applied."""
    with caller.look() as work:
        newest = {one.playbook: one.version for one in work.keeping.playbooks()}.get(name, 0)
        if not 1 <= number <= newest:
            raise Missing("such version", "Look which is in force.")
        known = work.keeping.playbook(name, number)
    document = {"name": name, "version": number, "sha256": known.sha256, "document": json.loads(known.doc)}
    return item(caller, "playbook-version", document)
