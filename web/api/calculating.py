"""``calc`` and ``what-if``: days counted, and what would move if something were otherwise. Nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import Response
from pydantic import Field

from engine.documents.calculated import calculation_document, counted_after, counted_before
from engine.forecasting.items import document as message_document
from lifecycle.counting.rules import rule_set
from lifecycle.days.dates import Roll
from lifecycle.days.period_text import parse_period
from store.queries.agreement_lists import agreement_by_id
from web.agreements.said import FormRefused
from web.agreements.supposed import NAMES, Asked, supposed
from web.api.answers import reckoned
from web.api.bodies import Body, Day, Said, Text
from web.api.caller import Tries
from web.api.routing import post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.forecasting.supposing import DayChange, MessageChange
    from engine.monitor import Work

_NAMES: Final = frozenset(NAMES)


class Calculate(Body):
    """``90 days`` before or after a day, by a rule set and a calendar."""

    period: Said
    direction: Literal["before", "after"]
    day: Day
    rule: Text = "us-contract"
    calendar: Text = "SAT_SUN"
    roll: Text = ""


class Suppose(Body):
    """What would be otherwise: columns of the terms; ``sent_on``, ``by``, ``method`` of a notice; a ``playbook``."""

    agreement_id: Said
    fields: Annotated[dict[Said, Said], Field(min_length=1, max_length=50)]


def routes(made: APIRouter) -> None:
    """See the module."""
    post(made, "/calc", _calc, "Calculation")
    post(made, "/what-if", _what_if, "Supposed")


def _calc(caller: Tries, said: Calculate) -> Response:
    """The last safe day, the nominal one, the latest arguable one."""

    def reckon(work: Work) -> dict[str, Any]:
        stated = parse_period(said.period)
        if stated.period is None:
            raise FormRefused({"period": 'It has no length. Write "90 days".'})
        rules, calendar = rule_set(said.rule), work.calendar(said.calendar)
        count = counted_before if said.direction == "before" else counted_after
        roll = Roll.named(said.roll) if said.roll else None
        found = count(stated, said.day, rules=rules, calendar=calendar, roll=roll)
        return calculation_document(f"{said.period} {said.direction} {said.day}", rules, calendar, found)

    return reckoned(caller, "calc", reckon)


def _what_if(caller: Tries, said: Suppose) -> Response:
    """Days and messages of a year, before and after."""

    def look(work: Work) -> dict[str, Any]:
        if unknown := sorted(said.fields.keys() - _NAMES):
            raise FormRefused({f"fields/{unknown[0]}": f"Nothing is called so. Use {', '.join(sorted(_NAMES))}."})
        known = agreement_by_id(work, said.agreement_id, caller.person)
        found = supposed(work, known, Asked.of(said.fields), caller.today)
        if found.errors or found.difference is None:
            raise FormRefused({f"fields/{name}": text for name, text in found.errors.items()})
        return {
            "agreement_id": known.id,
            "reference": known.reference,
            "days": [_day(one) for one in found.difference.days],
            "messages": [_message(one) for one in found.difference.messages],
        }

    return reckoned(caller, "what-if", look)


def _day(one: DayChange) -> dict[str, Any]:
    return {
        "what": one.what,
        "kind": one.row.key.kind,
        "cycle": one.row.key.cycle,
        "before_on": one.before.safe_on if one.before else None,
        "after_on": one.after.safe_on if one.after else None,
        "because": one.because or None,
    }


def _message(one: MessageChange) -> dict[str, Any]:
    return {
        "what": one.what,
        "before": message_document(one.before) if one.before else None,
        "after": message_document(one.after) if one.after else None,
    }
