"""Audits: what we may look into at the other side, what was found there, and what both oblige to.

A right is kept with its agreement. It becomes a recurring obligation of the kind ``audit`` and, where notice has to be
given, another one: to announce it in time. Once a result is accepted the next cycle is counted anew, under a name of
its own, so that what was done stays done. A finding becomes an obligation of the kind ``finding``, and an ``audit``
where it is tested again; a test that fails begins both anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from lifecycle.counting.derivation import Clause
from lifecycle.days.periods import Period
from lifecycle.errors import LifecycleError
from lifecycle.obligations.duties import Obligation, ObligationKind, Once, Recurrence

_RIGHT: Final = "audit-right."
_NOTICE: Final = "audit-notice."
_FINDING: Final = "audit-finding."
_RETEST: Final = "audit-retest."
_OURS: Final = (_RIGHT, _NOTICE, _FINDING, _RETEST)
ANNOUNCE: Final = "Announce the audit"  # how the names of these obligations begin
RETEST: Final = "Re-test"
_ACCEPTED_UNTIL: Final = "until then the last result was accepted"
_NAME_MOST: Final = 120  # characters of a finding that name its deadline


class AuditRefused(LifecycleError):
    """An audit right, or a finding, that cannot be as it is told."""

    code = "refused"


class Severity(StrEnum):
    """How much a finding weighs."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRight:
    """What we may look into, how often, and how long before we have to say so. *due_on* is the first of its round."""

    id: str  # a1, a2 ...
    every: Period
    due_on: date
    notice: Period | None = None
    scope: str = ""
    clause: Clause | None = None
    owner_id: str | None = None  # None: the agreement's owner
    round: int = 1  # an accepted result begins the next
    ended_on: date | None = None  # nothing is due after it

    @property
    def subject(self) -> str:
        """The id of the obligation that it is in its present round."""
        return _numbered(f"{_RIGHT}{self.id}", self.round)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """What an audit or a report has shown. *retest_by_on* None: it is over when it is remedied."""

    id: str  # f1, f2 ...
    text: str
    severity: Severity
    found_on: date
    remedy_by_on: date
    retest_by_on: date | None = None
    owner_id: str | None = None  # None: the agreement's owner
    request_id: str | None = None  # the report in which it was found
    round: int = 1  # a re-test that fails begins the next
    retested_on: date | None = None
    is_passed: bool | None = None
    result: str = ""  # what the last re-test has shown

    @property
    def subject(self) -> str:
        """The id of the obligation to remedy it."""
        return _numbered(f"{_FINDING}{self.id}", self.round)

    @property
    def retest_subject(self) -> str:
        """The id of the obligation to test it again."""
        return _numbered(f"{_RETEST}{self.id}", self.round)


def renewed(right: AuditRight, due_on: date) -> AuditRight:
    """The right in its next round, first due on *due_on*."""
    return replace(right, round=right.round + 1, due_on=due_on)


def failed(finding: AuditFinding, *, remedy_by_on: date, retest_by_on: date) -> AuditFinding:
    """The finding once more: what was done has not remedied it. Raises AuditRefused as ``must_be_possible``."""
    again = replace(finding, round=finding.round + 1, remedy_by_on=remedy_by_on, retest_by_on=retest_by_on)
    must_be_possible(again)
    return again


def must_be_possible(finding: AuditFinding) -> None:
    """Raises AuditRefused for a finding without words, or with days in the wrong order."""
    if not finding.text.strip():
        raise AuditRefused("It is not said what was found.", remedy="Say it in a sentence.")
    if finding.remedy_by_on < finding.found_on:
        raise AuditRefused("It would have to be remedied before it was found.", remedy="Give a later day.")
    if finding.retest_by_on is not None and finding.retest_by_on < finding.remedy_by_on:
        raise AuditRefused("It would be tested again before it is remedied.", remedy="Give a later day for the test.")


def is_of_audit(obligation: Obligation) -> bool:
    """Whether an obligation follows from an audit right or a finding."""
    return obligation.id.startswith(_OURS)


def announces_audit(subject: str) -> bool:
    """Whether the obligation with this id is to announce an audit."""
    return subject.startswith(_NOTICE)


def is_found(subject: str) -> bool:
    """Whether the obligation with this id is to remedy a finding, or to test it again."""
    return subject.startswith((_FINDING, _RETEST))


def tests_again(subject: str) -> bool:
    """Whether the obligation with this id is to test a finding again."""
    return subject.startswith(_RETEST)


def laid(
    obligations: Sequence[Obligation], rights: Sequence[AuditRight], findings: Sequence[AuditFinding]
) -> tuple[Obligation, ...]:
    """All obligations of an agreement with those that its rights and findings make now."""
    others = (one for one in obligations if not is_of_audit(one))
    ours = [duty for right in rights for duty in _of_right(right)]
    return (*others, *ours, *(duty for finding in findings for duty in _of_finding(finding)))


def _of_right(right: AuditRight) -> Iterator[Obligation]:
    due = Recurrence(right.every, right.due_on, first=0, announce=right.notice)
    counted = _ACCEPTED_UNTIL if right.round > 1 else ""
    yield Obligation(
        id=right.subject,
        kind=ObligationKind.AUDIT,
        name=right.scope,
        due=due,
        owner_id=right.owner_id,
        clause=right.clause,
        ended_on=right.ended_on,
        counted=counted,
        evidence="Report of the audit",
    )
    if right.notice is not None:
        yield Obligation(
            id=_numbered(f"{_NOTICE}{right.id}", right.round),
            kind=ObligationKind.DUTY,
            name=f"{ANNOUNCE}: {right.scope}" if right.scope else ANNOUNCE,
            due=due,
            owner_id=right.owner_id,
            clause=right.clause,
            ended_on=right.ended_on,
            counted=counted,
            evidence="The announcement as it was sent",
            announces=True,
        )


def _of_finding(finding: AuditFinding) -> Iterator[Obligation]:
    name = f"{finding.text[: _NAME_MOST - 1]}…" if len(finding.text) > _NAME_MOST else finding.text
    yield Obligation(
        id=finding.subject,
        kind=ObligationKind.FINDING,
        name=f"{name} ({finding.severity.value})",
        due=Once(finding.remedy_by_on),
        owner_id=finding.owner_id,
        evidence="Proof that it is remedied",
    )
    if finding.retest_by_on is not None:
        yield Obligation(
            id=finding.retest_subject,
            kind=ObligationKind.AUDIT,
            name=f"{RETEST}: {name}",
            due=Once(finding.retest_by_on),
            owner_id=finding.owner_id,
            evidence="Result of the re-test",
            needs=(finding.subject,),
        )


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}.{number}"
