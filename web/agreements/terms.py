"""The terms of an agreement as its page shows them: each fact with its place, what is remarked about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lifecycle.agreements.agreement import first_day, terms_of
from lifecycle.days.calendars import SAT_SUN
from lifecycle.errors import LifecycleError
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.terms.problem_texts import ProblemKind
from lifecycle.terms.problems import problems
from notifiers.wording import (
    clause_words,
    day,
    doubt_words,
    end_words,
    ended_words,
    late_option_words,
    leaving_words,
    notice_words,
    renewal_words,
    restriction_words,
    survival_words,
)
from web.agreements.laws import rule_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.counting.derivation import Clause
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.terms.provisions import End, Provisions

_K = MilestoneKind
#: fact of the terms -> the kinds of days that rest on it
RESTING: Final[Mapping[str, frozenset[MilestoneKind]]] = {
    "signed_on": frozenset({_K.SIGNATURE}),
    "effective_on": frozenset({_K.EFFECTIVE}),
    "end": frozenset({_K.TERM_END, _K.CONFIRM_END, _K.EXIT_START}),
    "renewal": frozenset({_K.RENEWAL, _K.RENEWAL_AGREEMENT}),
    "leaving": frozenset({_K.LEAVING}),
    "notices": frozenset({_K.NOTICE, _K.OPTION, _K.NOTICE_OPENS}),
    "survivals": frozenset({_K.SURVIVAL_END}),
    "restrictions": frozenset({_K.RESTRICTION_END}),
}
_WHOSE: Final[Mapping[str, str]] = {
    "us": "belong to us",
    "them": "belong to them",
    "third-party": "belong to a third party",
    "joint": "belong to both",
}
_ASSUMED: Final[Mapping[str, str]] = {
    "effective_on": "effective_on",
    "renewal": "renewal",
    "survivals": "survival_from",
    "calendar": "calendar",
    "rules": "rules",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact of the terms. *unverified* live days rest on it; *key* names it where it can be verified."""

    key: str
    name: str
    words: str
    place: str = ""
    quote: str = ""
    is_assumed: bool = False
    unverified: int = 0


def facts(agreement: Agreement, rows: Iterable[Milestone]) -> list[Fact]:
    """The terms, each fact with the place where it is written, and how many of its days nobody has compared."""
    waiting = [row.key.kind for row in rows if row.is_live and row.is_unverified]
    return [
        Fact(
            key=key if key in RESTING else "",
            name=name,
            words=words,
            place=clause_words(clause),
            quote=(clause.quote or "") if clause else "",
            is_assumed=_ASSUMED.get(key, key) in agreement.assumed,
            unverified=sum(1 for kind in waiting if kind in RESTING.get(key, ())),
        )
        for key, name, words, clause in _told(agreement)
    ]


def remarks(agreement: Agreement, rows: Iterable[Milestone]) -> list[tuple[str, str]]:
    """(sentence, what was said about it): remarks on the terms, and contradictions that were taken on purpose."""
    try:
        terms = terms_of(agreement)
    except LifecycleError as error:
        return [(error.sentence, "")]
    accepted = {one.code: one for one in agreement.accepted}
    found = [(late, "")] if (late := late_option_words(agreement, rows)) else []
    for problem in problems(terms) if terms else ():
        taken = accepted.get(problem.code)
        if taken is not None:
            found.append((problem.text, f"Accepted by {taken.by}: {taken.because}"))
        elif problem.kind is ProblemKind.REMARK:
            found.append((problem.text, ""))
    return found


def _told(agreement: Agreement) -> Iterator[tuple[str, str, str, Clause | None]]:
    """Key, name, words, place; the words are those of every surface, without the place."""
    clauses, kept = dict(agreement.clauses), agreement.provisions
    if agreement.signed_on:
        yield "signed_on", "Signed", day(agreement.signed_on), clauses.get("signed_on")
    first_on = first_day(agreement)
    words = day(first_on) if first_on else "not known"
    yield "effective_on", "Takes effect", words, clauses.get("effective_on")
    yield "end", "Term", _bare(end_words(kept.end, kept.convention), _clause(kept.end)), _clause(kept.end)
    renewal = kept.renewal
    yield "renewal", "Renewal", _bare(renewal_words(renewal), renewal.clause), renewal.clause
    yield from _several(kept)
    if agreement.template:
        yield "template", "Drawn up from", agreement.template, clauses.get("template")
    if agreement.project:
        yield "project", "Project", agreement.project, clauses.get("project")
    if agreement.work_results:
        yield "work_results", "Results of the work", _WHOSE[agreement.work_results], clauses.get("work_results")
    if kept.ended is not None:
        yield "ended", "Ended", ended_words(kept.ended), None
    if agreement.notice is not None:
        notice = agreement.notice
        via = f" by {notice.method}" if notice.method else ""
        who_gave = {"us": "us", "them": "them"}[notice.by]
        proof = f"; proof: {notice.proof}" if notice.proof else ""
        doubt = f". {doubt}" if (doubt := doubt_words(notice)) else ""
        yield "notice", "Notice given", f"by {who_gave}{via} on {day(notice.sent_on)}{proof}{doubt}", None
    yield "law", "Governing law", agreement.governing_law or "not stated", clauses.get("governing_law")
    yield "calendar", "Business days", _calendar_words(agreement.calendar), clauses.get("calendar")
    yield "rules", "Rules of counting", rule_words(agreement.rules), clauses.get("rules")
    yield "time_zone", "Time zone", agreement.time_zone, None
    if agreement.exit_plan is not None:
        yield "exit_plan", "Exit takes", str(agreement.exit_plan), None


def _several(kept: Provisions) -> Iterator[tuple[str, str, str, Clause | None]]:
    for notice in kept.notices:
        yield "notices", "Notice", _bare(notice_words(notice), notice.clause), notice.clause
    for leave in kept.for_convenience:
        yield "leaving", "Leaving", _bare(leaving_words(leave), leave.clause), leave.clause
    for survival in kept.survivals:
        yield "survivals", "Survival", _bare(survival_words(survival), survival.clause), survival.clause
    for one in kept.restrictions:
        yield "restrictions", "Restriction", _bare(restriction_words(one), one.clause), one.clause


def _calendar_words(code: str) -> str:
    return "Monday to Friday, no holidays" if code == SAT_SUN.code else code


def _clause(end: End) -> Clause | None:
    return getattr(end, "clause", None)


def _bare(words: str, clause: Clause | None) -> str:
    """*words* without the place, which has a column of its own."""
    place = clause_words(clause)
    return words.replace(f" ({place})", "", 1) if place else words
