"""How a term ends, or the next one comes, because somebody said so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.closing import close_as_done
from engine.operations.begun import check_begun
from engine.operations.notice_effect import NoRightToLeave, effect_of
from engine.operations.outcomes import reopen_row
from engine.operations.registering import checked_terms
from lifecycle.agreements.agreement import ServedNotice, terms_of
from lifecycle.agreements.passage import status_by_facts
from lifecycle.agreements.status import Status, check, landed
from lifecycle.assets.protection import last_certain_day
from lifecycle.days.dates import Period, last_day
from lifecycle.errors import LifecycleError
from lifecycle.events import AgreementTerminated, NoticeGiven, NoticeRevoked, TermRenewed
from lifecycle.milestones.milestone import MilestoneKind, MilestoneState
from lifecycle.terms.provisions import Ended, EndedHow, Extension, Provisions, RenewalKind, Terms
from lifecycle.terms.renewals import count, last_certain, prospective, term_on
from lifecycle.words import spoken

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from engine.operations.notice_effect import NoticeFacts
    from lifecycle.agreements.agreement import Agreement

_BY_NOTICE = {MilestoneKind.NOTICE, MilestoneKind.LEAVING}
_BY_HAND = {MilestoneKind.OPTION, MilestoneKind.RENEWAL_AGREEMENT}


class NoNextTerm(LifecycleError):
    """The next term's length is not known."""

    code = "no-next-term"

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"{reference}: how long the next term lasts is not stated.",
            remedy="Say how long, or until when.",
            command="--for PERIOD",
        )


class EndsSooner(LifecycleError):
    """A termination for a day on which it is over already."""

    code = "ends-sooner"

    def __init__(self, reference: str, last_on: date) -> None:
        super().__init__(
            f"{reference} ends by itself on {spoken(last_on)}.", remedy="Give an earlier day, or renew it instead."
        )


def give_notice(work: Work, agreement: Agreement, facts: NoticeFacts) -> Agreement:
    """A side has said that it will not renew, or that it leaves; the last day follows from the terms.

    A notice that comes too late for one term ends the next. Raises IllegalTransition, NoRightToLeave,
    NoticeTooEarly for one that is void, NotYet for one that is still to be sent.
    """
    check(agreement.reference, agreement.status, "NoticeGiven")
    check_begun(work, facts.sent_on, "Sent")
    terms = terms_of(agreement)
    if terms is None:
        raise NoRightToLeave(agreement.reference, facts.by)
    effect = effect_of(work, agreement, terms, facts)
    counted_on, last_on = effect.counts_on, effect.last_on
    served = ServedNotice(
        sent_on=facts.sent_on,
        by=facts.by,
        method=facts.method,
        counts_on=counted_on,
        last_on=last_on,
        received_on=facts.received_on,
        proof=facts.proof,
        opens_on=effect.opens_on,
        closes_on=effect.closes_on,
    )
    ended = replace(agreement.provisions, ended=Ended(last_on, EndedHow.NOTICE_GIVEN))
    known = _changed(agreement, provisions=ended, notice=served, status=Status.UNDER_NOTICE)
    if facts.by == "us":
        evidence = facts.proof or f"notice sent on {spoken(facts.sent_on)} by {facts.method or 'us'}"
        close_as_done(work, agreement, _BY_NOTICE, on=facts.sent_on, evidence=evidence, cycle=effect.cycle)
    work.agreements.save(known)
    work.record(
        NoticeGiven(
            agreement_id=known.id,
            by=facts.by,
            sent_on=facts.sent_on,
            counts_on=counted_on,
            last_on=last_on,
            method=facts.method,
            proof=facts.proof,
        )
    )
    return known


def revoke_notice(work: Work, agreement: Agreement, *, because: str) -> Agreement:
    """The notice was taken back: it renews again, and its deadline is open again while it can be met."""
    check(agreement.reference, agreement.status, "NoticeRevoked")
    known = _changed(
        agreement, provisions=replace(agreement.provisions, ended=None), notice=None, status=Status.IN_FORCE
    )
    work.agreements.save(known)
    work.record(NoticeRevoked(agreement_id=known.id, because=because))
    today = work.today(agreement)
    for row in work.milestones.of(agreement.id):
        if row.key.kind in _BY_NOTICE and row.state is MilestoneState.DONE and row.safe_on >= today:
            reopen_row(work, known, row, because=because)
    return known


def renew(
    work: Work, agreement: Agreement, *, lasting: Period | None = None, until: date | None = None
) -> Agreement:  # fmt: skip
    """An option was exercised, or the next term was signed. Said again, the last word holds.

    Raises IllegalTransition, NoNextTerm, TermsError for a last day that cannot be.
    """
    check(agreement.reference, agreement.status, "TermRenewed")
    terms = terms_of(agreement)
    if terms is None:
        raise NoNextTerm(agreement.reference)
    number = _next_number(work, agreement, terms)
    provisions = _renewed(agreement, terms, number, lasting, until)
    known = _changed(agreement, provisions=provisions)
    begun = prospective(checked_terms(known) or terms, number)
    known = replace(known, term_number=number)
    evidence = f"renewed until {spoken(begun.last_on)}" if begun.last_on else "renewed"
    close_as_done(work, agreement, _BY_HAND, on=work.today(agreement), evidence=evidence, cycle=str(number - 1))
    work.agreements.save(known)
    work.record(TermRenewed(agreement_id=known.id, number=number, first_on=begun.first_on, last_on=begun.last_on))
    return known


def terminate(work: Work, agreement: Agreement, *, last_on: date, because: str) -> Agreement:
    """It ends with *last_on*, before its term is over.

    Raises IllegalTransition, EndsSooner, TermsError for a day before its first.
    """
    check(agreement.reference, agreement.status, "AgreementTerminated")
    terms = terms_of(agreement)
    agreed_on = last_certain_day(terms) if terms else None
    if agreed_on is not None and last_on > agreed_on:
        raise EndsSooner(agreement.reference, agreed_on)
    provisions = replace(agreement.provisions, ended=Ended(last_on, EndedHow.TERMINATED))
    known = _changed(agreement, provisions=provisions)
    checked_terms(known)
    status = status_by_facts(known, work.today(agreement))
    known = replace(known, status=landed(agreement.reference, agreement.status, "AgreementTerminated", status))
    work.agreements.save(known)
    work.record(AgreementTerminated(agreement_id=known.id, last_on=last_on, because=because))
    return known


def _changed(agreement: Agreement, **fields: Any) -> Agreement:  # noqa: ANN401 - fields of an agreement
    return replace(agreement, version=agreement.version + 1, **fields)


def _next_number(work: Work, agreement: Agreement, terms: Terms) -> int:
    """The term after the last one that is certain; of one that renews by itself, after the running one."""
    certain = last_certain(terms)
    if terms.renewal.kind is not RenewalKind.AUTOMATIC and certain is not None:
        return certain + 1
    running = term_on(terms, work.today(agreement))
    return (running.number if running else 0) + 1


def _renewed(agreement: Agreement, terms: Terms, number: int, lasting: Period | None, until: date | None) -> Provisions:
    provisions = agreement.provisions
    if lasting is None and until is None:
        if provisions.renewal.kind is RenewalKind.NEVER:
            raise NoNextTerm(agreement.reference)
        return replace(provisions, extensions=terms.extensions, renewed_to=number)
    first_on = next(term for term in count(terms, number - 1)).expires_on
    if until is None and lasting is not None and first_on is not None:
        until = last_day(first_on, lasting)
    if until is None:
        raise NoNextTerm(agreement.reference)
    others = tuple(one for one in terms.extensions if one.number != number)  # by the numbers that they have now
    extended = (*others, Extension(number, until, first_on=first_on))
    return replace(provisions, extensions=extended, renewed_to=number)
