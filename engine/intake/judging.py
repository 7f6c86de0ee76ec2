"""The terms that came out of a row, judged: problems of the law said of the column that is to blame."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final, NamedTuple

from engine.counterparty_duties import holder_reference
from engine.intake.complaints import Complaint, remark
from engine.intake.context import IntakeContext
from engine.intake.ends import ASSUMED_END
from engine.intake.findings import Fault
from lifecycle.agreements.agreement import Accepted, Agreement, first_day, terms_of
from lifecycle.errors import LifecycleError
from lifecycle.terms.problem_texts import Problem, ProblemKind
from lifecycle.terms.problems import problems
from lifecycle.words import spoken

_COLUMNS: Final[Mapping[str, str]] = {
    "convention": "end_convention",
    "notices": "notice_period",
    "for_convenience": "notice_period",
    "survivals": "survival",
}
_REMEDIES: Final[Mapping[str, str]] = {
    "notice-without-renewal": "Write under renewal how it renews (automatic, by option or by agreement) and under "
    'renewal_term for how long, such as 12 months; or write "-" under notice_period where it ends by itself',
    "renewal-of-open-ended": "Give the last day or the term",
    "two-ends": "Correct the day or the term",
    "option-without-notice": "Give the notice period",
    "notice-longer-than-term": "Check the notice period and the term",
    "renewal-length-unknown": "Fill in renewal_term, such as 12 months",
    "zero-renewal": "Write how long the next term lasts, such as 12 months",
    "empty-term": "Write how long it lasts, such as 36 months",
    "ends-before-start": "Check the first and the last day",
    "window-inverted": "Check the earliest and the latest day of the notice",
}


#: What is refused unless somebody says why it is right (DATES.md E2).
CONTRADICTIONS: Final = frozenset(
    {
        "two-ends",
        "renewal-of-open-ended",
        "notice-without-renewal",
        "option-without-notice",
        "notice-longer-than-term",
    }
)
#: What the length of a renewal is to blame for, where it stands in a column of its own.
_OF_LENGTH: Final = frozenset({"zero-renewal", "convention-and-period", "uncountable-length"})


class Judged(NamedTuple):
    """What is accepted, with what was accepted before, and what is wrong."""

    accepted: tuple[Accepted, ...]
    complaints: tuple[Complaint, ...]


def judged(made: Agreement, said: AbstractSet[str], context: IntakeContext) -> Judged:
    """Judge *made*, of which a row *said* some fields; contradictions that are accepted are kept with the reason."""
    accepted = {each.code: each for each in made.accepted}
    complaints = list(_gaps(made, context.today))
    for problem in _problems(made):
        reason = context.accept.get(problem.code)
        if problem.kind is ProblemKind.CONTRADICTION and reason and problem.code not in accepted:
            accepted[problem.code] = Accepted(problem.code, reason, context.accepted_by)
        complaints.append(_complaint(problem, said, context, is_accepted=problem.code in accepted))
    return Judged(tuple(accepted.values()), tuple(complaints))


def _problems(made: Agreement) -> tuple[Problem, ...]:
    try:
        terms = terms_of(made)
        return tuple(problems(terms)) if terms else ()
    except LifecycleError as error:
        return (Problem(error.code, ProblemKind.IMPOSSIBLE, "end", error.sentence),)


def _complaint(problem: Problem, said: AbstractSet[str], context: IntakeContext, *, is_accepted: bool) -> Complaint:
    column, remedy = _column(problem, said), _REMEDIES.get(problem.code, "Correct it")
    match problem.kind:
        case ProblemKind.IMPOSSIBLE:
            return Complaint(column, Fault(problem.code, problem.text, f"{remedy}."))
        case ProblemKind.CONTRADICTION if is_accepted:
            return remark(column, problem.code, problem.text, "It is accepted.")
        case ProblemKind.CONTRADICTION:
            why = f"; or say in a map why it is right, accept: {{{problem.code}: REASON}}" if context.has_map else ""
            return Complaint(column, Fault(problem.code, problem.text, f"{remedy}{why}."))
        case ProblemKind.REMARK:
            return remark(column, problem.code, problem.text)


def _column(problem: Problem, said: AbstractSet[str]) -> str:
    name = problem.field.partition("[")[0].partition(".")[0]
    if name == "end":
        return "last_on" if "last_on" in said else "term"
    if name == "renewal" and "renewal_term" in said and ("renewal" not in said or problem.code in _OF_LENGTH):
        return "renewal_term"
    if name == "effective_on" and "effective_on" not in said:
        return "signed_on"
    return _COLUMNS.get(name, name)


def _gaps(made: Agreement, today: date | None) -> Iterator[Complaint]:
    if holder_reference(made.counterparty) == made.reference:
        return  # it is no agreement, and has no first day
    if first_day(made) is None:
        message = "No effective day and no day of signing: no days are derived."
        yield remark("effective_on", "no-first-day", message, "Fill in effective_on.")
    elif made.effective_on is None:
        message = "No effective day is known: the day of signing is taken."
        yield remark("effective_on", "effective-assumed", message, "Fill in effective_on.")
    if today is not None and made.signed_on is not None and made.signed_on > today:
        message = f"Signed on {spoken(made.signed_on)}: that day is still ahead, and it is taken as signed."
        yield remark("signed_on", "signed-ahead", message, "Check the year, or leave it empty until it is signed.")
    if ASSUMED_END in made.assumed:
        message = "Nobody says when it ends: kept without a last day."
        yield remark("last_on", "unknown-end", message, "Fill in last_on or term, or write perpetual.")
