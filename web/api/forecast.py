"""``forecast``: every message that will be sent about what whoever asks may see, to whom, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import Query, Response

from engine.forecasting.forecast import forecast, reach
from engine.forecasting.items import document
from lifecycle.errors import LifecycleError
from lifecycle.words import spoken
from web.api.answers import Paged, items, some
from web.api.bodies import Day, Text
from web.api.caller import Reads
from web.api.routing import get

if TYPE_CHECKING:
    from datetime import date

    from fastapi import APIRouter

_USUAL: Final = timedelta(days=90)
_LONGEST: Final = timedelta(days=731)


class TooFar(LifecycleError):
    """A forecast of more than two years, or of days that are over."""

    code = "too-far"

    def __init__(self, until_on: date, today: date) -> None:
        why = "is over" if until_on < today else "is too far ahead"
        remedy = f"Ask for a day from today on, {_LONGEST.days} days ahead at most."
        super().__init__(f"{spoken(until_on)} {why}.", remedy=remedy)


class Listing(Paged):
    """How far, of what, and what people answer until then."""

    until_on: Day | None = None
    reference: Text = ""
    recipient: Text = ""
    assume: Literal["silence", "acknowledged"] = "silence"


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/forecast", _listed, "Forecast", many=True)


def _listed(caller: Reads, asked: Annotated[Listing, Query()]) -> Response:
    """In the order in which they leave; totals and what reaches nobody are of the whole.

    Of a register in which much is planned it ends before the day that was asked for: `until_on` says when. Of one
    agreement it goes as far as asked.
    """
    until_on = asked.until_on or caller.today + _USUAL
    if not caller.today <= until_on <= caller.today + _LONGEST:
        raise TooFar(until_on, caller.today)
    with caller.look() as work:
        seen = caller.queries(work)
        known = seen.agreement(asked.reference).reference if asked.reference else None
        until_on = until_on if known else reach(work, until_on)
        found = forecast(work, until_on, reference=known, recipient=asked.recipient or None, assume=asked.assume)
        found = found.among(seen.ids_of(found.references).keys())
    told: list[dict[str, Any]] = [document(one) for one in found.items]
    page, following = some(told, lambda one: f"{one['send_at']} {one['dedupe_key']}", asked)
    beside = {
        "until_on": until_on, "assume": asked.assume, "totals": found.totals, "unresolved": found.unresolved,
    }  # fmt: skip
    return items(caller, "forecast", page, following, **beside)
