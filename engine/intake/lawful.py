"""Governing law, calendar and rules: what a row says, and what follows from the law where it does not.

A calendar or a rule set that is stated wins. Else the law gives both; of an unknown law US contract rules and weekends
are taken, and both are marked as assumed.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.intake.complaints import Complaint, remark
from engine.intake.context import IntakeContext, Law
from engine.intake.findings import Fault
from engine.intake.texts import CLEARED
from lifecycle.agreements.agreement import Agreement
from lifecycle.errors import LifecycleError

LAW_FIELDS: Final = frozenset({"governing_law", "calendar", "rules"})
LAW_DEFAULTS: Final = {"calendar": "SAT_SUN", "rules": "us-contract"}


def lawful(
    said: Mapping[str, Any], base: Agreement, context: IntakeContext, changes: dict[str, Any]
) -> Iterator[Complaint]:
    """Put law, calendar and rules into *changes*, and which of them are assumed; yield what is not known."""
    text = said.get("governing_law", base.governing_law)
    text = "" if text is CLEARED else text
    if base.reference and text == base.governing_law and said.keys().isdisjoint(LAW_DEFAULTS):
        return  # what followed from it stays, also where the table of laws has changed since
    law = context.laws(text) if text else None
    if text and law is None and text != base.governing_law:
        message = "This law is not known: US contract rules and weekends are taken."
        yield remark("governing_law", "unknown_law", message, "Fill in calendar and rules.")
    changes["governing_law"] = text
    stated = {name: _stated(name, said, base, context) for name in LAW_DEFAULTS}
    if "calendar" in said and stated["calendar"]:
        yield from _known_calendar(stated["calendar"], context)
    assumed = set(base.assumed) - set(LAW_DEFAULTS)
    for name, default in LAW_DEFAULTS.items():
        changes[name] = stated[name] or (getattr(law, name) if law else default)
        if not stated[name] and law is None:
            assumed.add(name)
    changes["assumed"] = tuple(sorted(assumed))


def said_of_law(agreement: Agreement, law: Law | None) -> dict[str, str]:
    """What a row would say of law, calendar and rules; only what does not follow by itself."""
    said = {"governing_law": agreement.governing_law} if agreement.governing_law else {}
    for name in LAW_DEFAULTS:
        value = getattr(agreement, name)
        if name not in agreement.assumed and (law is None or getattr(law, name) != value):
            said[name] = value
    return said


def _stated(name: str, said: Mapping[str, Any], base: Agreement, context: IntakeContext) -> str:
    value = said.get(name)
    if value is not None:
        return "" if value is CLEARED else value
    if not base.governing_law:
        return "" if name in base.assumed else getattr(base, name)
    return said_of_law(base, context.laws(base.governing_law)).get(name, "")


def _known_calendar(code: str, context: IntakeContext) -> Iterator[Complaint]:
    try:
        context.calendars(code)
    except LifecycleError as error:
        yield Complaint("calendar", Fault(error.code, error.sentence, error.remedy))
