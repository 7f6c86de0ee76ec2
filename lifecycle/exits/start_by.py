"""When leaving must begin, so that it is finished on the last day.

An exit plan is a length. It is counted back from the last day and begins on a business day; where that is before the
last safe day of the notice, the notice leaves less time than the exit takes, and the decision is due with the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lifecycle.counting.derivation import DerivationStep, Reading, Source
from lifecycle.counting.steps import roll_step
from lifecycle.counting.told import Told
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Period, Roll, before
from lifecycle.terms.term_steps import worded
from lifecycle.words import spoken


@dataclass(frozen=True, slots=True)
class ExitStart:
    """The day by which to begin; *alarm*: it comes *shortfall_days* before the notice has to be decided."""

    start_by_on: date
    shortfall_days: int
    alarm: bool
    reading: Reading


def exit_start(last_on: date, plan: Period, *, notice: Reading | None, calendar: BusinessCalendar) -> ExitStart:
    """By when to begin an exit of length *plan* that ends on *last_on*.

    Months count back by subtraction, which is the earlier of the two ways. Raises DayOutOfRange.
    """
    on = before(last_on, plan, calendar=calendar)
    start_by_on = calendar.previous(on)
    used = calendar.provenance if plan.business_days else ()

    def told() -> tuple[DerivationStep, DerivationStep]:
        code, words = worded(plan)
        text = f"{words} before {spoken(last_on)}"
        inputs = (("period", code),)
        counted = DerivationStep("exit-plan", last_on, on, inputs, text, Source.PLAYBOOK, calendar=used)
        return counted, roll_step(on, start_by_on, Roll.PRECEDING, calendar)

    doubts = calendar.doubts(start_by_on, last_on if plan.business_days else on)
    reading = Reading(start_by_on, on, on, Told(told), doubts, calendar.provenance)
    shortfall = (notice.safe_on - start_by_on).days if notice else 0
    return ExitStart(start_by_on, max(shortfall, 0), shortfall > 0, reading)
