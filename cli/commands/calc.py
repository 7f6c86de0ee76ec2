"""``calc``: the same engine as for agreements, without a register."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.asking import reckoning
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run
    from lifecycle.counting.derivation import Reading
    from lifecycle.counting.rules import RuleSet
    from lifecycle.days.calendars import BusinessCalendar
    from lifecycle.days.dates import Roll, StatedPeriod

app = typer.Typer(rich_markup_mode=None, add_completion=False)
_QUESTION: Final = re.compile(r"\s*(.+?)\s+(before|after|from)\s+(\S+)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Question:
    stated: StatedPeriod
    is_before: bool
    on: date


@app.command(
    cls=Command,
    epilog='longstop calc "90 days before 2027-12-31" --rule us-contract\n'
    'longstop calc "10 business days after today" --rule bgb --calendar DE-BE',
)
@reckoning
def calc(
    run: Run,
    question: Annotated[str, typer.Argument(metavar='"PERIOD before|after DAY"', help="What to count.")],
    rule: Annotated[str, typer.Option(metavar="SET", help="us-contract, bgb, england-contract ...")] = "us-contract",
    calendar: Annotated[str, typer.Option(metavar="CODE", help="Holidays: DE-BE ...; else weekends.")] = "SAT_SUN",
    roll: Annotated[str, typer.Option(metavar="ROLL", help="Beats the rule set's own.", show_default=False)] = "",
) -> None:
    """Count days by a rule set: the last safe day, the nominal one, the latest arguable one."""
    from config.holiday_calendars import business_calendar
    from lifecycle.counting.rules import rule_set
    from lifecycle.days.dates import Roll

    asked = _understood(run, question)
    rules, days = _usage(rule_set, rule), _usage(business_calendar, calendar)
    found = _counted(asked, rules, days, _usage(Roll.named, roll) if roll else None)
    if run.as_json:
        from engine.documents.calculated import calculation_document

        run.answer("calc", item=calculation_document(question, rules, days, found))
    else:
        _tell(run, found)


def _usage(make: Any, text: str) -> Any:  # noqa: ANN401 - a rule set, a calendar or a roll
    """A name that is in no table is wrong usage."""
    from cli.errors import UsageRefused
    from lifecycle.errors import LifecycleError

    try:
        return make(text)
    except LifecycleError as error:
        raise UsageRefused(error.sentence, remedy=error.remedy) from None


def _understood(run: Run, question: str) -> _Question:
    from cli.days import parse_day
    from cli.errors import UsageRefused
    from lifecycle.days.period_text import parse_period
    from lifecycle.errors import PeriodError

    found = _QUESTION.fullmatch(question)
    if found is None:
        raise UsageRefused(f"{question!r} is not understood.", remedy='Write "90 days before 2027-12-31".')
    today = run.clock.now().date()
    today = parse_day(run.asked.today, today, "--today") if run.asked.today else today
    try:
        stated = parse_period(found[1])
    except PeriodError as error:
        raise UsageRefused(error.sentence, remedy=error.remedy) from None
    if stated.period is None:
        raise UsageRefused(f"{found[1]!r} has no length.", remedy='Write "90 days before 2027-12-31".')
    return _Question(stated, found[2].lower() == "before", parse_day(found[3], today, "the day"))


def _counted(asked: _Question, rules: RuleSet, calendar: BusinessCalendar, roll: Roll | None) -> Reading:
    from engine.documents.calculated import counted_after, counted_before

    count = counted_before if asked.is_before else counted_after
    return count(asked.stated, asked.on, rules=rules, calendar=calendar, roll=roll)


def _tell(run: Run, found: Reading) -> None:
    from lifecycle.counting.derivation import ASSUMPTIONS, DISCLAIMER
    from lifecycle.words import spoken
    from notifiers.wording import day

    run.terminal.facts(
        [("safe", day(found.safe_on)), ("nominal", day(found.nominal_on)), ("latest", day(found.latest_on))]
    )
    for number, step in enumerate(found.steps, 1):
        run.terminal.line(f"{number:>2}  {spoken(step.on):>11}  {step.text}")
    for code in found.assumptions:
        run.terminal.line(ASSUMPTIONS.get(code, code))
    run.terminal.line(DISCLAIMER)
