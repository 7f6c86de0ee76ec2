"""What an audit or a test has shown: what did not hold is a finding, with somebody who answers for it and a day.

A test that is closed without saying what it has shown would look like one that passed, so its result is asked for. An
audit may be closed as any deadline is; where it is said to have shown gaps, they are owed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.operations import outcomes
from engine.operations.answering import Answered, AnswerRefused, Verdict, asked, judged
from engine.operations.auditing import Found, Retested, record_finding, retest
from engine.operations.begun import check_begun
from engine.operations.exiting import Held, record_test
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.obligations.audits import Severity, tests_again

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone

#: Of these a result can be said.
WITH_RESULT: Final = frozenset({MilestoneKind.AUDIT, MilestoneKind.EXIT_TEST})
_OWED: Final = "Done. What it has shown is a finding: to remedy it is a deadline now."


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Whether it held; where it did not, by when that is remedied, and tested again."""

    is_passed: bool
    remedy_by_on: date | None = None
    retest_by_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Shown:
    """A deadline that is closed with what it has shown."""

    row: Milestone
    agreement: Agreement
    evidence: str
    on: date
    result: Result

    @property
    def days(self) -> dict[str, date | None]:
        """By when it is remedied, and tested again."""
        return {"remedy_by_on": self.result.remedy_by_on, "retest_by_on": self.result.retest_by_on}


def done(  # noqa: PLR0913 - an answer, and what it has shown
    work: Work,
    milestone_id: str,
    *,
    evidence: str,
    on: date | None = None,
    revision: int | None = None,
    result: Result | None = None,
) -> Answered:
    """The act was done; of an audit or a test *result* says what it has shown.

    Raises AnswerRefused without evidence, for a test without a result and for a result of anything else, NotYet for a
    day to come, AuditRefused and ExitRefused for gaps without a day.
    """
    row, agreement = asked(work, milestone_id)
    if (early := judged(row, revision)) is not None:
        return early
    if result is None and not must_have_result(row):
        return _with_report(work, outcomes.done(work, milestone_id, evidence=evidence, on=on))
    _must_be_sayable(row, evidence, result)
    assert result is not None  # noqa: S101 - it was refused above
    shown = _Shown(row, agreement, evidence, on or work.today(agreement), result)
    check_begun(work, shown.on, "Done")
    return _closed(work, shown)


def must_have_result(row: Milestone) -> bool:
    """Whether it is a test, which is done only with what it has shown."""
    return row.key.kind is MilestoneKind.EXIT_TEST or tests_again(row.key.subject)


def _with_report(work: Work, answered: Answered) -> Answered:
    """What was asked for stays asked for: only who accepts it begins the next cycle, and that is said."""
    row = answered.milestone
    if row.key.kind not in {MilestoneKind.AUDIT, MilestoneKind.EVIDENCE} or answered.result is not Verdict.APPLIED:
        return answered
    for one in work.evidence.of(row.key.holder):
        if one.is_open and (one.subject, one.cycle) == (row.key.subject, row.key.cycle):
            more = f"{one.what} is not accepted by that: accept it, or withdraw the request, under its audits."
            return replace(answered, said=f"{answered.said} {more}")
    return answered


def _closed(work: Work, shown: _Shown) -> Answered:
    if shown.row.key.kind is MilestoneKind.EXIT_TEST:
        _of_exit(work, shown)
    elif tests_again(shown.row.key.subject):
        _of_finding(work, shown)
    else:
        _of_audit(work, shown)
    said = "Done. Nothing more is sent about it." if shown.result.is_passed else _OWED
    return Answered(Verdict.APPLIED, work.milestones.get(shown.row.id), said)


def _of_exit(work: Work, shown: _Shown) -> None:
    held = Held(
        on=shown.on, is_passed=shown.result.is_passed, result=shown.evidence, owner_id=shown.row.owner_id, **shown.days
    )
    record_test(work, shown.agreement, held, subject=shown.row.key.subject)


def _of_finding(work: Work, shown: _Shown) -> None:
    (finding,) = (one for one in shown.agreement.audit_findings if one.retest_subject == shown.row.key.subject)
    told = Retested(on=shown.on, is_passed=shown.result.is_passed, result=shown.evidence, **shown.days)
    retest(work, shown.agreement, finding.id, told)


def _of_audit(work: Work, shown: _Shown) -> None:
    outcomes.done(work, shown.row.id, evidence=shown.evidence, on=shown.on)
    if shown.result.remedy_by_on is not None:
        gaps = Found(
            text=shown.evidence,
            severity=Severity.MEDIUM,
            remedy_by_on=shown.result.remedy_by_on,
            retest_by_on=shown.result.retest_by_on,
            owner_id=shown.row.owner_id,
        )
        record_finding(work, shown.agreement, gaps)


def _must_be_sayable(row: Milestone, evidence: str, result: Result | None) -> None:
    if result is None:
        raise AnswerRefused(
            "A test is done when it is said what it has shown.",
            remedy="Open its page and say whether it held.",
            command="longstop done ... --result passed|failed",
        )
    if row.key.kind not in WITH_RESULT:
        raise AnswerRefused("Only an audit or a test has a result.", remedy="Leave the result out.")
    if not evidence.strip():
        raise AnswerRefused(
            "Done needs evidence.", remedy="Name a file, a link or a sentence.", command="--evidence ..."
        )
    if result.is_passed and (result.remedy_by_on or result.retest_by_on):
        raise AnswerRefused("It held, so there is nothing to remedy.", remedy="Leave the days out, or say it failed.")
    if not result.is_passed and result.remedy_by_on is None:
        raise AnswerRefused(
            "It did not hold, and nobody knows by when that is remedied.",
            remedy="Say by when.",
            command="--remedy-by DATE",
        )
