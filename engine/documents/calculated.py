"""Counting days by a rule set, without a register: the same engine, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.documents.explained import calendar_document, step_document
from lifecycle.counting.derivation import ASSUMPTIONS, DISCLAIMER, Reading
from lifecycle.counting.rules import deadline_after, deadline_before, earliest_after
from lifecycle.days.dates import Counting, Period

if TYPE_CHECKING:
    from datetime import date

    from lifecycle.counting.rules import RuleSet
    from lifecycle.days.calendars import BusinessCalendar
    from lifecycle.days.dates import Roll, StatedPeriod


def counted_before(
    stated: StatedPeriod, on: date, *, rules: RuleSet, calendar: BusinessCalendar, roll: Roll | None
) -> Reading:  # fmt: skip
    """The day by which something must be done that is due so long before *on*."""
    return deadline_before(
        on,
        stated.period or Period(),
        rules=rules,
        calendar=calendar,
        counting=stated.counting,
        at_least=stated.at_least,
        roll=roll,
    )


def counted_after(
    stated: StatedPeriod, on: date, *, rules: RuleSet, calendar: BusinessCalendar, roll: Roll | None
) -> Reading:  # fmt: skip
    """The day by which something must be done that is due so long after *on*."""
    period = stated.period or Period()
    if stated.counting is Counting.CLEAR:  # "28 clear days after" says the earliest day
        first = earliest_after(on, period, rules=rules, calendar=calendar)
        return Reading(first, first, first, calendars=calendar.provenance)
    counting = stated.counting or Counting.PLAIN
    return deadline_after(on, period, rules=rules, calendar=calendar, counting=counting, roll=roll)


def calculation_document(question: str, rules: RuleSet, calendar: BusinessCalendar, found: Reading) -> dict[str, Any]:
    """All keys of ``calc``."""
    return {
        "question": question,
        "rules": rules.name,
        "calendar": calendar.code,
        "safe_on": found.safe_on,
        "nominal_on": found.nominal_on,
        "latest_on": found.latest_on,
        "steps": [step_document(number, step) for number, step in enumerate(found.steps, 1)],
        "assumptions": [{"code": code, "text": ASSUMPTIONS.get(code, code)} for code in found.assumptions],
        "calendars": [calendar_document(one) for one in found.calendars],
        "note": DISCLAIMER,
    }
