"""The forms of an agreement's audits page, each as the operation that it asks for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from engine import operations
from engine.operations import Came, Given, Sent, Wanted
from engine.operations.evidence import evidence_of
from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import parse_day
from lifecycle.days.period_text import parse_period
from lifecycle.errors import PeriodError
from lifecycle.obligations.audits import AuditRefused, AuditRight, Severity
from lifecycle.obligations.evidence import EvidenceKind
from notifiers.wording import day, later_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.monitor import Work
    from engine.operations.evidence import Asked
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.days.periods import Period
    from web.frame.forms import Form


class Told(NamedTuple):
    """What was done, in a sentence; *url* is a link that is shown once."""

    said: str
    url: str = ""


def acted(work: Work, agreement: Agreement, act: str, form: Form) -> Told:
    """Do what a form asks for. Raises LifecycleError."""
    doing = ACTS.get(act)
    if doing is None:
        raise AuditRefused("There is no such act.", remedy="Use the forms of the page.")
    return doing(work, agreement, form)


def length(text: str) -> Period | None:
    """A period, such as ``1 year``; None of nothing. Raises AuditRefused."""
    said = text.strip()
    if not said:
        return None
    try:
        period = parse_period(said).period
    except PeriodError as error:
        raise AuditRefused(error.sentence, remedy=error.remedy) from None
    if period is None:
        raise AuditRefused(f"{said} has no length.", remedy="Write a number and a unit, such as 1 year.")
    return period


def _right(work: Work, agreement: Agreement, form: Form) -> Told:
    every, due_on = length(form.get("every")), _day(form, "due_on")
    if every is None or due_on is None:
        raise AuditRefused("It is not said how often, or by when the first.", remedy="Fill in both.")
    clause = form.get("clause").strip()
    right = AuditRight(
        id="",
        every=every,
        due_on=due_on,
        notice=length(form.get("notice")),
        scope=form.get("scope").strip(),
        clause=Clause(clause) if clause else None,
    )
    operations.add_audit_right(work, agreement, right)
    return Told("The audit right is kept: its audits are deadlines now.")


def _end_right(work: Work, agreement: Agreement, form: Form) -> Told:
    today = work.today(agreement)
    because = form.get("because").strip() or "said on the page"
    operations.end_audit_right(work, agreement, form.get("right"), on=today, because=because)
    return Told("No audit under that right is due any more.")


def _request(work: Work, agreement: Agreement, form: Form) -> Told:
    wanted = Wanted(
        kind=_kind(form),
        contact=operations.contact_named(work, agreement, form.get("email"), form.get("name")),
        what=form.get("what"),
        due_on=_day(form, "due_on"),
        milestone_id=form.get("answers") or None,
        covers_from=_day(form, "covers_from"),
        covers_until=_day(form, "covers_until"),
        note=form.get("note"),
    )
    return _asked(work, operations.request_evidence(work, agreement, wanted))


def _again(work: Work, agreement: Agreement, form: Form) -> Told:
    return _asked(work, operations.ask_again(work, evidence_of(work, agreement, form.get("request")).id))


def _receive(work: Work, agreement: Agreement, form: Form) -> Told:
    file, link, request_id = form.file("file"), form.get("link").strip(), form.get("request")
    if file is None and not link:
        raise AuditRefused("There is no file and no link.", remedy="Choose the file, or say where it lies.")
    given = Given(name=file.name, content=file.content) if file else Given(name="", link=link)
    sent = Sent(given=given, covers_from=_day(form, "covers_from"), covers_until=_day(form, "covers_until"))
    kind = None if request_id else _kind(form)
    taken = operations.receive_evidence(work, agreement, sent, kind=kind, request_id=request_id or None)
    words = {
        Came.FIRST: "The report is here.",
        Came.VERSION: f"Version {taken.number} is here; what came before stays.",
        Came.ALREADY: "This file is here already, byte for byte.",
        Came.SPAN: "This file is here already; the days that it covers are noted.",
    }
    return Told(words[taken.came])


def _review(work: Work, agreement: Agreement, form: Form) -> Told:
    operations.review_evidence(work, evidence_of(work, agreement, form.get("request")).id)
    return Told("It is under review.")


def _accept(work: Work, agreement: Agreement, form: Form) -> Told:
    accepted = operations.accept_evidence(
        work,
        evidence_of(work, agreement, form.get("request")).id,
        until_on=_day(form, "until_on"),
        covers_from=_day(form, "covers_from"),
        covers_until=_day(form, "covers_until"),
    )
    until = accepted.accepted_until
    return Told(f"Accepted until {day(until)}; the next one is due then." if until else "Accepted.")


def _withdraw(work: Work, agreement: Agreement, form: Form) -> Told:
    found = evidence_of(work, agreement, form.get("request"))
    operations.withdraw_request(work, found.id, because=form.get("because"))
    return Told("The request is withdrawn; its link is dead.")


def _finding(work: Work, agreement: Agreement, form: Form) -> Told:
    remedy_by_on = _day(form, "remedy_by_on")
    if remedy_by_on is None:
        raise AuditRefused("It is not said by when it is remedied.", remedy="Give a day.")
    told = operations.Found(
        text=form.get("text"),
        severity=_severity(form),
        remedy_by_on=remedy_by_on,
        retest_by_on=_day(form, "retest_by_on"),
        request_id=form.get("request") or None,
    )
    operations.record_finding(work, agreement, told)
    return Told("The finding is recorded: to remedy it is a deadline now.")


def _retest(work: Work, agreement: Agreement, form: Form) -> Told:
    is_passed = form.get("verdict") == "passed"
    told = operations.Retested(
        on=_day(form, "on") or work.today(agreement),
        is_passed=is_passed,
        result=form.get("result"),
        remedy_by_on=_day(form, "remedy_by_on"),
        retest_by_on=_day(form, "retest_by_on"),
    )
    operations.retest(work, agreement, form.get("finding"), told)
    return Told("The finding is over." if is_passed else "It is owed anew, and will be tested again.")


ACTS: Final[Mapping[str, Callable[[Work, Agreement, Form], Told]]] = {
    "right": _right,
    "end-right": _end_right,
    "request": _request,
    "again": _again,
    "receive": _receive,
    "review": _review,
    "accept": _accept,
    "withdraw": _withdraw,
    "finding": _finding,
    "retest": _retest,
}


def _asked(work: Work, asked: Asked) -> Told:
    contact, leaves_at = asked.request.contact, asked.request.mailed_at
    whom = contact.label if contact else ""
    if leaves_at is not None:
        home = work.agreements.get(asked.request.agreement_id).time_zone
        return Told(f"A mail with the upload link goes to {whom}{later_words(leaves_at, work.now, home)}.", asked.url)
    if "email" in work.monitor.notifiers:
        return Told(f"The owner gets a mail with the upload link, to pass on to {whom}.", asked.url)
    return Told(f"There is no mail here: pass the upload link on to {whom} yourself.", asked.url)


def _kind(form: Form) -> EvidenceKind:
    try:
        return EvidenceKind(form.get("kind"))
    except ValueError:
        raise AuditRefused("It is not said what sort of report it is.", remedy="Choose one of the list.") from None


def _severity(form: Form) -> Severity:
    try:
        return Severity(form.get("severity"))
    except ValueError:
        raise AuditRefused("It is not said how much it weighs.", remedy="Choose one of the list.") from None


def _day(form: Form, name: str) -> date | None:
    said = form.get(name).strip()
    try:
        return parse_day(said) if said else None
    except ValueError:
        raise AuditRefused(f"{said} is no day.", remedy="Write it like 2027-01-31.") from None
