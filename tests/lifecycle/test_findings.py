"""Findings: what agreements mean for one another."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lifecycle.counting.derivation import Pin, Reading
from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.dates import Period
from lifecycle.exits.start_by import exit_start
from lifecycle.findings.finding import Finding, FindingSubject, PinnedReading, findings
from lifecycle.terms.terms import (
    EndConvention,
    Ended,
    EndedHow,
    Lasting,
    LaterOf,
    Notice,
    OpenEnded,
    Renewal,
    RenewalKind,
    Side,
    Terms,
    Until,
    Upon,
)

TODAY = date(2026, 6, 1)
YEARLY = Renewal(RenewalKind.AUTOMATIC, Period(years=1))
SIXTY = Notice(Period(days=60), Side.OURS)
NEVER = Renewal(RenewalKind.NEVER)


def reading(day):
    return Reading(day, day, day)


def until(day, renewal=NEVER, **more):
    notices = (SIXTY,) if renewal.kind is RenewalKind.AUTOMATIC else ()
    return Terms(effective_on=date(2024, 1, 1), end=Until(day), renewal=renewal, notices=notices, **more)


def agreement(reference, kind, day, **more):
    terms = more.pop("terms", None) or until(day, **more.pop("of_terms", {}))
    return FindingSubject(reference=reference, kind=kind, counterparty="acme", terms=terms, **more)


def told(*agreements):
    return [(finding.code, finding.about, finding.on) for finding in findings(agreements, TODAY)]


END_2026, END_2027 = date(2026, 12, 31), date(2027, 12, 31)
MSA = agreement("M-1", "MSA", END_2027)
NDA = agreement("N-1", "NDA", END_2026)


@pytest.mark.parametrize(("kind", "code"), [("NDA", "nda-ends-first"), ("DPA", "dpa-ends-first")])
def test_a_cover_that_ends_before_what_it_covers_is_found(kind, code):
    assert findings([agreement("N-1", kind, END_2026), MSA], TODAY) == (
        Finding(code, ("N-1", "M-1"), END_2026, f"{kind} N-1 ends on 31 Dec 2026, but M-1 runs until 31 Dec 2027."),
    )


def test_a_cover_that_lasts_as_long_is_enough():
    assert told(replace(NDA, terms=until(END_2027)), MSA) == []


def test_the_longest_of_several_covers_counts():
    assert told(NDA, replace(NDA, reference="N-2", terms=until(END_2027)), MSA) == []


def test_an_nda_with_somebody_else_covers_nothing_here():
    assert told(replace(NDA, counterparty="other"), MSA) == []


def test_an_nda_of_one_agreement_is_for_its_family_alone():
    other = replace(MSA, reference="M-2")
    assert told(replace(NDA, parent="M-1"), MSA, other) == [("nda-ends-first", ("N-1", "M-1"), END_2026)]


def test_a_cover_that_renews_by_itself_is_relied_on():
    renewing = replace(NDA, terms=until(END_2026, YEARLY))
    assert told(renewing, MSA) == [("renewal-relied-on", ("N-1", "M-1"), END_2026)]


def test_a_renewal_under_notice_is_not_relied_on():
    stopped = until(END_2026, YEARLY, ended=Ended(END_2026, EndedHow.NOTICE_GIVEN))
    assert told(replace(NDA, terms=stopped), MSA) == [("nda-ends-first", ("N-1", "M-1"), END_2026)]


def test_an_endless_agreement_outlives_a_cover_with_a_last_day():
    endless = replace(MSA, terms=replace(MSA.terms, end=OpenEnded()))
    (finding,) = findings([NDA, endless], TODAY)
    assert finding.text == "NDA N-1 ends on 31 Dec 2026, but M-1 goes on."


def test_a_statement_of_work_must_not_outlive_its_master():
    sow = agreement("S-1", "SOW", END_2027, parent="M-2")
    assert told(agreement("M-2", "MSA", END_2026), sow) == [("sow-outlives-msa", ("S-1", "M-2"), END_2026)]


def test_a_subcontract_must_last_as_long_as_what_it_serves():
    subcontract = agreement("C-1", "subcontract", END_2026, parent="M-1")
    assert told(MSA, subcontract) == [("subcontract-ends-first", ("C-1", "M-1"), END_2026)]


def test_what_is_over_is_found_no_more():
    assert told(replace(NDA, terms=until(date(2026, 5, 31))), MSA) == []


def test_an_audit_after_the_notice_comes_too_late():
    late, early = reading(date(2026, 12, 15)), reading(date(2026, 10, 1))
    next_term = reading(date(2027, 3, 1))
    audited = replace(
        MSA,
        terms=until(END_2026, YEARLY),
        notice=reading(date(2026, 11, 1)),
        audits=(("SOC 2", late), ("ISO", early), ("SOC 2", next_term)),
    )
    assert told(audited) == [("audit-after-notice", ("M-1",), date(2026, 12, 15))]


def test_an_exit_that_needs_longer_than_the_notice_is_found():
    start = exit_start(END_2027, Period(months=6), notice=reading(date(2027, 11, 1)), calendar=SAT_SUN)
    (finding,) = findings([replace(MSA, exit=start)], TODAY)
    assert (finding.code, finding.on) == ("exit-longer-than-notice", date(2027, 6, 30))
    assert finding.text.startswith("The exit from M-1 must start by 30 Jun 2027, 124 days before")


def test_terms_speak_for_themselves():
    silent = replace(until(END_2027, YEARLY), notices=())
    long = Terms(
        effective_on=date(2026, 1, 1),
        end=Lasting(Period(months=12)),
        convention=EndConvention.DAY_BEFORE,
        renewal=YEARLY,
        notices=(Notice(Period(months=24), Side.OURS),),
    )
    assert told(replace(MSA, terms=silent)) == [("renews-without-notice", ("M-1",), END_2027)]
    assert told(replace(MSA, terms=long)) == [("notice-longer-than-term", ("M-1",), END_2026)]


def test_an_end_that_is_awaited_is_found():
    awaited = replace(MSA.terms, end=LaterOf((Until(END_2026), Upon("completion"))))
    assert told(replace(MSA, terms=awaited)) == [("unknown-end", ("M-1",), END_2026)]


def test_a_pin_is_found_only_when_the_computed_day_has_moved():
    pin = Pin(date(2026, 10, 1), "agreed by mail", "olga", datetime(2026, 5, 1, tzinfo=UTC))
    then, now = date(2026, 11, 2), date(2026, 10, 30)
    kept = PinnedReading("n1", pin, then, reading(then))
    moved = PinnedReading("n1", pin, then, reading(now))
    assert told(replace(MSA, pins=(kept,))) == []
    assert told(replace(MSA, pins=(moved,))) == [("pin-differs", ("M-1",), date(2026, 10, 1))]


def test_a_pin_that_no_reading_holds_any_more_is_found_to_be_too_late():
    pin = Pin(date(2026, 11, 20), "agreed by mail", "olga", datetime(2026, 5, 1, tzinfo=UTC))
    moved = PinnedReading("notice", pin, date(2026, 12, 1), reading(date(2026, 10, 30)))
    (finding,) = findings([replace(MSA, pins=(moved,))], TODAY)
    assert finding.text.endswith("The pinned day is after the latest arguable one, 30 Oct 2026.")


def test_findings_come_in_the_order_of_the_register():
    other = replace(MSA, reference="A-9", notice=reading(date(2026, 11, 1)), audits=(("SOC 2", reading(END_2026)),))
    assert [finding.about[0] for finding in findings([other, NDA, MSA], TODAY)] == ["A-9", "N-1", "N-1"]
