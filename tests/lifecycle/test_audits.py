"""Audit rights and findings as obligations, and what may be done with evidence in which state."""

from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from lifecycle.counting.rules import rule_set
from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.dates import Period
from lifecycle.obligations.audits import (
    AuditFinding,
    AuditRefused,
    AuditRight,
    Severity,
    failed,
    laid,
    must_be_possible,
    renewed,
)
from lifecycle.obligations.duties import Anchors, Obligation, ObligationKind, Once, obligation_occurrences
from lifecycle.obligations.evidence import (
    ALLOWED,
    EvidenceAct,
    EvidenceKind,
    EvidenceRefused,
    EvidenceRequest,
    EvidenceState,
    holds_until,
)
from lifecycle.obligations.evidence import must_be_possible as must_be_allowed

YEARLY = AuditRight(
    id="a1", every=Period(years=1), due_on=date(2026, 6, 30), notice=Period(days=30), scope="Security measures"
)
FINDING = AuditFinding(
    id="f1", text="Backups are never restored", severity=Severity.HIGH, found_on=date(2026, 3, 2),
    remedy_by_on=date(2026, 4, 30), retest_by_on=date(2026, 5, 29),
)  # fmt: skip
REPORT = EvidenceRequest(
    id="r1", agreement_id="x", kind=EvidenceKind.SOC2_TYPE_2, what="SOC 2", state=EvidenceState.RECEIVED,
    subject="audit-right.a1", cycle="0", due_on=date(2026, 6, 30), covers_from=date(2025, 4, 1),
    covers_until=date(2026, 3, 31),
)  # fmt: skip


def days(duty, number=2, from_on=date(2026, 1, 1)):
    found = obligation_occurrences(
        duty, anchors=Anchors(), from_on=from_on, rules=rule_set("us-contract"), calendar=SAT_SUN
    )
    return [one.reading.safe_on for one in islice(found, number)]


def test_a_right_is_an_audit_again_and_again_and_a_duty_to_announce_each_in_time():
    audit, announcement = laid((), [YEARLY], [])
    assert (audit.kind, days(audit)) == (ObligationKind.AUDIT, [date(2026, 6, 30), date(2027, 6, 30)])
    assert announcement.kind is ObligationKind.DUTY
    assert announcement.name == "Announce the audit: Security measures"
    assert days(announcement) == [date(2026, 5, 29), date(2027, 5, 31)]  # 31 May 2026 is a Sunday


def test_an_audit_ahead_that_is_announced_too_late_still_has_to_be_announced():
    audit, announcement = laid((), [YEARLY], [])
    too_late = date(2026, 6, 15)
    assert days(announcement, from_on=too_late) == [date(2026, 5, 29), date(2027, 5, 31)]
    assert days(announcement, from_on=date(2026, 7, 1)) == [date(2027, 5, 31), date(2028, 5, 31)]
    assert days(audit, from_on=date(2026, 7, 1))[0] == date(2027, 6, 30)


def test_the_day_of_an_announcement_tells_both_the_audit_and_the_notice():
    _, announcement = laid((), [YEARLY], [])
    found = obligation_occurrences(
        announcement, anchors=Anchors(), from_on=date(2026, 1, 1), rules=rule_set("us-contract"), calendar=SAT_SUN
    )
    rules = [step.rule for step in next(found).reading.steps]
    assert rules[0] == "recurs"
    assert "notice-before" in rules


def test_a_right_without_notice_has_nothing_to_announce_and_an_ended_one_is_over():
    (audit,) = laid((), [replace(YEARLY, notice=None, ended_on=date(2026, 12, 31))], [])
    assert days(audit) == [date(2026, 6, 30)]


def test_the_next_round_has_a_name_of_its_own_and_counts_from_its_own_day():
    again = renewed(YEARLY, date(2027, 9, 15))
    assert (YEARLY.subject, again.subject) == ("audit-right.a1", "audit-right.a1.2")
    assert days(laid((), [again], [])[0]) == [date(2027, 9, 15), date(2028, 9, 15)]


def test_a_finding_is_a_deadline_to_remedy_it_and_one_to_test_it_again():
    remedy, test = laid((), [], [FINDING])
    assert (remedy.kind, remedy.due) == (ObligationKind.FINDING, Once(date(2026, 4, 30)))
    assert remedy.name == "Backups are never restored (high)"
    assert (test.kind, test.due, test.needs) == (ObligationKind.AUDIT, Once(date(2026, 5, 29)), (remedy.id,))


def test_what_is_owed_otherwise_stays_and_what_was_laid_is_laid_once():
    other = Obligation(id="o1", kind=ObligationKind.FEE, name="Fee", due=Once(date(2026, 2, 2)))
    once = laid((other,), [YEARLY], [FINDING])
    assert laid(once, [YEARLY], [FINDING]) == once
    assert laid(once, [], []) == (other,)


def test_a_failed_test_begins_both_deadlines_anew():
    again = failed(FINDING, remedy_by_on=date(2026, 7, 31), retest_by_on=date(2026, 8, 31))
    assert [one.id for one in laid((), [], [again])] == ["audit-finding.f1.2", "audit-retest.f1.2"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": " "}, "what was found"),
        ({"remedy_by_on": date(2026, 3, 1)}, "before it was found"),
        ({"retest_by_on": date(2026, 4, 29)}, "before it is remedied"),
    ],
)
def test_a_finding_that_cannot_be_is_refused(wrong, said):
    with pytest.raises(AuditRefused, match=said):
        must_be_possible(replace(FINDING, **wrong))


@pytest.mark.parametrize("state", EvidenceState)
def test_only_what_the_table_allows_may_be_done(state):
    for act in EvidenceAct:
        request = replace(REPORT, state=state)
        if state in ALLOWED[act]:
            must_be_allowed(request, act)
        else:
            with pytest.raises(EvidenceRefused, match=f"it cannot {act.value}"):
                must_be_allowed(request, act)


def test_nothing_can_be_done_any_more_with_what_is_accepted_or_withdrawn():
    for state in (EvidenceState.ACCEPTED, EvidenceState.WITHDRAWN):
        assert [act for act, states in ALLOWED.items() if state in states] == []


@pytest.mark.parametrize(
    ("changed", "every", "until_on"),
    [
        ({}, None, date(2027, 3, 31)),  # a year from the end of what it covers
        ({}, Period(months=6), date(2026, 9, 30)),
        ({"covers_until": None}, None, date(2027, 5, 4)),
        ({"covers_until": date(2020, 1, 1)}, None, date(2026, 5, 4)),  # it was old already
        ({"kind": EvidenceKind.BRIDGE_LETTER, "covers_until": date(2026, 6, 30)}, None, date(2026, 6, 30)),
        ({"kind": EvidenceKind.OTHER}, None, None),
        ({"kind": EvidenceKind.OTHER}, Period(years=2), date(2028, 3, 31)),
    ],
)
def test_what_is_accepted_holds_until_the_next_is_due(changed, every, until_on):
    assert holds_until(replace(REPORT, **changed), date(2026, 5, 4), every) == until_on
