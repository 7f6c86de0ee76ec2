"""``log``: whether the permanent log is whole; its events are ``events``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Response

from lifecycle.rights import Act
from store.queries.log import ChainBroken
from web.api.answers import reckoned
from web.api.bodies import Nothing
from web.api.caller import Tries
from web.api.routing import post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work


def routes(made: APIRouter) -> None:
    """See the module."""
    post(made, "/log/verify", _verify, "LogVerified")


def _verify(caller: Tries, said: Nothing | None = None) -> Response:
    """Walk the whole chain: every event follows from the one before, or where it does not."""
    del said
    caller.require(Act.READ_LOG)
    return reckoned(caller, "log-verified", _walked)


def _walked(work: Work) -> dict[str, Any]:
    try:
        number = work.log.verify()
    except ChainBroken as error:
        told = {"events": None, "position": error.position, "head": None}
        return {"is_whole": False, **told, "said": f"{error.sentence} {error.remedy}"}
    position, head = work.log.head()
    said = f"The log is whole: {number} events, head {head[:16]}."
    return {"is_whole": True, "events": number, "position": position, "head": head, "said": said}
